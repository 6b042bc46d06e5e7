"""Declares the REST API, the hooks for networks, and every Lambda function. There is no logic here.

A function imports the module that does its work by itself, so that no other process pays for it; which module declares
which operation of the API is in chalicelib/api/operations.py.
"""

import gc

gc.disable()  # collecting garbage while modules load takes a tenth of a cold start and frees nothing

# First, and not from deep inside other imports: Python 3.11 compiles its patterns 10 to 16 ms slower there.
import urllib3
from chalice.app import AuthRequest, AuthResponse, CloudWatchEvent, Rate, SQSEvent

from chalicelib import background, settings
from chalicelib.access import tokens
from chalicelib.api import http
from chalicelib.api.requests import App
from chalicelib.batch import Failures, Record
from chalicelib.consents import pages as consent_pages
from chalicelib.reference import pages

app = App("palabre")


@app.authorizer()
def authorizer(request: AuthRequest) -> AuthResponse:
    """Finds the caller of a bearer token; what they may do is decided later, in each request."""
    caller = tokens.caller(request.token)
    if caller is None:
        return AuthResponse(routes=[], principal_id="nobody", context={"sub": ""})
    context = {"sub": caller.subject, "since": str(caller.since), "until": str(caller.until), "session": caller.session}
    context |= {"app": caller.app, "scopes": " ".join(sorted(caller.scopes))}
    return AuthResponse(routes=["*"], principal_id=caller.subject, context=context)


http.mount(app, authorizer)
pages.mount(app)
consent_pages.mount(app)


@app.lambda_function()
def on_hook(event: Record, context: object) -> Record:
    """Takes what networks post. Its concurrency is its own, so that other requests never keep the networks waiting."""
    from chalicelib.transport import hooks

    return hooks.handle(event)


@app.lambda_function()
def on_stripe(event: Record, context: object) -> Record:
    """Takes what Stripe posts, where billing is on."""
    from chalicelib.billing import hooks as billing_hooks

    return billing_hooks.handle(event)


@app.lambda_function()
def on_socket(event: Record, context: object) -> Record:
    """Opens sockets, handles what pages send on them, and removes closed ones."""
    from chalicelib.background import socket

    return socket.handle(event)


@app.on_sqs_message(queue="inbound", batch_size=10)
def on_inbound(event: SQSEvent) -> Failures:
    """Reads, routes and applies the bodies that networks posted."""
    from chalicelib.background import inbound

    return inbound.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="outbox", batch_size=3)  # each message may take 8 s, and the function has 28 s
def on_outbox(event: SQSEvent) -> Failures:
    """Sends queued messages to their networks, in order within each channel."""
    from chalicelib.background import outbox

    return outbox.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="followup", batch_size=5)  # each may ask a network three times, 8 s each, and has 120 s
def on_followup(event: SQSEvent) -> Failures:
    """Does the work that a message or a change leaves: looks people up, acknowledges, checks deadlines."""
    from chalicelib.background import followup

    return followup.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="moderation", batch_size=5)  # a network may take 8 s to hide something
def on_moderation(event: SQSEvent) -> Failures:
    """Judges messages that rules may match, and carries out what the rules say."""
    from chalicelib.background import moderation

    return moderation.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="upkeep", batch_size=3)  # each takes up to five calls, 8 s each, and there are 120 s
def on_upkeep(event: SQSEvent) -> Failures:
    """Keeps channels connected: asks networks for news, and renews tokens."""
    from chalicelib.upkeep import tasks

    return tasks.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="files", batch_size=1)  # a file may take 10 s, and the function has 28 s
def on_files(event: SQSEvent) -> Failures:
    """Copies a file that somebody sent, before its address expires."""
    from chalicelib.background import files

    return files.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="push", batch_size=10)
def on_push(event: SQSEvent) -> Failures:
    """Tells the sockets of a room what happened."""
    from chalicelib.background import push

    return push.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="audit", batch_size=10)
def on_audit(event: SQSEvent) -> Failures:
    """Seals the entries of the audit."""
    from chalicelib.background import audit

    return audit.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="events", batch_size=10)
def on_event(event: SQSEvent) -> Failures:
    """Appends what happened to the log of its agency."""
    from chalicelib.background import event as background_event

    return background_event.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="deliveries", batch_size=1)  # a turn takes 10 s and a last call 15 s; there are 28 s
def on_delivery(event: SQSEvent) -> Failures:
    """Delivers events to the endpoints of agencies."""
    from chalicelib.background import delivery

    return delivery.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="texts", batch_size=10)
def on_text(event: SQSEvent) -> Failures:
    """Puts messages and contacts into the search index."""
    from chalicelib.background import text

    return text.handle(event.to_dict()["Records"])


@app.on_sqs_message(queue="billing", batch_size=10)
def on_billing(event: SQSEvent) -> Failures:
    """Looks at subscriptions again, and sends letters about them."""
    from chalicelib.background import billing

    return billing.handle(event.to_dict()["Records"])


@app.schedule(Rate(1, unit=Rate.MINUTES))
def tick(event: CloudWatchEvent) -> None:
    """Queues what is due: scheduled replies, expired approvals, snoozed conversations, deadlines."""
    from chalicelib.background import tick as clock_tick

    clock_tick.handle()


@app.lambda_function()
def on_change(event: Record, context: object) -> Failures:
    """Queues the work that a change of the table leaves."""
    from chalicelib.background import change

    return change.handle(event["Records"])


@app.lambda_function()
def on_call(event: Record, context: object) -> None:
    """Lists the calls that are in the log of the API."""
    from chalicelib.background import call

    call.handle(event)


@app.lambda_function()
def on_count(event: Record, context: object) -> Failures:
    """Stores facts about changes of the table, for figures."""
    from chalicelib.background import count

    return count.handle(event["Records"])


background.load(settings.function())
gc.freeze()  # loaded modules stay, so the collector need not look through them
gc.enable()

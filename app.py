"""Palabre's table of contents: the REST API, the networks' hooks, and every Lambda. No logic lives here."""

import gc

gc.disable()  # collecting while modules load costs a cold start a tenth of its time and frees nothing

from chalice.app import AuthRequest, AuthResponse, Chalice, CloudWatchEvent, Rate, SQSEvent

import chalicelib.delivery.routes
import chalicelib.inbox.canned_routes
import chalicelib.inbox.reply_routes
import chalicelib.inbox.routes
import chalicelib.inbox.view_routes
import chalicelib.inbox.work_routes
import chalicelib.insight.routes
import chalicelib.networks.routes
import chalicelib.tenancy.people_routes
import chalicelib.tenancy.routes
from chalicelib import work
from chalicelib.api import auth, http
from chalicelib.networks import hooks

app = Chalice(app_name="palabre", configure_logs=False)


@app.authorizer()
def authorizer(request: AuthRequest) -> AuthResponse:
    """Who a bearer token belongs to; what they may do is decided with each request."""
    subject = auth.subject(request.token)
    return AuthResponse(
        routes=["*"] if subject else [], principal_id=subject or "nobody", context={"sub": subject or ""}
    )


http.mount(app, authorizer)
hooks.mount(app)


@app.on_sqs_message(queue="inbound", batch_size=10)
def on_inbound(event: SQSEvent) -> work.Failures:
    """Bodies the networks posted: read, routed, applied."""
    return work.inbound(event.to_dict()["Records"])


@app.on_sqs_message(queue="outbox", batch_size=3)  # each may take 8 s, and the function has 28
def on_outbox(event: SQSEvent) -> work.Failures:
    """Messages to send, in order within each channel."""
    return work.outbox(event.to_dict()["Records"])


@app.on_sqs_message(queue="followup", batch_size=5)
def on_followup(event: SQSEvent) -> work.Failures:
    """What is left to do about new messages: files to copy, names to ask for."""
    return work.followup(event.to_dict()["Records"])


@app.schedule(Rate(1, unit=Rate.MINUTES))
def tick(event: CloudWatchEvent) -> None:
    """What is due: scheduled replies, replies nobody approved, snoozed conversations."""
    work.tick()


@app.lambda_function()
def on_change(event: work.Event, context: object) -> work.Failures:
    """Changes of the table: what they leave to be done is queued."""
    return work.changes(event["Records"])


gc.freeze()  # what is loaded stays; to look through it for garbage would cost more than it frees
gc.enable()

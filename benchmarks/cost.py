"""What our code costs above the bare calls to AWS it ends in: CPU of one process, side by side on the same servers."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks import figure, stand
from benchmarks.figure import Figure
from benchmarks.hook import Hook, Queue
from benchmarks.inbox import Inbox
from benchmarks.measure import WARM_UP, side_by_side

ROUNDS = 300
TURNS = ROUNDS + WARM_UP
PAGE = 25
SHORT = "Hello! Is the blue one in stock in size M, and could you send it to Lyon before the weekend? Thank you."
LONG = SHORT * 15
OTHER = "z" * 20


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """A webhook, a message, a delivery and a page, each in a process of its own."""
    figures = []
    for measured in (_webhook, _message, _delivery, _stranger, _page_figures):
        with stand.apart() as apart:
            figures += apart(measured, stack)
    return figures


def _bare(name: str) -> Any:
    import botocore.session

    return botocore.session.get_session().create_client(name)


def _webhook(stack: Mapping[str, Any]) -> list[Figure]:
    import app

    hook, queue, sqs = Hook(stack), Queue(), _bare("sqs")
    raw = hook.body(text=LONG)
    events = iter([hook.event(raw) for _ in range(TURNS + 1)])
    signature = hook.event(raw)["headers"]["x-hub-signature-256"]
    hook.post(app.on_hook, next(events))
    [record] = queue.take()

    def floor() -> None:
        computed = "sha256=" + hmac.new(hook.secret.encode(), raw, hashlib.sha256).hexdigest()
        if hmac.compare_digest(computed, signature):
            sqs.send_message(QueueUrl=queue.address, MessageBody=record["body"])

    name = "CPU per accepted webhook (2 KB, signed; on_hook called) / HMAC + bare SendMessage"
    ratio = figure.ratio(name, *side_by_side(lambda: hook.post(app.on_hook, next(events)), floor, ROUNDS), 1.5)
    while records := queue.take():
        queue.drop(records)
    return [ratio]


def _message(stack: Mapping[str, Any]) -> list[Figure]:
    inbox, bare = Inbox(stack, "16505550001"), _bare("dynamodb")
    same = _same(inbox, bare)
    messages, said = iter([inbox.next_message(SHORT) for _ in range(TURNS)]), inbox.next_message(SHORT)

    def floor() -> None:
        inbox.look(said)
        bare.transact_write_items(TransactItems=next(same))

    name = "CPU per inbound message stored (known conversation) / look, bare TransactWriteItems, same items"
    return [figure.ratio(name, *side_by_side(lambda: inbox.apply(next(messages)), floor, ROUNDS), 1.12)]


def _delivery(stack: Mapping[str, Any]) -> list[Figure]:
    import app

    inbox, bare = Inbox(stack, "16505550002"), _bare("dynamodb")
    same = _same(inbox, bare)
    deliveries = iter([[inbox.delivery(SHORT)] for _ in range(TURNS)])
    said = inbox.next_message(SHORT)
    entry, route = json.dumps([said.raw]), inbox.route()

    def floor() -> None:
        inbox.look(said)
        bare.get_item(TableName=inbox.table, Key=route, ConsistentRead=True)
        items = next(same)
        bare.transact_write_items(TransactItems=items)
        kept = {"pk": {"S": "bench"}, "sk": items[0]["Put"]["Item"]["id"], "items": {"S": entry}}
        bare.put_item(TableName=inbox.table, Item=kept)

    name = "CPU per delivery of one message (all of on_inbound) / look, bare GetItem, TransactWriteItems, PutItem"
    taken = side_by_side(lambda: app.on_inbound({"Records": next(deliveries)}, None), floor, ROUNDS)
    return [figure.ratio(name, *taken, 1.12)]


def _stranger(stack: Mapping[str, Any]) -> list[Figure]:
    """A message of a known person, and one of somebody new each time, both as the queue hands them over."""
    import app

    inbox = Inbox(stack, "16505550010")
    inbox.hear(SHORT)
    known = iter([[inbox.delivery(SHORT)] for _ in range(TURNS)])
    new = iter([[inbox.delivery(SHORT, person=f"1650558{number:04d}")] for number in range(TURNS + 1)])

    def meet() -> None:
        app.on_inbound({"Records": next(new)}, None)

    calls = len(inbox.watched("before-parameter-build", meet))
    taken, _ = side_by_side(meet, lambda: app.on_inbound({"Records": next(known)}, None), ROUNDS)
    return [
        figure.limit("CPU per delivery of a message of a new person (all of on_inbound)", taken, 12, "ms"),
        figure.limit("Calls for a message of a new person (all of on_inbound; all to the table)", calls, 5, "calls"),
    ]


def _same(inbox: Inbox, bare: Any) -> Iterator[Any]:
    """The very writes that messages into this conversation cause, made for another conversation just like it."""
    inbox.hear(SHORT)
    before = bare.get_item(TableName=inbox.table, Key=inbox.key())["Item"]
    sent = [inbox.watched("before-parameter-build", lambda: inbox.hear(SHORT))[0] for _ in range(TURNS)]

    def elsewhere(items: Any) -> Any:
        return json.loads(json.dumps(items).replace(inbox.conversation.removeprefix("cnv_"), OTHER))

    bare.put_item(TableName=inbox.table, Item=elsewhere(before))
    return iter([elsewhere(call["TransactItems"]) for _, call in sent])


def _page_figures(stack: Mapping[str, Any]) -> list[Figure]:
    from chalicelib import clock
    from chalicelib.access import permissions
    from chalicelib.access.actors import Actor, Grant
    from chalicelib.screens.includes import Screen
    from chalicelib.search import results, searches
    from chalicelib.store import fence, keys

    inbox, bare = Inbox(stack, "16505550003"), _bare("dynamodb")
    for number in range(2 * PAGE):
        inbox.hear(SHORT, person=f"1650556{number:04d}")
    owner = inbox.owner
    actor = Actor(owner.agency, "mbr_bench", "Bench", grants=(Grant("owner", permissions.TEMPLATES["owner"]),))
    query = {
        "TableName": inbox.table, "IndexName": "inbox", "Limit": PAGE, "ScanIndexForward": False,
        "KeyConditionExpression": "inbox = :inbox",
        "ExpressionAttributeValues": {":inbox": {"S": keys.inbox(owner.agency, owner.brand, "open")}},
    }  # fmt: skip

    def page() -> str:
        with fence.within(owner.agency):
            search, now = searches.of_condition(actor, [owner.brand], searches.filtered({})), clock.now()
            rows = results.page_of(search, "newest", PAGE, None, now).items
            return json.dumps(Screen(actor, (), "", now).conversations(rows))

    if len(json.loads(page())[0]) != len(bare.query(**query)["Items"]):
        raise SystemExit("The page and its floor are not the same page.")
    name = "CPU per inbox page of 25 (search and listing, as JSON) / bare Query of the page"
    return [figure.ratio(name, *side_by_side(page, lambda: bare.query(**query), ROUNDS), 1.05)]

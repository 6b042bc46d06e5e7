"""What a call led to: replies and what came of them on the network, events, and their deliveries.

Nothing is stored for this. It is found through what is stored anyway: all that the call did has exactly its time and
its actor, and a reply knows its messages.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access.actors import Actor
from chalicelib.calls import records
from chalicelib.deliveries import records as delivered
from chalicelib.deliveries import replays
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.events.views import Reader
from chalicelib.replies import replies
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Message
from chalicelib.store.models.replies import Reply
from chalicelib.store.models.requests import Call
from chalicelib.webhooks import endpoints

Json = Mapping[str, Any]
AFTER = 10 * clock.MINUTE  # so long after the call events of its messages are looked for
_MOST_SEGMENTS = 300


def view(actor: Actor, call: Call) -> Json:
    """The call with everything it led to that the actor may see."""
    said = [(reply, replies.messages_of(reply)) for reply in _replies(actor, call)]
    messages = {message.id for _, parts in said for message in parts}
    events = list(_events(actor.agency, call, messages))
    shown = Reader(actor).show(events, full=False)
    known = {event["id"] for event in shown}
    return {
        **records.view(call),
        "replies": [_reply(actor, reply, parts) for reply, parts in said],
        "events": [{name: event[name] for name in ("id", "type", "at", "target")} for event in shown],
        "deliveries": list(_deliveries(actor, known, call.at)),
    }


def _replies(actor: Actor, call: Call) -> list[Reply]:
    of_replies = [id for id in call.things if ids.is_id(id, "rpl")]
    places = [(keys.within(actor.agency, ids.conversation_of(id)), keys.reply(id)) for id in of_replies]
    return table.many(Reply, places)


def _reply(actor: Actor, reply: Reply, parts: Sequence[Message]) -> Json:
    """The text is shown only to actors who see the conversation."""
    try:
        replies.get(actor, reply.id)
        text = reply.text
    except (errors.NotFound, errors.Forbidden):
        text = None
    return {"id": reply.id, "state": reply.state, "text": text, "messages": [_message(part) for part in parts]}


def _message(message: Message) -> Json:
    return {
        "id": message.id,
        "status": message.status,
        "attempts": message.attempts or 0,
        "tried_at": clock.text(message.claimed_at) if message.claimed_at else None,
        "error": (message.error or {}).get("code"),
    }


def _events(agency: str, call: Call, messages: set[str]) -> Iterator[Event]:
    """While the lane is kept: what the actor did at exactly that time, and the events of the messages soon after."""
    try:
        for segment in lane.read(agency, replays.beginning(agency, call.at).number - 1, _MOST_SEGMENTS):
            if segment.at > call.at + AFTER:
                return
            for event in segment.events:
                if (event.actor == call.actor and event.at == call.at) or event.target in messages:
                    yield event
    except lane.Gone:
        return


def _deliveries(actor: Actor, events: set[str], since: int) -> Iterator[Json]:
    """The deliveries of the events, to endpoints that the actor may manage."""
    if not events or not actor.may("webhook.manage", brand=None):
        return
    for endpoint in endpoints.every(actor.agency):
        for row in delivered.since(endpoint, since):
            if row["event"] in events:
                yield {"endpoint": endpoint.id, **{name: row[name] for name in _OF_DELIVERIES}}


_OF_DELIVERIES = ("event", "at", "attempt", "delivered", "status", "reason", "ms")

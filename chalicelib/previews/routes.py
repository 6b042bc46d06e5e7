"""/v1/replies/check: what would become of a reply."""

from chalicelib.access import permissions
from chalicelib.api.http import Call, Json, route
from chalicelib.inbox import conversations
from chalicelib.previews import previews, schemas


@route(
    "POST",
    "/replies/check",
    pays="never",
    permission=permissions.ANSWER,
    body=schemas.CHECK,
    answer=schemas.CHECKED,
)
def check_reply(call: Call) -> Json:
    """Shows what would happen to a reply, for each way to answer; nothing is stored or sent."""
    conversation = conversations.get(call.actor, call.body["conversation"])
    return previews.view(previews.of(call.actor, conversation, call.body, call.now))

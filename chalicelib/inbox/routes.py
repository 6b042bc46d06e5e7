"""/v1: conversations, their messages, and the agency's attributes of conversations."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.inbox import attributes, conversations, message_actions, presentation, schemas, unread
from chalicelib.networks.base import Verb
from chalicelib.store.models.inbox import Conversation


def _conversation(call: Call) -> Conversation:
    return conversations.get(call.actor, call.path["id"])


@route(
    "POST",
    "/conversations/{id}/read",
    pays="never",
    permission=permissions.ANSWER,
    body=schemas.READ,
    answer=schemas.CONVERSATION,
)
def read_conversation(call: Call) -> Json:
    """Marks a conversation as read up to a message; the brand's setting `receipts` says if the customer sees it."""
    conversation = _conversation(call)
    message_actions.send_read_receipt(call.actor, conversation, asked=call.body.get("receipt"))
    up_to = call.body.get("up_to") or conversation.last_message["id"]
    return presentation.conversation(call.actor, unread.mark_read(conversation, up_to, call.now))


@route(
    "POST",
    "/conversations/{id}/typing",
    pays="work",
    permission=permissions.ANSWER,
    body=schema.NOTHING,
    answer=schema.NOTHING,
    status=202,
)
def show_typing(call: Call) -> Json:
    """Shows the other side that somebody is typing."""
    message_actions.send_typing(call.actor, _conversation(call))
    return {}


def _perform(call: Call, verb: Verb) -> Json:
    emoji = call.body.get("emoji", "")
    return presentation.view(call.actor, message_actions.perform(call.actor, call.path["id"], verb, call.now, emoji))


@route(
    "POST",
    "/messages/{id}/like",
    pays="outbound",
    permission="reply.public.send",
    body=schema.NOTHING,
    answer=schemas.MESSAGE,
)
def like_message(call: Call) -> Json:
    """Likes a comment as the brand."""
    return _perform(call, "like")


@route(
    "POST",
    "/messages/{id}/react",
    pays="outbound",
    permission="reply.private.send",
    body=schemas.REACT,
    answer=schemas.MESSAGE,
)
def react_to_message(call: Call) -> Json:
    """Reacts to a message as the brand; an empty emoji removes the reaction."""
    return _perform(call, "react")


@route("GET", "/attributes", permission=SIGNED_IN, answer=schema.listing(schemas.ATTRIBUTE))
def list_attributes(call: Call) -> Mapping[str, Any]:
    """Lists the attributes that conversations of your brands can have."""
    return {"items": attributes.listing(call.actor), "next": None}


@route(
    "PUT",
    "/attributes/{name}",
    pays="work",
    permission="brand.create",
    body=schemas.DEFINE,
    answer=schemas.ATTRIBUTE,
    versioned=True,
)
def define_attribute(call: Call) -> Mapping[str, Any]:
    """Creates an attribute of conversations, or replaces its definition."""
    current = attributes.load(call.actor.agency)
    call.matches(attributes.version_of(current, call.path["name"]))
    return attributes.define(call.actor, current, call.path["name"], call.now, **call.body)


@route("DELETE", "/attributes/{name}", pays="work", permission="brand.create", answer=schema.NOTHING, versioned=True)
def remove_attribute(call: Call) -> Mapping[str, Any]:
    """Removes an attribute; conversations keep the values that they have."""
    current = attributes.load(call.actor.agency)
    call.matches(attributes.version_of(current, call.path["name"]))
    attributes.remove(call.actor, current, call.path["name"], call.now)
    return {}

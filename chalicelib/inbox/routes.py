"""/v1: the inbox, its conversations and messages, replies to them, and the contacts behind them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.inbox import (
    contact,
    conversation,
    lease,
    listing,
    message,
    moderation,
    schemas,
    search,
    sendability,
    wording,
)
from chalicelib.networks.base import Verb
from chalicelib.store.models import Conversation
from chalicelib.tenancy import brand, role

Json = Mapping[str, Any]


def _conversation(call: Call) -> Conversation:
    return conversation.get(call.actor, call.path["id"])


def _search(call: Call) -> search.Search:
    return search.of(call.actor, brand.scope(call.actor, call.query.get("brand")), search.filtered(call.query))


@route("GET", "/conversations", permission=role.VIEW, query=schemas.INBOX, answer=schema.listing(schemas.CONVERSATION))
def list_conversations(call: Call) -> Json:
    """The inbox: conversations in one status, newest activity first."""
    return listing.of(_search(call), "newest", call.query["limit"], call.query.get("cursor"), call.now)


@route("GET", "/conversations/count", permission=role.VIEW, query=schemas.FILTERS, answer=schemas.COUNT)
def count_conversations(call: Call) -> Json:
    """How many conversations the inbox lists."""
    return listing.counts(call.actor, [_search(call)], call.now)[0]


@route("GET", "/conversations/{id}", permission=role.VIEW, answer=schemas.CONVERSATION)
def show_conversation(call: Call) -> Json:
    """One conversation."""
    return conversation.view(_conversation(call))


@route(
    "GET",
    "/conversations/{id}/messages",
    permission=role.VIEW,
    query=schemas.THREAD,
    answer=schema.listing(schemas.MESSAGE),
)
def list_messages(call: Call) -> Json:
    """What was said in a conversation, in the order it was said."""
    return message.listing(_conversation(call), call.query["order"], call.query["limit"], call.query.get("cursor"))


@route("POST", "/conversations/{id}/read", permission=role.ANSWER, body=schemas.READ, answer=schemas.CONVERSATION)
def read_conversation(call: Call) -> Json:
    """Mark a conversation read, here and on the network."""
    found = _conversation(call)
    if call.body.get("receipt", True):
        moderation.tell_read(call.actor, found)
    return conversation.view(conversation.read(found, call.body.get("up_to") or found.last_message["id"], call.now))


@route(
    "POST",
    "/conversations/{id}/typing",
    permission=role.ANSWER,
    body=schemas.NOTHING,
    answer=schemas.NOTHING,
    status=202,
)
def show_typing(call: Call) -> Json:
    """Show the other side that an answer is being written."""
    moderation.tell_typing(call.actor, _conversation(call))
    return {}


@route("GET", "/conversations/{id}/sendability", permission=role.VIEW, answer=schemas.SENDABILITY)
def show_sendability(call: Call) -> Json:
    """Whether, how and until when a conversation can be answered."""
    found = _conversation(call)
    return sendability.view(wording.network_of(found).capabilities, wording.place_of(call.actor, found), call.now)


@route("POST", "/conversations/{id}/lease", permission=role.ANSWER, body=schemas.TAKE, answer=schemas.LEASE)
def take_lease(call: Call) -> Json:
    """Show that I am answering; others are kept from answering at once."""
    return lease.view(lease.take(call.actor, _conversation(call), call.now, call.body.get("reason", "")))


@route("GET", "/conversations/{id}/lease", permission=role.VIEW, answer=schemas.HELD)
def show_lease(call: Call) -> Json:
    """Who is answering, if anybody."""
    found = lease.held(_conversation(call), call.now)
    return {"lease": lease.view(found) if found else None}


@route("DELETE", "/conversations/{id}/lease", permission=role.ANSWER, answer=schemas.NOTHING)
def release_lease(call: Call) -> Json:
    """I am no longer answering."""
    lease.release(call.actor, _conversation(call))
    return {}


@route("GET", "/messages/{id}", permission=role.VIEW, answer=schemas.MESSAGE)
def show_message(call: Call) -> Json:
    """One message."""
    return message.view(message.get(call.actor, call.path["id"])[0])


def _perform(call: Call, verb: Verb) -> Json:
    return message.view(moderation.perform(call.actor, call.path["id"], verb, call.now, call.body.get("emoji", "")))


@route("POST", "/messages/{id}/hide", permission="moderation.hide", body=schemas.NOTHING, answer=schemas.MESSAGE)
def hide_message(call: Call) -> Json:
    """Hide a comment on its network."""
    return _perform(call, "hide")


@route("POST", "/messages/{id}/unhide", permission="moderation.hide", body=schemas.NOTHING, answer=schemas.MESSAGE)
def unhide_message(call: Call) -> Json:
    """Show a hidden comment again."""
    return _perform(call, "unhide")


@route("POST", "/messages/{id}/delete", permission="moderation.delete", body=schemas.NOTHING, answer=schemas.MESSAGE)
def delete_message(call: Call) -> Json:
    """Delete a message on its network; a tombstone stays here."""
    return _perform(call, "delete")


@route("POST", "/messages/{id}/like", permission="reply.public.send", body=schemas.NOTHING, answer=schemas.MESSAGE)
def like_message(call: Call) -> Json:
    """Like a comment as the brand."""
    return _perform(call, "like")


@route("POST", "/messages/{id}/react", permission="reply.private.send", body=schemas.REACT, answer=schemas.MESSAGE)
def react_to_message(call: Call) -> Json:
    """React to a message as the brand; an empty emoji takes the reaction back."""
    return _perform(call, "react")


@route("GET", "/contacts/{id}", permission="contact.view", answer=schemas.CONTACT)
def show_contact(call: Call) -> Json:
    """The person behind one or more network identities."""
    return contact.view(contact.visible(call.actor, call.path["id"]))

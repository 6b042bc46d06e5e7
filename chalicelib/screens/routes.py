"""/v1: conversations, messages, contacts and replies as a screen shows them, with what belongs to them beside."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.contacts import contacts
from chalicelib.contacts import schemas as contacts_schemas
from chalicelib.inbox import conversations, messages, talks
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.page import Part
from chalicelib.people import members
from chalicelib.replies import replies
from chalicelib.replies import schemas as replies_schemas
from chalicelib.screens import named, own_ids, proposals, schemas, starts, threads
from chalicelib.screens.includes import Screen
from chalicelib.search import results, saved_views, searches
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.texts import asking


def _screen(call: Call) -> Screen:
    return Screen(call.actor, call.query.get("include", ()), call.hooks, call.now)


def _conversations(call: Call, part: Part[Conversation]) -> Json:
    rows, included = _screen(call).conversations(part.items)
    return {"items": rows, "next": part.next, "previous": part.previous, "included": included}


def _messages(call: Call, part: Part[Message], by_partition: Mapping[str, Conversation]) -> Json:
    rows, included = _screen(call).messages(part.items, by_partition)
    return {"items": rows, "next": part.next, "previous": part.previous, "included": included}


def _page(call: Call) -> tuple[int, str | None]:
    return call.query["limit"], call.query.get("cursor")


@route("GET", "/conversations", permission=permissions.VIEW, query=schemas.INBOX, answer=schemas.CONVERSATIONS)
def list_conversations(call: Call) -> Json:
    """Lists the conversations of the inbox, by last activity unless you ask for another order."""
    if wanted := _named(call, "conversations"):
        return _conversations(call, Part(named.conversations_of(call.actor, wanted)))
    search = searches.of_query(call.actor, call.query)
    return _conversations(call, results.page_of(search, call.query["order"], *_page(call), call.now))


def _named(call: Call, word: str) -> list[str]:
    if named.is_by_id(call.query, "include", "order"):
        return named.wanted_ids(call.actor, word, call.query)
    return []


@route(
    "GET",
    "/views/{id}/conversations",
    permission=permissions.VIEW,
    query=schemas.CONVERSATIONS_OF,
    answer=schemas.CONVERSATIONS,
)
def list_view(call: Call) -> Json:
    """Lists the conversations of a view, in its order; a page may be short, and the last one has no `next`."""
    saved_view = saved_views.get(call.actor, call.path["id"])
    [search] = saved_views.as_searches(call.actor, [saved_view])
    return _conversations(call, results.page_of(search, saved_view.order, *_page(call), call.now))


@route(
    "GET",
    "/contacts/{id}/conversations",
    permission="contact.view",
    query=schemas.CONVERSATIONS_OF,
    answer=schemas.CONVERSATIONS,
)
def list_conversations_of_contact(call: Call) -> Json:
    """Lists the conversations in which a contact writes, those that began last first."""
    contact = contacts.visible(call.actor, call.path["id"])
    return _conversations(call, Part(*talks.page_of(call.actor, contact, *_page(call))))


@route("GET", "/conversations/{id}", permission=permissions.VIEW, query=schemas.ONE, answer=schemas.CONVERSATION)
def show_conversation(call: Call) -> Json:
    """Shows a conversation."""
    return _screen(call).conversation(conversations.get(call.actor, call.path["id"]))


@route(
    "GET",
    "/conversations/{id}/messages",
    permission=permissions.VIEW,
    query=schemas.THREAD,
    answer=schemas.MESSAGES,
)
def list_messages(call: Call) -> Json:
    """Lists the messages of a conversation in the order in which they were sent."""
    conversation = conversations.get(call.actor, call.path["id"])
    return _messages(call, threads.part_of(conversation, call.query), {conversation.pk: conversation})


@route("GET", "/messages", permission=permissions.VIEW, query=schemas.MESSAGES_BY_ID, answer=schemas.MESSAGES)
def list_messages_by_id(call: Call) -> Json:
    """Shows messages of any conversations by their ids, in the order that you ask for."""
    items, by_partition = named.messages_of(call.actor, call.query.get("ids", ()))
    return _messages(call, Part(items), by_partition)


@route("GET", "/messages/{id}", permission=permissions.VIEW, query=schemas.ONE_MESSAGE, answer=inbox_schemas.MESSAGE)
def show_message(call: Call) -> Json:
    """Shows a message."""
    message, conversation = messages.with_conversation(call.actor, call.path["id"])
    [row], _ = replace(_screen(call), is_list=False).messages([message], {conversation.pk: conversation})
    return row


@route(
    "GET",
    "/contacts",
    permission="contact.view",
    query=schemas.CONTACTS,
    answer=schema.listing(contacts_schemas.CONTACT),
)
def list_contacts(call: Call) -> Json:
    """Lists contacts, newest first: all, those whose name or number matches, or those with the ids you name."""
    if not {"ids", "external_id"} & set(call.query):
        return asking.contacts(call.actor, call.query)
    people = named.contacts_of(call.actor, _named(call, "contacts"))
    return {"items": [contacts.view(call.actor, contact) for contact in people], "next": None}


@route("GET", "/contacts/{id}", permission="contact.view", answer=contacts_schemas.CONTACT)
def show_contact(call: Call) -> Json:
    """Shows a contact: a person, and their identities on networks."""
    return contacts.view(call.actor, contacts.visible(call.actor, call.path["id"]))


@route(
    "GET", "/replies", permission=permissions.VIEW, query=schemas.REPLIES, answer=schema.listing(replies_schemas.REPLY)
)
def list_replies(call: Call) -> Json:
    """Lists replies by state: those that wait, that were given up, or that were not delivered."""
    return proposals.listing(_screen(call), call.query)


@route(
    "GET",
    "/members/{id}/planned-replies",
    permission="member.manage",
    query=schema.PAGE,
    answer=schema.listing(replies_schemas.REPLY),
)
def list_planned_replies(call: Call) -> Json:
    """Lists the planned replies that would go back to review if the member left."""
    member = members.managed(call.actor, call.path["id"]).id
    return proposals.planned(_screen(call), member, *_page(call))


@route("GET", "/replies/{id}", permission=permissions.VIEW, query=schemas.ONE_REPLY, answer=replies_schemas.REPLY)
def show_reply(call: Call) -> Json:
    """Shows a reply and how far it got."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    return _screen(call).replies([reply], {conversation.id: conversation})[0]


@route("PUT", "/external-ids", pays="work", permission=SIGNED_IN, body=schemas.NAMED, answer=schemas.NAMED)
def name_thing(call: Call) -> Json:
    """Gives a thing an id of your own. You find it by `ext:` and that id in paths, and by a filter."""
    own_ids.name(call.actor, call.body["id"], call.body["external_id"])
    return {"id": call.body["id"], "external_id": call.body["external_id"]}


@route("GET", "/start", permission=SIGNED_IN, answer=schemas.START)
def start(call: Call) -> Json:
    """Shows what a client needs first: you, your brands, channels, colleagues, views, counters, and a cursor."""
    return starts.shown(call)

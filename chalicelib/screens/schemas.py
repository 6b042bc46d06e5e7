"""What the routes of this area take and give."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.api import schema
from chalicelib.brands import schemas as brands_schemas
from chalicelib.channels import schemas as channels_schemas
from chalicelib.contacts import schemas as contacts_schemas
from chalicelib.events import schemas as events_schemas
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.people import schemas as people_schemas
from chalicelib.replies import schemas as replies_schemas
from chalicelib.screens import includes
from chalicelib.search import schemas as search_schemas
from chalicelib.store import external_ids
from chalicelib.teamwork import schemas as teamwork_schemas
from chalicelib.texts import schemas as texts_schemas

MOST_IDS = 100
TEAM = schema.body("TeamName", ("id", "name"), id=schema.id_of("tem"), name={"type": "string"})
INCLUDED = schema.body(
    "Included",
    (),
    contacts={"type": "array", "items": contacts_schemas.CONTACT},
    members={"type": "array", "items": people_schemas.COLLEAGUE},
    teams={"type": "array", "items": TEAM},
    channels={"type": "array", "items": channels_schemas.CHANNEL},
    replies={
        "type": "array",
        "items": replies_schemas.REPLY,
        "description": "For conversations, the replies that are not on their way yet; for messages, the replies that "
        "they belong to.",
    },
    sendability=replies_schemas.SENDABILITY,
    lease={**schema.nullable(inbox_schemas.LEASE), "description": "For a single conversation: who is answering."},
    notes={
        "type": "array",
        "items": teamwork_schemas.NOTE,
        "description": "For a single conversation: its notes, newest first.",
    },
)


def _include(names: Sequence[str]) -> Mapping[str, Any]:
    description = "What to add to the answer, each thing once: in `included`, or in the rows themselves."
    return {"include": schema.several(schema.one_of(names), len(names), description=description)}


def _ids(prefix: str) -> Mapping[str, Any]:
    description = "Only the items with these ids, without pages; those that you may not see are absent."
    return {"ids": schema.several(schema.id_of(prefix), MOST_IDS, description=description)}


def _listing(item: Mapping[str, Any]) -> dict[str, Any]:
    page = schema.listing(item)
    previous = {**schema.TEXT_OR_NULL, "description": "The cursor of the previous page; null on the first page."}
    return {**page, "properties": {**page["properties"], "previous": previous, "included": INCLUDED}}


CONVERSATION = {
    **inbox_schemas.CONVERSATION,
    "title": "ConversationScreen",
    "properties": {**inbox_schemas.CONVERSATION["properties"], "included": INCLUDED},
}
CONVERSATIONS, MESSAGES = _listing(inbox_schemas.CONVERSATION), _listing(inbox_schemas.MESSAGE)
ROWS, ONE = _include(includes.WITH_CONVERSATIONS), _include(includes.WITH_ONE)
INBOX = {"external_id": schema.EXTERNAL_ID, **search_schemas.INBOX, **_ids("cnv"), **ROWS}
CONVERSATIONS_OF = {**schema.PAGE, **ROWS}
ONE_MESSAGE = _include([name for name in includes.WITH_MESSAGES if name == "allowed"])
THREAD = {**inbox_schemas.THREAD, **_include(includes.WITH_MESSAGES)}
MESSAGES_BY_ID = {**_ids("msg"), **_include(includes.WITH_MESSAGES)}
CONTACTS = {"external_id": schema.EXTERNAL_ID, **_ids("ctc"), **texts_schemas.CONTACTS}
ONE_REPLY = _include(includes.WITH_REPLIES)
REPLIES = {
    **replies_schemas.REPLIES,
    "external_id": schema.EXTERNAL_ID,
    "conversation": {
        **schema.id_of("cnv"),
        "description": "Only replies of this conversation; then all open statuses are shown.",
    },
    **ONE_REPLY,
}
START = schema.body(
    "Start",
    ("me", "brands", "channels", "colleagues", "teams", "views", "attributes", "counters", "cursor"),
    me=people_schemas.ME,
    brands=schema.listing(brands_schemas.BRAND),
    channels=schema.listing(channels_schemas.CHANNEL),
    colleagues=schema.listing(people_schemas.COLLEAGUE),
    teams=schema.listing(people_schemas.TEAM),
    views=schema.listing(search_schemas.VIEW),
    attributes=schema.listing(inbox_schemas.ATTRIBUTE),
    counters=schema.listing(events_schemas.COUNTERS),
    cursor={"type": "string", "description": "The cursor for `GET /v1/events?after=`, to get all events from here on."},
)
NAMED = schema.body(
    "ExternalId",
    ("id", "external_id"),
    id={"type": "string", "pattern": f"^({'|'.join(external_ids.KINDS)})_[0-9a-z]{{1,60}}$"},
    external_id=schema.EXTERNAL_ID_OR_NULL,
)

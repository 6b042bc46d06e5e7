"""Whether all that a run did was told: each change that can be seen in the table is in its agency's lane, once.

It knows nothing of how events are derived. It looks at what is there at the end: entries of the audit, messages,
conversations and contacts, and what happened to them.
"""

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, pairwise
from typing import Any

from chalicelib.access import actors
from chalicelib.events import catalogue, examples
from chalicelib.events.events import Event
from chalicelib.events.views import Reader
from chalicelib.plans import holdings
from chalicelib.store import fence, keys, shortcuts
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.events import StoredSegment
from chalicelib.store.models.inbox import Conversation, Message, Tally
from chalicelib.store.models.people import Member
from chalicelib.store.models.plans import StoredHoldings
from local.cloud import Platform
from tests.support.stack import Stack

Items = Mapping[str, list[Any]]  # of one agency, in DynamoDB's JSON, by what their sort key begins with
BEGINNINGS = ("message.received", "message.imported", "message.queued", "message.sent")
ENDS = ("delivered", "read", "failed")
missing: set[str] = set()
shown: set[str] = set()


def note(stack: Stack) -> Mapping[str, Items]:
    """Waits until all is told, or for a minute; notes what is not, and an example of each type of event.

    Gives what was in the table then, by the agency.
    """
    end = time.monotonic() + 60
    while (stored := scanned(stack.platform)) and (faults_now := list(chain(*map(faults, _agencies(stored))))):
        if time.monotonic() > end:
            missing.update(faults_now[:20])
            break
        time.sleep(1)
    for agency in _agencies(stored):
        shown.update(json.dumps(event, sort_keys=True) for event in _examples(agency))
    if os.environ.get("WRITE_EXAMPLES"):
        _write_examples()
    return stored


def _write_examples() -> None:
    """Gives each type that happened and has no example the shortest of these events."""
    longest_first = sorted(sorted(shown), key=len, reverse=True)
    events = {event["type"]: event for event in map(json.loads, longest_first)}
    every = {**events, **json.loads(examples.PLACE.read_text())}
    examples.PLACE.write_text(json.dumps(dict(sorted(every.items())), indent=1) + "\n")


def scanned(platform: Platform) -> Mapping[str, Items]:
    """All that is in the table, by the agency; what belongs to none is under other words."""
    by_agency: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    client = platform.client("dynamodb")
    client.meta.events.register("before-parse.dynamodb.Scan", shortcuts.as_it_came)  # a third of the time
    pages = client.get_paginator("scan").paginate(TableName=platform.outputs["Table"])
    for page in pages:
        for item in page["Items"]:
            agency, kind = keys.agency_of(item["pk"]["S"]), item["sk"]["S"].partition("#")[0]
            by_agency[agency][kind].append(item)
    assert by_agency  # else nothing would be looked at, and nothing found
    return by_agency


def _agencies(stored: Mapping[str, Items]) -> list[Items]:
    """All items of each agency that was founded."""
    return [items for agency, items in stored.items() if agency.startswith("agc_") and items["agency"]]


def faults(items: Items) -> list[str]:
    """What is not told, or told twice, of one agency."""
    segments = sorted(map(StoredSegment.from_raw_data, items["log"]), key=lambda segment: segment.number)
    events = [Event(*values) for segment in segments for values in segment.events]
    gaps = [
        f"gap after {segment.number}" for segment, other in pairwise(segments) if other.number != segment.number + 1
    ]
    twice = [f"{id} came {count} times" for id, count in Counter(event.id for event in events).items() if count > 1]
    counts = Counter((event.target, event.type) for event in events)
    entries = Counter(event.entry for event in events)
    happened = [*_of_entries(items, entries), *_of_messages(items, counts), *_of_others(items, counts)]
    return [*gaps, *twice, *happened, *_of_tallies(items), *_of_holdings(items)]


def _of_entries(items: Items, entries: Mapping[str, int]) -> Iterator[str]:
    for entry in map(AuditEntry.from_raw_data, items["entry"]):
        if entry.action in catalogue.AUDITED and entries[entry.id] != 1:
            yield f"{entry.action} {entry.id} was told {entries[entry.id]} times"


def _of_messages(items: Items, counts: Mapping[tuple[str, str], int]) -> Iterator[str]:
    for message in map(Message.from_raw_data, items["message"]):
        begun = sum(counts[message.id, type] for type in BEGINNINGS)
        removed = counts[message.id, "message.removed"]  # and came back
        if not 1 <= begun - removed <= 1 + (message.direction == "out"):  # what is queued is sent, too
            yield f"message {message.id} began {begun} times"
        happened = {
            "message.deleted": bool(message.deleted_at),
            "message.edited": bool(message.edited_at),
            "message.hidden": bool(message.hidden and message.hidden_at),
            f"message.{message.status}": message.status in ENDS
            and counts[message.id, "message.queued"] * message.version > 1,
        }
        for type, did in happened.items():
            if did and not counts[message.id, type]:
                yield f"{type} of {message.id} was not told"


def _of_others(items: Items, counts: Mapping[tuple[str, str], int]) -> Iterator[str]:
    for conversation in map(Conversation.from_raw_data, items["conversation"]):
        if conversation.inbox and counts[conversation.id, "conversation.created"] != 1:
            yield f"conversation {conversation.id} began {counts[conversation.id, 'conversation.created']} times"
    for contact in map(Contact.from_raw_data, items["contact"]):
        if not contact.context and counts[contact.id, "contact.created"] != 1:
            yield f"contact {contact.id} began {counts[contact.id, 'contact.created']} times"


def _of_tallies(items: Items) -> Iterator[str]:
    """The counters of brands and assignees, beside a look at each conversation."""
    there = Counter(name for raw in items["conversation"] for name in counted(Conversation.from_raw_data(raw)))
    kept = {name: number for raw in _tallies(items) for name, number in raw.items() if number}
    for name in there.keys() | kept.keys():
        if there[name] != kept.get(name, 0):
            yield f"counter {' '.join(name)} is {kept.get(name, 0)} and should be {there[name]}"


def _of_holdings(items: Items) -> Iterator[str]:
    """What is counted as in use, beside a look at each thing."""
    members = [Member.from_raw_data(raw) for raw in items["member"]]
    there = {
        "seats": sum(holdings.seats(member.grants) for member in members),
        "brands": sum(not Brand.from_raw_data(raw).archived_at for raw in items["brand"]),
        "channels": len(items["channel"]),
    }
    kept = StoredHoldings.from_raw_data(items["holdings"][0]) if items["holdings"] else StoredHoldings()
    for name, number in there.items():
        if number != getattr(kept, name):
            yield f"{name} are {number} and counted as {getattr(kept, name)} in {items['agency'][0]['pk']['S']}"


def _tallies(items: Items) -> Iterator[Mapping[tuple[str, str], int]]:
    stored = [raw for kind in items if kind.startswith("brd_") for raw in items[kind]]
    for tally in [Tally.from_raw_data(raw) for raw in stored if raw["pk"]["S"].endswith("#tallies")]:
        yield {(tally.sk, name): getattr(tally, name) for name in ("unread", "waiting", "unassigned", "assigned")}


def counted(conversation: Conversation) -> Iterator[tuple[str, str]]:
    """The counters that a conversation is counted in: the sort key of a tally, and the name."""
    if not conversation.inbox or conversation.status == "resolved":
        return
    brand, assignee = f"{conversation.brand}#", conversation.assignee or ""
    yield (brand + assignee, "assigned") if assignee else (brand, "unassigned")
    for place in {brand, brand + assignee}:
        if conversation.unread:
            yield place, "unread"
        if conversation.waiting_since is not None:
            yield place, "waiting"


def _examples(items: Items) -> list[Mapping[str, Any]]:
    """An event of each type that happened in an agency, as somebody who sees everything gets it."""
    agency = items["agency"][0]["pk"]["S"]
    segments = [StoredSegment.from_raw_data(item) for item in items["log"]]
    by_type = {event.type: event for segment in segments for event in (Event(*values) for values in segment.events)}
    with fence.within(agency):
        return list(Reader(actors.system(agency)).show(list(by_type.values())))


def untold(lines: Collection[str], whole: bool) -> list[str]:
    return [f"Events: {line}" for line in lines]


def without_example(lines: Collection[str], whole: bool) -> list[str]:
    """Types that happened and have no example in `examples.json`; with WRITE_EXAMPLES set, `note` gave them one."""
    events = {event["type"]: event for event in map(json.loads, sorted(lines))}
    new = sorted(set(events) - set(examples.by_type()))
    return [f"Events: {type} has no example; run that test again with WRITE_EXAMPLES=1" for type in new]

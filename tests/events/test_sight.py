"""Nobody is told what they could not read over the API at that moment, whatever their role is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.access import actors
from chalicelib.access.actors import SEVERE
from chalicelib.contacts import masks
from chalicelib.events.catalogue import TYPES
from chalicelib.events.events import Event
from chalicelib.events.views import Reader
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Conversation, Message
from tests.support.stack import Member, Stack, eventually, number
from tests.support.thorough import tries

PATHS = {
    "brand": "/brands/{target}", "case": "/cases/{target}", "decision": "/decisions/{target}",
    "ban": "/bans/{target}",
    "rule": "/rules/{target}", "rules": "/brands/{target}/rules", "term_list": "/term-lists/{target}",
    "canned_reply": "/canned-replies/{target}", "contact": "/contacts/{target}",
    "conversation": "/conversations/{target}", "member": "/members/{target}", "message": "/messages/{target}",
    "reply": "/replies/{target}", "sla": "/conversations/{target}", "view": "/views/{target}",
    "window": "/conversations/{target}", "note": "/conversations/{conversation}/notes", "team": "/teams",
    "webhook": "/webhook-endpoints/{target}",
    "role": "/roles", "attribute": "/attributes", "channel": "/channels", "templates": "/channels",
    "template": "/templates/{target}", "counters": "/brands/{target}/counters", "network": "/networks/status",
    "line": "/brands/{brand}/line/versions", "dispute": "/billing", "payment_method": "/billing",
    "job": "/jobs/{target}", "strike": "/contacts/{target}/standing",
    "subscription": "/billing/state", "limit": "/billing/state",
}  # fmt: skip
OF_EACH = tries(2, 100)
LISTS = ("/invitations", "/teams", "/roles", "/attributes", "/channels")
PAGES = {"/colleagues": {"limit": 100}}
OWN_ROLES = {
    "sees what is theirs": ["inbox.view_assigned"],
    "sees what is nobody's": ["inbox.view_unassigned", "contact.view"],
    "sees all and no numbers": ["inbox.view_all", "contact.view"],
    "reads the audit alone": ["inbox.view_assigned", "audit.view"],
    "manages people": ["inbox.view_unassigned", "member.manage"],
    "manages webhooks": ["inbox.view_unassigned", "webhook.manage"],
}


@pytest.fixture(scope="module")
def people(stack: Stack, ours: Mapping[str, str]) -> Mapping[str, Member]:
    """Somebody of each role, and of some that an agency may make, for one brand."""
    members = dict(stack.ours.members)
    for name, permissions in OWN_ROLES.items():
        role = stack.ours.owner.post("/roles", {"name": f"{name} {number()}", "permissions": permissions})
        person = stack.someone(stack.ours, "client", [stack.ours.brand])
        grants = [{"role": role["id"], "brands": [stack.ours.brand]}]
        stack.ours.owner.patch(f"/members/{person.get('/me')['member']}", {"grants": grants})
        members[name] = person
    return members


def test_of_every_type_it_is_said_where_it_can_be_read() -> None:
    assert {type.partition(".")[0] for type in TYPES} == PATHS.keys()


@pytest.mark.parametrize("name", [*OWN_ROLES, "client", "moderator", "content_creator", "marketing_director"])
def test_whoever_is_told_of_something_could_read_it(people: Mapping[str, Member], name: str) -> None:
    member = people[name]
    theirs, everybodys = _Lists(member), _Lists(people["owner"])
    for event in some_of_each_type(member.get("/events", limit=1000)["items"]):
        kind = event["type"].partition(".")[0]
        path = "/invitations" if event["target"].startswith("inv_") else PATHS[kind].format(**event)
        answer = member.call("GET", path, by_chance=True)
        can_read = answer.status == 200 and (path not in LISTS or theirs.hold(path, event["target"]))
        can_read = can_read or (kind == "member" and theirs.hold("/colleagues", event["target"]))
        is_gone = not can_read and _is_gone(people["owner"], everybodys, path, event)
        assert can_read or is_gone or _is_in_audit(member, event), event
        if differing(event, answer.json if can_read else {}):
            _agrees_soon(member, event, path)


def _agrees_soon(member: Member, before: Any, path: str) -> None:
    """Both are asked for again: somebody changed it between the two."""

    def agrees() -> bool:
        events = member.get("/events", limit=1000)["items"]
        return not differing(next(event for event in events if event["id"] == before["id"]), member.get(path))

    eventually(agrees)


def some_of_each_type(events: Iterable[Any]) -> Iterator[Any]:
    """The first events of each type, of each target one; nothing of what is gone."""
    seen, counts = set(), Counter[str]()
    for event in events:
        type, target = event["type"], event["target"]
        if target not in seen and counts[type] < OF_EACH and not type.endswith((".removed", ".disconnected")):
            seen.add(target)
            counts[type] += 1
            yield event


class _Lists:
    """The lists as a member reads them, each read once: those with all who ever joined are long."""

    def __init__(self, member: Member) -> None:
        self._all = cache(lambda path: {_called(shown) for shown in member.every(path, **PAGES.get(path, {}))})

    def hold(self, path: str, target: str) -> bool:
        return target in self._all(path)


def _called(shown: Any) -> str:
    """What an event about it calls it: attributes have names alone."""
    return str(shown.get("id") or shown["name"])


def _is_gone(owner: Member, lists: _Lists, path: str, event: Any) -> bool:
    """True if nobody can read it any more, such as a channel that was disconnected since."""
    answer = owner.call("GET", path, by_chance=True)
    return answer.status == 404 or (path in LISTS and not lists.hold(path, event["target"]))


def _is_in_audit(member: Member, event: Any) -> bool:
    if member.call("GET", "/audit", by_chance=True).status != 200:
        return False
    at = clock.parse(event["at"])
    about = {"since": clock.text(at - clock.MINUTE), "until": clock.text(at + clock.MINUTE), "target": event["target"]}
    return any(event["id"][4:] == entry["id"][4:] for entry in member.every("/audit", **about))


def _beginning(stored: Any, length: int) -> str:
    """Of the text of a message as lists show it: of grave words the first letters."""
    text = str(stored["text"][:length])
    return masks.first_letters(text) if (stored["severity"] or 0) >= SEVERE else text


def differing(event: Any, stored: Any) -> Any:
    """The fields of a message's or conversation's row whose values are not those that the API gives."""
    kind = event["target"][:3]
    row = event["data"].get({"msg": "message", "cnv": "conversation"}.get(kind, "")) or {}
    stored = {**stored, "preview": _beginning(stored, len(row["preview"]))} if "preview" in row else stored
    return {field: value for field, value in row.items() if value != stored[field]}


def test_message_without_its_conversation_shows_nothing(stack: Stack) -> None:
    agency, talk, now = ids.new("agc"), f"cnv_{'1' * 20}", clock.now()
    pk, id = keys.within(agency, talk), ids.message(talk, now, "1")
    about: dict[str, Any] = {"brand": "brd_1", "channel": "chn_1", "surface": "dm"}
    message = Message(
        pk, keys.message(id), id=id, text="A secret", direction="in", kind="text", author={}, status="received",
        sent_at=now, received_at=now, **about,
    )  # fmt: skip
    event = Event("evt_1", "message.received", now, "brd_1", id)
    with fence.within(agency):
        table.put(message)
        reader = Reader(actors.system(agency))
        assert "A secret" not in str(reader.show([event]))
        table.put(
            Conversation(pk, keys.CONVERSATION, network="line", thread="t", created_at=now, updated_at=now, **about)
        )
        assert "A secret" in str(reader.show([event]))

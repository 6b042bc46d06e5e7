"""What happened is told in order, nothing left out and nothing twice, to those whose business it is."""

import ast
from typing import Any

import pytest

from chalicelib.events import catalogue
from local import sources
from local.environment import ROOT
from tests.support import audits
from tests.support.agencies import founded
from tests.support.feed import end, news, until_told
from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually, number

AUDIT_ALONE = {
    "access.denied", "agency.found", "app.approve", "app.register", "app.remove", "app.revoke",
    "api_key.create", "api_key.revoke", "api_key.sign_in", "billing.customer",
    "billing.settings", "case.reveal", "contact.change", "member.shield", "session.end", "line.save",
    "line.discard",
    "checkout.open", "dispute.clear",
    "ingest.replay", "job.cancel", "member.sign_out", "member.uninvite",
    "member.link", "sign_in_provider.set", "sign_in_provider.remove",
    "sign_in_domain.claim", "sign_in_domain.verify", "sign_in_domain.remove",
    "channel.reconnect", "channel.renew", "channel.repair", "channel.offer", "channel.keep", "channel.claim",
    "channel.refuse",
    "channel.withdraw", "consent.begin", "connect_link.make", "connect_link.revoke",
    "channel.write_profile",
    "network_app.set", "network_app.remove",
}  # fmt: skip


@pytest.fixture
def fan(stack: Stack) -> Fan:
    fan = Fan(stack.connect("messenger"))
    fan.starts("Where is my order?")
    return fan


def types(member: Member, after: str, conversation: str, **query: Any) -> list[str]:
    return [event["type"] for event in news(member, after, **query) if event["conversation"] == conversation]


def test_message_that_comes_in_is_told_with_all_that_a_row_shows(stack: Stack, fan: Fan) -> None:
    owner, conversation = stack.ours.owner, fan.channel.conversation()["id"]
    start = end(owner)
    fan.says("It is red")
    events = eventually(lambda: _with_preview(news(owner, start, type="message.received"), "It is red"))
    [event] = [event for event in events if _is_in(event, conversation)]
    stored = owner.get(f"/messages/{event['target']}")
    assert (event["source"], event["performed_by"]) == ("network", None)
    assert event["data"]["conversation"]["unread"] == 2
    assert event["data"]["message"]["author"]["contact"] == stored["author"]["contact"]

    def is_named_alike() -> bool:  # the name may come late
        [latest] = [row for row in news(owner, start, type="message.received") if row["id"] == event["id"]]
        author = owner.get(f"/messages/{event['target']}")["author"]
        return bool(author["name"]) and latest["data"]["message"]["author"] == author

    eventually(is_named_alike)


def _with_preview(events: list[Any], preview: str) -> list[Any]:
    return [event for event in events if event["data"]["message"]["preview"] == preview]


def _is_in(event: Any, conversation: str) -> bool:
    return bool(event["conversation"] == conversation)


def test_each_step_of_a_reply_is_told_with_who_took_it(stack: Stack, fan: Fan) -> None:
    owner, creator = stack.ours.owner, stack.ours.members["content_creator"]
    start, id = end(owner), fan.channel.conversation()["id"]
    reply = creator.post(f"/conversations/{id}/replies", {"text": "It left today"})
    owner.post(f"/replies/{reply['id']}/approve", {"hash": reply["hash"]})
    steps = eventually(
        lambda: steps if (steps := _of(owner, start, reply["id"])) and steps[-1][0] == "reply.sent" else None
    )
    me, them = owner.get("/me")["member"], creator.get("/me")["member"]
    assert steps == [
        ("reply.submitted", them), ("reply.approved", me), ("reply.queued", me), ("reply.sent", "system"),
    ]  # fmt: skip
    assert eventually(lambda: "message.sent" in types(owner, start, id)), "its message is told as well"


def _of(member: Member, after: str, target: str) -> list[tuple[str, str]]:
    events = [event for event in news(member, after, type="reply") if event["target"] == target]
    assert {event["conversation"] for event in events} <= {"cnv_" + target[4:24]}
    return [(event["type"], event["performed_by"]["id"]) for event in events]


def test_reading_on_gives_each_event_once(stack: Stack, fan: Fan) -> None:
    owner = stack.ours.owner
    start, path = end(owner), f"/conversations/{fan.channel.conversation()['id']}"
    for priority in ("low", "high", "urgent"):
        owner.patch(path, {"priority": priority})
    assert eventually(lambda: len(_changes(owner, start, path)) == 3)
    assert [event["data"]["after"]["priority"] for event in _changes(owner, start, path)] == ["low", "high", "urgent"]
    ids = [event["id"] for event in news(owner, start, limit=2)]
    assert len(ids) == len(set(ids))


def _changes(member: Member, after: str, path: str) -> list[Any]:
    events = news(member, after, type="conversation.changed")
    return [event for event in events if event["target"] == path.rpartition("/")[2] and event["performed_by"]]


def test_one_hears_of_the_conversations_one_sees(stack: Stack, fan: Fan) -> None:
    owner = stack.ours.owner
    own = owner.post("/roles", {"name": f"Assigned {number()}", "permissions": ["inbox.view_assigned"]})
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    id = person.get("/me")["member"]
    owner.patch(f"/members/{id}", {"grants": [{"role": own["id"], "brands": [stack.ours.brand]}]})
    start, conversation = end(owner), fan.channel.conversation()["id"]
    owner.patch(f"/conversations/{conversation}", {"priority": "high"})
    assert eventually(lambda: types(owner, start, conversation))
    assert types(person, start, conversation) == []
    owner.post(f"/conversations/{conversation}/assign", {"to": id})
    eventually(lambda: "conversation.assigned" in types(owner, start, conversation))
    assert _done(person, start, conversation) == ["conversation.changed", "conversation.assigned"]
    event = next(event for event in news(person, start) if _is_in(event, conversation))
    assert "after" not in event["data"], "they do not read the audit"
    assert types(stack.theirs.owner, "", conversation) == []


def _done(member: Member, after: str, conversation: str) -> list[str]:
    """Without what happens by itself, which may be later: their name is asked for once they wrote."""
    return [event["type"] for event in news(member, after) if _is_in(event, conversation) and event["performed_by"]]


def test_who_manages_the_members_of_one_brand_hears_of_those(stack: Stack) -> None:
    owner, ours = stack.ours.owner, stack.ours.brand
    role = owner.post(
        "/roles", {"name": f"Manages {number()}", "permissions": ["inbox.view_assigned", "member.manage"]}
    )
    other = owner.post("/brands", {"name": f"Other {number()}"})["id"]
    manager, colleague, stranger = (stack.someone(stack.ours, "client", [brand]) for brand in (ours, ours, other))
    grants = [{"role": role["id"], "brands": [ours]}]
    owner.patch(f"/members/{manager.get('/me')['member']}", {"grants": grants})
    start = end(owner)
    joined = [stack.someone(stack.ours, "client", [brand]).get("/me")["member"] for brand in (ours, other)]
    for id in joined:
        owner.patch(f"/members/{id}", {"grants": [{"role": "moderator", "brands": [_brand_of(owner, id)]}]})
        owner.delete(f"/members/{id}")
    eventually(lambda: ("member.removed", joined[1]) in _of_members(owner, start, joined))
    assert _of_members(manager, start, joined) == [
        (f"member.{what}", joined[0]) for what in ("joined", "changed", "removed")
    ]
    assert _of_members(colleague, start, joined) == [(f"member.{what}", joined[0]) for what in ("joined", "removed")]
    assert _of_members(stranger, start, joined) == [(f"member.{what}", joined[1]) for what in ("joined", "removed")]


def test_who_may_not_know_of_a_team_hears_nothing_of_it(stack: Stack) -> None:
    owner, other = stack.ours.owner, stack.ours.owner.post("/brands", {"name": f"Other {number()}"})["id"]
    colleague, stranger = (stack.someone(stack.ours, "client", [brand]) for brand in (stack.ours.brand, other))
    start = end(owner)
    team = owner.post("/teams", {"name": f"Team {number()}", "members": [stranger.get("/me")["member"]]})["id"]
    eventually(lambda: _of_members(owner, start, [team]))
    assert _of_members(stranger, start, [team]) == [("team.created", team)]
    assert _of_members(colleague, start, [team]) == []


@pytest.mark.parametrize("is_removed", [False, True])
def test_who_may_not_know_of_an_attribute_hears_nothing_of_it(stack: Stack, is_removed: bool) -> None:
    owner, name = stack.ours.owner, f"size{number()}"
    other = owner.post("/brands", {"name": f"Other {number()}"})["id"]
    colleague, stranger = (stack.someone(stack.ours, "client", [brand]) for brand in (stack.ours.brand, other))
    start = end(owner)
    version = owner.put(f"/attributes/{name}", {"title": "Size", "type": "text", "brands": [other]})["version"]
    if is_removed:
        owner.call("DELETE", f"/attributes/{name}", headers={"If-Match": f'"{version}"'})
    events = [(f"attribute.{what}", name) for what in ("defined", "removed")[: 1 + is_removed]]
    eventually(lambda: _of_members(owner, start, [name]) == events)
    assert _of_members(stranger, start, [name]) == events
    assert _of_members(colleague, start, [name]) == []


def _brand_of(owner: Member, id: str) -> str:
    return str(owner.get(f"/members/{id}")["grants"][0]["brands"][0])


def _of_members(member: Member, after: str, targets: list[str]) -> list[tuple[str, str]]:
    return [(event["type"], event["target"]) for event in news(member, after) if event["target"] in targets]


def test_thin_events_are_the_same_without_data(stack: Stack, fan: Fan) -> None:
    owner, start = stack.ours.owner, end(stack.ours.owner)
    fan.says("Hello again")
    eventually(lambda: types(owner, start, fan.channel.conversation()["id"]))
    full = news(owner, start, channel=fan.channel.id)
    thin = news(owner, start, channel=fan.channel.id, detail="thin")
    assert thin[: len(full)] == [{name: event[name] for name in event if name != "data"} for event in full]


def test_changed_conversations_are_given_once_and_as_they_are(stack: Stack, fan: Fan) -> None:
    owner, start = stack.ours.owner, end(stack.ours.owner)
    id = fan.channel.conversation()["id"]
    owner.patch(f"/conversations/{id}", {"priority": "low"})
    owner.patch(f"/conversations/{id}", {"priority": "urgent"})
    eventually(lambda: len(types(owner, start, id, type="conversation.changed")) >= 2)
    changed = owner.get("/conversations/changes", since=start)
    assert [item["priority"] for item in changed["items"] if item["id"] == id] == ["urgent"]
    assert owner.get("/conversations/changes", since=changed["cursor"])["cursor"]


def test_who_loses_a_conversation_is_told_that_it_is_gone_and_nobody_else(stack: Stack, fan: Fan) -> None:
    owner, id = stack.ours.owner, fan.channel.conversation()["id"]
    role = owner.post("/roles", {"name": f"Own {number()}", "permissions": ["inbox.view_assigned"]})
    people = [stack.someone(stack.ours, "client", [stack.ours.brand]) for _ in range(2)]
    members = [person.get("/me")["member"] for person in people]
    for member in members:
        owner.patch(f"/members/{member}", {"grants": [{"role": role["id"], "brands": [stack.ours.brand]}]})
    before = end(people[0])
    owner.post(f"/conversations/{id}/assign", {"to": members[0]})
    start = eventually(lambda: end(people[0]) if "conversation.assigned" in types(people[0], before, id) else None)
    owner.post(f"/conversations/{id}/assign", {"to": None})
    eventually(lambda: people[0].get("/conversations/changes", since=start)["gone"] == [id])
    assert people[0].get("/conversations/changes", since=start)["items"] == []
    assert people[1].get("/conversations/changes", since=start)["gone"] == []


# WS-14
@pytest.mark.parametrize("cursor", ["garbage", "theirs", "MTIz"])
def test_cursor_that_is_not_ours_says_where_to_go_on(stack: Stack, cursor: str) -> None:
    owner, given = founded(stack, "Behind").owner, end(stack.theirs.owner) if cursor == "theirs" else cursor
    start = end(owner)
    owner.post("/teams", {"name": "Evening", "members": []})
    until_told(owner, start, ["team.created"])
    answer = owner.call("GET", "/events", after=given)
    assert answer.problem == (410, "resync_required")
    assert owner.get("/events", after=answer.json["cursor"])["items"] == []


@pytest.mark.parametrize(
    ("field", "misspelt", "code"),
    [
        ("type", "message,messages.received", "unknown_reference"),
        ("network", "whatsap", "unknown_reference"),
        ("surface", "dms", "invalid"),
    ],
)
def test_nobody_asks_for_what_there_is_not(stack: Stack, field: str, misspelt: str, code: str) -> None:
    asked: dict[str, Any] = {field: misspelt}
    answer = stack.ours.owner.call("GET", "/events", **asked)
    assert (answer.problem, answer.json["field"]) == ((422, code), field)


def test_every_type_has_a_schema(stack: Stack) -> None:
    described = stack.ours.members["client"].get("/events/schemas")["items"]
    assert [item["type"] for item in described] == sorted(catalogue.TYPES)


def test_one_type_is_described_alone(stack: Stack) -> None:
    [described] = stack.ours.owner.get("/events/schemas", type="message.received")["items"]
    assert (described["type"], described["sample"]["type"]) == ("message.received", "message.received")
    refused = stack.ours.owner.call("GET", "/events/schemas", type="message.recieved")
    assert (refused.problem, refused.json["field"]) == ((422, "unknown_reference"), "type")


def test_nothing_is_audited_that_the_catalogue_does_not_know() -> None:
    actions = set()
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in sources.nodes(path):
            if isinstance(node, ast.Call) and sources.name(node.func) in ("audit.entry", "audit.note", "_write"):
                actions |= {
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and "." in str(argument.value)
                }
    assert actions - set(catalogue.AUDITED) == AUDIT_ALONE


def test_key_that_comes_in_is_audited_as_itself(stack: Stack) -> None:
    grants = [{"role": "moderator", "brands": [stack.ours.brand]}]
    made = stack.ours.owner.post("/api-keys", {"name": "Robot", "grants": grants})
    robot = Member(stack.api, made["key"])
    assert [robot.call("GET", "/me").status for _ in range(2)] == [200, 200]
    entries = audits.recent(stack.ours.owner, target=made["id"], action="api_key.sign_in")
    assert [entry["performed_by"] for entry in entries] == [{"id": made["id"], "kind": "key"}]

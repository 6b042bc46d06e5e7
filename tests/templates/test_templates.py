"""A template from draft to retired: written, handed in, judged by the network, offered, sent, taken away."""

from typing import Any

import pytest

from chalicelib import clock
from tests.support import audits
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Member, Stack, eventually, number

BODY = {
    "type": "BODY",
    "text": "Hello {{1}}, your order is {{2}}.",
    "example": {"body_text": [["Ana", "ready"]]},
}
FILLED = [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "ready"}]}]
SECOND = 1000


@pytest.fixture(scope="module")
def channel(stack: Stack) -> Channel:
    return stack.connect("whatsapp")


def written(channel: Channel, name: str = "", **more: Any) -> dict[str, Any]:
    return {
        "channel": channel.id, "name": name or f"order_{number()}", "language": "es", "category": "UTILITY",
        "components": [BODY], **more,
    }  # fmt: skip


def drafted(channel: Channel, name: str = "", **more: Any) -> Any:
    return channel.agency.owner.post("/templates", written(channel, name, **more))


def submitted(channel: Channel, name: str = "") -> Any:
    return channel.agency.owner.post(f"/templates/{drafted(channel, name)['id']}/submit")


def told(channel: Channel, template: Any, **news: Any) -> None:
    """WhatsApp says that of it; without more that it was approved. Who asks is told the same from then on."""
    named = {"name": template["name"], "language": "es", "template": template["network_id"]}
    channel.tell_later("template", waba=channel.waba, **named, **news)
    channel.tell("template", **named, **news)


def shown(channel: Channel, template: Any, **expected: Any) -> Any:
    """The template, once that is so."""

    def there() -> Any:
        answer = channel.agency.owner.get(f"/templates/{template['id']}")
        return {**answer, **expected} == answer and answer

    return eventually(there)


def test_template_is_watched_until_it_can_be_sent(channel: Channel) -> None:
    owner, template = channel.agency.owner, submitted(channel)
    assert (template["state"], bool(template["network_id"])) == ("pending", True)
    told(channel, template, state="REJECTED", reason="INVALID_FORMAT", rejection_info={"reason": "Too short."})
    rejected = shown(channel, template, state="rejected", reason="INVALID_FORMAT")
    assert rejected["detail"] == "Too short."
    rewritten = owner.put(f"/templates/{template['id']}", {"category": "MARKETING", "components": [BODY]})
    assert (rewritten["state"], rewritten["category"]) == ("draft", "MARKETING")


def test_news_count_once_and_the_latest_counts(channel: Channel) -> None:
    template, at = submitted(channel), clock.now() // SECOND * SECOND
    told(channel, template, at=at, state="APPROVED", reason="NONE")
    approved = shown(channel, template, state="approved")
    told(channel, template, at=at - SECOND, state="REJECTED", reason="SCAM")
    told(channel, template, at=at, state="APPROVED", reason="NONE")
    told(channel, template, at=at + SECOND, field="message_template_quality_update", new_quality_score="RED")
    assert shown(channel, template, quality="red")["version"] == approved["version"] + 1
    told(channel, template, at=at + 2 * SECOND, state="PAUSED", other_info={"title": "FIRST_PAUSE"})
    assert shown(channel, template, state="paused")["quality"] == "red"


def test_category_is_to_change_at_its_date_and_then_did(channel: Channel) -> None:
    template, when = submitted(channel), clock.now() // SECOND + 86400
    field = "template_category_update"
    told(channel, template, field=field, new_category="UTILITY", correct_category="MARKETING",
         category_update_timestamp=when)  # fmt: skip
    answer = shown(channel, template, category="UTILITY", next_category="MARKETING")
    assert answer["category_at"] == clock.text(when * SECOND)
    told(channel, template, field=field, previous_category="UTILITY", new_category="MARKETING",
         at=clock.now() + SECOND)  # fmt: skip
    assert shown(channel, template, category="MARKETING", next_category=None)["category_at"] is None


def test_what_happens_to_a_template_is_told(channel: Channel) -> None:
    owner, after = channel.agency.owner, channel.agency.owner.get("/events", after="now")["cursor"]
    template = submitted(channel)
    told(channel, template, state="REJECTED", reason="SCAM")
    shown(channel, template, state="rejected")
    owner.delete(f"/templates/{template['id']}")

    def all_told() -> Any:
        events = owner.get("/events", after=after, type="template", brand=channel.agency.brand, limit=1000)["items"]
        mine = [event for event in events if event["target"] == template["id"]]
        return mine if mine and mine[-1]["type"] == "template.removed" else None

    events = eventually(all_told)
    kinds = [(event["type"].partition(".")[2], event["source"]) for event in events]
    assert kinds == [("created", "person"), ("changed", "person"), ("changed", "network"), ("removed", "person")]
    assert events[2]["data"]["after"]["reason"] == "SCAM"
    audited = audits.recent(owner, target=template["id"])
    assert "Hello" not in str(audited)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"category": "ADVERTISEMENT"}, "template_category"),
    ({"components": [{"type": "FOOTER", "text": "Bye"}]}, "template_component"),
    ({"components": [{"type": "BODY", "text": "x" * 1025}]}, "template_too_long"),
    ({"components": [{**BODY, "text": "Hello {{2}}."}]}, "template_variables"),
    ({"components": [{"type": "BODY", "text": "Hello {{1}}!"}]}, "template_examples"),
    ({"components": [BODY, {"type": "BUTTONS", "buttons": []}]}, "template_buttons"),
    ({"components": [{**BODY, "more": "x" * 20_000}]}, "too_much"),
]


def test_text_is_refused_with_what_is_wrong(channel: Channel) -> None:
    owner, made = channel.agency.owner, drafted(channel)
    for more, code in WRONG:
        assert owner.call("POST", "/templates", written(channel, **more)).problem == (422, code)
        text = {"category": "UTILITY", "components": [BODY], **more}
        assert owner.call("PUT", f"/templates/{made['id']}", text).problem == (422, code)
    assert owner.call("POST", "/templates", written(channel, name="Order")).problem == (422, "invalid")
    assert owner.call("POST", "/templates", written(channel, made["name"])).problem == (409, "template_exists")
    assert drafted(channel, made["name"], language="pt_BR")["id"] != made["id"]


def test_step_that_its_state_does_not_have_is_refused(channel: Channel) -> None:
    owner, template = channel.agency.owner, submitted(channel)
    path, text = f"/templates/{template['id']}", {"category": "UTILITY", "components": [BODY]}
    assert owner.call("PUT", path, text).problem == (409, "template_state")
    assert owner.call("POST", f"{path}/submit").problem == (409, "template_state")
    for verb, body, at in (("PUT", text, path), ("DELETE", None, path), ("POST", {}, f"{path}/submit")):
        assert owner.call(verb, at, body, headers={"If-Match": '"1"'}).status == 412


def test_what_the_network_refuses_stays_a_draft(channel: Channel) -> None:
    owner, first = channel.agency.owner, submitted(channel)
    owner.delete(f"/templates/{first['id']}")
    template = drafted(channel)
    channel.fails("rejected", template["name"], times=1)
    answer = owner.call("POST", f"/templates/{template['id']}/submit")
    assert (answer.problem, bool(answer.json["detail"])) == ((422, "template_refused"), True)
    channel.fails("unavailable", template["name"], times=1)
    answer = owner.call("POST", f"/templates/{template['id']}/submit")
    assert answer.problem == (503, "network_unreachable")
    assert owner.post(f"/templates/{template['id']}/submit")["state"] == "pending"


def test_what_the_network_does_not_let_go_of_stays(stack: Stack) -> None:
    channel = stack.connect("whatsapp")
    owner, template = channel.agency.owner, submitted(channel)
    for verb, path in (("DELETE", f"/templates/{template['id']}"), ("POST", f"/channels/{channel.id}/templates/sync")):
        for do, problem in (("rejected", (422, "template_refused")), ("unavailable", (503, "network_unreachable"))):
            stack.behave("whatsapp", do, token=channel.token, path="message_templates", times=1)
            assert owner.call(verb, path).problem == problem
    assert owner.get(f"/templates/{template['id']}")["state"] == "pending"
    owner.delete(f"/templates/{template['id']}")
    assert owner.call("GET", f"/templates/{template['id']}").status == 404


def test_template_is_tried_out_with_values(channel: Channel) -> None:
    owner, path = channel.agency.owner, f"/templates/{drafted(channel)['id']}/preview"
    assert owner.post(path, {"components": FILLED}) == {
        "header": None, "text": "Hello Ana, your order is ready.", "footer": None, "buttons": [], "missing": [],
        "strange": [],
    }  # fmt: skip
    assert owner.post(path)["missing"] == ["body.1", "body.2"]


def test_what_the_account_has_is_read_from_the_network(stack: Stack) -> None:
    channel = stack.connect("whatsapp", stack.brand())
    owner, query = channel.agency.owner, {"channel": channel.id}
    time_passes(clock.MINUTE)
    [sample] = eventually(lambda: owner.get("/templates", **query)["items"])
    assert (sample["name"], sample["state"], sample["language"]) == ("hello_world", "approved", "en_US")
    path = f"/channels/{channel.id}/templates/sync"
    assert owner.post(path) == {"found": 1, "new": 0, "changed": 0}
    template = submitted(channel, f"order_{number()}_at_once")
    assert owner.post(path) == {"found": 2, "new": 0, "changed": 0}
    assert [row["name"] for row in owner.every("/templates", state="approved", limit=1, **query)]
    assert len(owner.every("/templates", limit=1, **query)) == 2
    assert [row["id"] for row in owner.get("/templates", language="es", **query)["items"]] == [template["id"]]
    owner.delete(f"/templates/{sample['id']}")
    told(channel, {**template, "name": "made_elsewhere"})
    assert owner.post(path) == {"found": 1, "new": 0, "changed": 0}


def test_network_whose_templates_are_not_written_here_says_so(stack: Stack) -> None:
    channel = stack.connect("telegram")
    assert channel.agency.owner.call("POST", "/templates", written(channel)).problem == (422, "cannot_write_templates")
    path = f"/channels/{channel.id}/templates/sync"
    assert channel.agency.owner.call("POST", path).problem == (422, "cannot_write_templates")


def test_members_of_the_brand_read_and_editors_write(stack: Stack, channel: Channel) -> None:
    template = drafted(channel)
    agent = stack.ours.members["conversation_manager"]
    assert agent.get(f"/templates/{template['id']}")["name"] == template["name"]
    assert agent.call("POST", "/templates", written(channel)).problem == (403, "forbidden")
    elsewhere: Member = stack.someone(stack.ours, "community_manager", [stack.brand().brand])
    assert elsewhere.call("GET", f"/templates/{template['id']}").status == 404
    assert elsewhere.get("/templates")["items"] == []


@pytest.fixture
def fan(stack: Stack) -> Fan:
    brand: Agency = stack.brand()
    return Fan(stack.connect("whatsapp", brand), id=f"33{number()}")


def test_approved_templates_are_offered_with_their_variables(fan: Fan) -> None:
    owner, conversation = fan.channel.agency.owner, fan.starts()
    template = submitted(fan.channel, f"ready_{number()}_at_once")
    submitted(fan.channel)
    offered = owner.get(f"/conversations/{conversation['id']}/sendability")["templates"]
    [mine] = [offer for offer in offered if offer["language"] == "es"]
    assert mine == {
        "id": template["id"], "name": template["name"], "language": "es", "category": "UTILITY", "text": BODY["text"],
        "variables": [{"component": "body", "kind": "text", "names": ["1", "2"], "index": None}],
    }  # fmt: skip


def test_reply_with_a_template_that_cannot_be_sent_is_refused(fan: Fan) -> None:
    owner, conversation = fan.channel.agency.owner, fan.starts()
    path = f"/conversations/{conversation['id']}/replies"
    good, waiting = submitted(fan.channel, f"ready_{number()}_at_once"), submitted(fan.channel)

    def say(template: Any, components: Any) -> Any:
        return owner.call("POST", path, {"template": {"name": template, "language": "es", "components": components}})

    assert say(waiting["name"], FILLED).problem == (422, "template_not_approved")
    assert say(good["name"], []).problem == (422, "template_parameters")
    assert say(good["name"], FILLED).status == 202
    assert say("known_to_nobody", []).status == 202


def test_draft_whose_template_was_stopped_since_is_not_sent(fan: Fan) -> None:
    owner, conversation = fan.channel.agency.owner, fan.starts()
    template = submitted(fan.channel, f"ready_{number()}_at_once")
    said: Any = {"template": {"name": template["name"], "language": "es", "components": FILLED}, "draft": True}
    draft = owner.post(f"/conversations/{conversation['id']}/replies", said)
    owner.patch(f"/replies/{draft['id']}", {"template": {**said["template"], "components": []}})
    answer = owner.call("POST", f"/replies/{draft['id']}/submit", {})
    assert answer.problem == (422, "template_parameters")
    owner.patch(f"/replies/{draft['id']}", {"template": said["template"]})
    told(fan.channel, template, state="PAUSED")
    shown(fan.channel, template, state="paused")
    answer = owner.call("POST", f"/replies/{draft['id']}/submit", {})
    assert answer.problem == (422, "template_not_approved")


def test_planned_reply_whose_template_was_stopped_since_comes_back(fan: Fan) -> None:
    owner, conversation = fan.channel.agency.owner, fan.starts()
    template = submitted(fan.channel, f"ready_{number()}_at_once")
    said: Any = {"template": {"name": template["name"], "language": "es", "components": FILLED}}
    later = clock.text(clock.now() + clock.HOUR)
    planned = owner.post(f"/conversations/{conversation['id']}/replies", {**said, "send_at": later})
    told(fan.channel, template, state="PAUSED")
    shown(fan.channel, template, state="paused")
    time_passes(2 * clock.HOUR, planned["id"])
    assert eventually(lambda: owner.get(f"/replies/{planned['id']}")["because"]) == ["template"]


def test_reply_that_waits_for_approval_is_stale_while_its_template_is_stopped(stack: Stack, fan: Fan) -> None:
    owner, conversation = fan.channel.agency.owner, fan.starts()
    creator = stack.someone(fan.channel.agency, "content_creator", [fan.channel.agency.brand])
    template = submitted(fan.channel, f"ready_{number()}_at_once")
    said: Any = {"template": {"name": template["name"], "language": "es", "components": FILLED}}
    waiting = creator.post(f"/conversations/{conversation['id']}/replies", said)
    told(fan.channel, template, state="PAUSED")
    shown(fan.channel, template, state="paused")
    shown_now = owner.get(f"/replies/{waiting['id']}")
    assert (shown_now["status"], shown_now["stale"]) == ("stale", ["template"])
    answer = owner.call("POST", f"/replies/{waiting['id']}/approve", {"hash": waiting["hash"]})
    assert (answer.problem, answer.json["reasons"]) == ((409, "stale"), ["template"])

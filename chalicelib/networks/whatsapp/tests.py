import copy
import json
from pathlib import Path
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials, Media, Say
from chalicelib.networks.whatsapp import NETWORK, account, double
from chalicelib.networks.whatsapp import tests_calls as calls
from chalicelib.networks.whatsapp import tests_expected as expected
from chalicelib.networks.whatsapp.contacts import canonical
from local.double import Server
from tests.networks import damage

FIXTURES = {path.name.removesuffix(".in.json"): path for path in (Path(__file__).parent / "fixtures").glob("*.in.json")}
SAMPLES = Path(__file__).parents[3].parent / "shared" / "payloads" / "whatsapp"
TOKEN, NUMBER, WABA = "EAAtoken", "106540352242922", "102290129340398"
US = Credentials(account=NUMBER, token=TOKEN, details={"waba": WABA})


def _parsed(path: Path) -> list[base.Inbound]:
    return list(NETWORK.parse(json.loads(path.read_bytes())))


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    assert [(found.account, found.event) for found in _parsed(FIXTURES[name])] == expected.FIXTURES[name]


@pytest.mark.parametrize("name", FIXTURES)
def test_raw_is_no_larger_than_what_came(name: str) -> None:
    for found in _parsed(FIXTURES[name]):
        assert len(json.dumps(found.raw)) <= FIXTURES[name].stat().st_size * 1.2


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the payload samples are not beside this checkout")
@pytest.mark.parametrize("name", calls.SAMPLES)
def test_sample_gives_what_an_inbox_shows(name: str) -> None:
    shown = calls.SAMPLES[name]
    found = [found.event for found in _parsed(SAMPLES / f"{name}.json")]
    assert [type(event) for event in found] == [kind for kind, fields in shown]
    for event, (_, fields) in zip(found, shown, strict=True):
        assert {field: getattr(event, field) for field in fields} == fields


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the payload samples are not beside this checkout")
def test_no_sample_is_forgotten() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(calls.SAMPLES)


@pytest.mark.parametrize("name", double.EVENTS)
def test_what_the_double_posts_is_read(name: str) -> None:
    found = list(NETWORK.parse(double.EVENTS[name](waba="77")))
    assert found and {one.account for one in found} <= {NUMBER, "waba:77"}
    assert not any(isinstance(one.event, base.Unhandled) for one in found)


@pytest.mark.parametrize(
    ("spelled", "key"),
    [
        ("5511987654321", "551187654321"),
        ("551187654321", "551187654321"),
        ("5491123456789", "541123456789"),
        ("5215512345678", "525512345678"),
        ("551132654321", "551132654321"),
        ("34912345678", "34912345678"),
        ("US.13491208655302741918", "US.13491208655302741918"),
    ],
)
def test_spellings_of_a_number_share_a_key(spelled: str, key: str) -> None:
    assert canonical(spelled) == key


def test_thread_is_the_same_whichever_id_comes_first() -> None:
    both = double.EVENTS["dm"](person="34600000001", user_id="ES.1")
    contact = {"wa_id": "34600000001", "user_id": "ES.1", "profile": {"name": "Ana"}}
    hidden = copy.deepcopy(double.EVENTS["dm"](person="", user_id="ES.1"))
    hidden["entry"][0]["changes"][0]["value"]["contacts"] = [contact]
    threads = {getattr(found.event, "thread", "") for body in (both, hidden) for found in NETWORK.parse(body)}
    assert threads == {"34600000001"}


def _called(server: Server) -> Any:
    [request] = server.state.requests
    assert request["headers"]["authorization"] == f"Bearer {TOKEN}"
    assert (request["method"], request["host"]) == ("POST", "graph.facebook.com")
    assert request["path"] == f"/v25.0/{NUMBER}/messages"
    return request["json"]


@pytest.mark.parametrize("name", calls.SAYS)
def test_saying_is_one_call(name: str, server: Server) -> None:
    say, body = calls.SAYS[name]
    assert NETWORK.send(US, say).id.startswith("wamid.")
    assert _called(server) == {"messaging_product": "whatsapp", "recipient_type": "individual", **body}


@pytest.mark.parametrize("name", calls.ACTS)
def test_acting_is_one_call(name: str, server: Server) -> None:
    act, body = calls.ACTS[name]
    NETWORK.act(US, act)
    assert _called(server) == {"messaging_product": "whatsapp", **body}


def test_acts_whatsapp_does_not_have_are_rejected(server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="delete", thread="34600000001", id="wamid.1"))
    assert server.state.requests == []


IMAGE, VOICE = Media(kind="image", url="https://f.test/a.png"), Media(kind="audio", url="https://f.test/a.ogg")


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (Say(thread="1", text="Hi"), [("Hi", ())]),
        (Say(thread="1", text="Hi", attachments=(IMAGE, VOICE)), [("Hi", (IMAGE,)), ("", (VOICE,))]),
        (Say(thread="1", text="Hi", attachments=(VOICE,)), [("Hi", ()), ("", (VOICE,))]),
        (Say(thread="1", text="x" * 1025, attachments=(IMAGE,)), [("x" * 1025, ()), ("", (IMAGE,))]),
        (Say(thread="1", attachments=(IMAGE, IMAGE), reply_to="wamid.1"), [("", (IMAGE,)), ("", (IMAGE,))]),
    ],
)
def test_each_file_is_a_message_and_text_a_caption_where_it_can(say: Say, said: list[Any]) -> None:
    parts = NETWORK.parts(say)
    assert [(part.text, part.attachments) for part in parts] == said
    assert [part.reply_to for part in parts] == [say.reply_to, *[""] * (len(parts) - 1)]


@pytest.mark.parametrize("failure", [*calls.OUTCOMES, "timeout"])
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    outcome, code, after = calls.OUTCOMES.get(failure, (base.Unknown, "timeout", 0))
    server.state.behaviours.append({"network": "whatsapp", "do": failure, "times": 1})
    with pytest.raises(outcome) as raised:
        NETWORK.send(US, Say(thread="34600000001", text="Hi"))
    assert (type(raised.value), raised.value.code, raised.value.after) == (outcome, code, after)


def test_every_failure_of_the_double_has_an_outcome() -> None:
    assert set(calls.OUTCOMES) | {"not_theirs"} == set(double.FAILURES)


@pytest.mark.parametrize("say", calls.REFUSED)
def test_what_whatsapp_does_not_take_is_rejected(say: Say, server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(US, say)


def test_connecting_tells_the_number_and_its_business_account(server: Server) -> None:
    found = NETWORK.check(US)
    assert (found.account, found.name, found.also) == (NUMBER, "Lucky Shrub", (f"waba:{WABA}",))
    assert found.details == {"waba": WABA, "phone": "+1 555-078-3881"}


def test_business_account_of_somebody_else_is_rejected(server: Server) -> None:
    server.state.behaviours.append({"network": "whatsapp", "do": "not_theirs", "path": "phone_numbers", "times": 1})
    with pytest.raises(base.Rejected):
        NETWORK.check(US)
    with pytest.raises(base.Rejected):
        NETWORK.check(Credentials(account=NUMBER, token=TOKEN))
    with pytest.raises(base.Expired):
        NETWORK.check(Credentials(account=NUMBER, token="?", details={"waba": WABA}))


def test_business_account_is_followed_and_left(server: Server) -> None:
    NETWORK.subscribe(US, "https://palabre.test/hooks/whatsapp", "secret")
    NETWORK.unsubscribe(US)
    made = [(call["method"], call["path"], call["status"]) for call in server.state.requests]
    assert made == [(method, f"/v25.0/{WABA}/subscribed_apps", 200) for method in ("POST", "DELETE")]


def test_file_is_downloaded_with_the_token_alone(server: Server) -> None:
    assert NETWORK.download
    found = NETWORK.download(US, base.Attachment(kind="image", media="1908647269898587"))
    answer = urllib3.request("GET", found.url, headers=dict(found.headers))
    assert (answer.status, answer.data, found.mime, found.size) == (200, double.FILE, "image/png", len(double.FILE))
    assert found.headers["User-Agent"] and TOKEN not in repr(found)
    assert urllib3.request("GET", found.url).status == 401


def test_file_that_is_no_longer_there_is_gone(server: Server) -> None:
    assert NETWORK.download
    server.state.behaviours.append({"network": "whatsapp", "do": "no_such_number", "times": 1})
    with pytest.raises(base.Gone):
        NETWORK.download(US, base.Attachment(kind="image", media="1908647269898587"))


VALUE = "entry.changes.value"
NEEDED = (
    *("object", "entry.id", "entry.changes.field", f"{VALUE}.metadata.phone_number_id"),
    f"{VALUE}.metadata.display_phone_number",
    *(
        f"{VALUE}.{entries}.{name}"
        for entries in ("messages", "message_echoes", "history.threads.messages")
        for name in ("id", "from", "from_user_id", "from_parent_user_id", "to", "to_user_id", "type")
    ),
    f"{VALUE}.history.threads.id",
    *(f"{VALUE}.statuses.{name}" for name in ("id", "status", "recipient_id", "recipient_user_id")),
    *(f"{VALUE}.contacts.{name}" for name in ("wa_id", "user_id", "parent_user_id")),
)


# F25
@pytest.mark.parametrize("name", FIXTURES)
def test_nothing_optional_loses_a_message(name: str) -> None:
    assert damage.lost(NETWORK, [json.loads(FIXTURES[name].read_bytes())], NEEDED) == []


def _only(body: Any) -> Any:
    [inbound] = NETWORK.parse(body)
    assert list(NETWORK.parse(inbound.raw)) == [inbound]
    return inbound.event


# F25
@pytest.mark.parametrize("wa_id", ["34600000099", None, {"?": 1}, ""])
def test_sender_is_named_as_the_only_contact_beside_it_though_its_number_differs(wa_id: object) -> None:
    body = double.EVENTS["dm"](person="34600000001", name="Ana")
    body["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = wa_id
    event = _only(body)
    assert (event.thread, event.person) == (
        "34600000001", base.Person(id="34600000001", name="Ana", phone="+34600000001")
    )  # fmt: skip


# F25
def test_contact_of_one_sender_does_not_name_another() -> None:
    body, other = (double.EVENTS["dm"](person=person, name="Ana") for person in ("34600000001", "34600000002"))
    value = body["entry"][0]["changes"][0]["value"]
    value["messages"] += other["entry"][0]["changes"][0]["value"]["messages"]
    events: list[Any] = [inbound.event for inbound in NETWORK.parse(body)]
    assert [event.person.name for event in events] == ["Ana", ""]


# F25
@pytest.mark.parametrize("type", [None, {"?": 1}, ["text"], True])
def test_message_whose_type_cannot_be_read_is_what_its_content_is(type: object) -> None:
    body = double.EVENTS["dm"](text="Hi")
    message = body["entry"][0]["changes"][0]["value"]["messages"][0]
    message["type"] = type
    assert _only(body).text == "Hi"
    del message["text"]
    assert _only(body).kind == "unsupported"


# F25
def test_message_without_a_time_has_that_of_its_hook() -> None:
    body = double.EVENTS["dm"]()
    entry = body["entry"][0]
    entry["changes"][0]["value"]["messages"][0]["timestamp"] = "soon"
    event = _only(body)
    assert (event.at, event.exact) == (entry["time"] * 1000, False)


# F25
@pytest.mark.parametrize("metadata", [None, [], "?", {"timestamp": "soon"}])
def test_address_book_is_read_without_its_time(metadata: object) -> None:
    body = json.loads(FIXTURES["address_book_added_and_removed"].read_bytes())
    body["entry"][0]["changes"][0]["value"]["state_sync"][0]["metadata"] = metadata
    event = next(NETWORK.parse(body)).event
    assert isinstance(event, base.Profile) and event.person.name == "Ana García"


# F20
@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ({"response": "accept", "is_permanent": True}, "Calls are allowed for good"),
        ({"response": "accept", "is_permanent": False, "expiration_timestamp": "1795773600"}, "Calls are allowed"),
        ({"response": "reject"}, "Calls are not allowed"),
        ({"response": "later"}, "later"),
    ],
)
def test_permission_to_call_has_words(reply: Any, text: str) -> None:
    event = _only(double.EVENTS["call_permission"](reply=reply))
    assert (event.text, event.kind) == (text, "postback")
    assert "expiration_timestamp" not in reply or event.context["expiration_timestamp"] == "1795773600"


# F20
@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ({"type": "button", "button": {"payload": "yes"}}, ("yes", "postback")),
        ({"type": "button", "button": {}}, ("", "unsupported")),
        ({"type": "button"}, ("", "unsupported")),
        (
            {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "l1"}}},
            ("l1", "postback"),
        ),
        (
            {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow"}}},
            ("flow", "postback"),
        ),
        ({"type": "interactive", "interactive": {"type": "swipe_reply", "swipe_reply": {"x": 1}}}, ("", "unsupported")),
    ],
)
def test_pressed_thing_without_a_title_is_no_empty_bubble(message: Any, shown: tuple[str, str]) -> None:
    body = double.EVENTS["dm"]()
    kept = body["entry"][0]["changes"][0]["value"]["messages"][0]
    del kept["text"]
    kept |= message
    event = _only(body)
    assert (event.text, event.kind) == shown


# F27
def test_number_that_does_not_exist_or_cannot_be_seen_is_refused_for_good(server: Server) -> None:
    server.state.behaviours.append({"network": "whatsapp", "do": "no_such_number", "times": 1})
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(US)
    assert raised.value.code == "100/33"


def _news(field: str, **value: Any) -> Any:
    body = {"id": WABA, "time": 1764000000, "changes": [{"field": field, "value": value}]}
    return _only({"object": "whatsapp_business_account", "entry": [body]})


BANNED = ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}})
LIMITED = ("phone_number_quality_update", {"event": "DOWNGRADE", "display_phone_number": "1555"})
REJECTED = ("message_template_status_update", {"event": "REJECTED", "message_template_id": 12})
RED = ("message_template_quality_update", {"new_quality_score": "RED", "message_template_id": 12})
UNNAMED = ("phone_number_name_update", {"decision": "REJECTED", "display_phone_number": "1555"})


# F22
@pytest.mark.parametrize(
    ("trouble", "field", "news", "is_end"),
    [
        (BANNED, "account_update", {"event": "AD_ACCOUNT_LINKED"}, False),
        (BANNED, "account_update", {"event": "PARTNER_ADDED"}, False),
        (BANNED, "account_update", {"event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"}, False),
        (BANNED, "account_update", {"event": "ACCOUNT_RECONNECTED"}, False),
        (BANNED, "account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}, True),
        (("account_update", {"event": "ACCOUNT_RESTRICTION"}), "account_update", {"event": "ACCOUNT_UPDATE"}, False),
        (("account_update", {"event": "PARTNER_REMOVED"}), "account_update", {"event": "PARTNER_ADDED"}, True),
        (LIMITED, LIMITED[0], {"event": "THROUGHPUT_UPGRADE", "display_phone_number": "1555"}, False),
        (LIMITED, LIMITED[0], {"event": "UPGRADE", "display_phone_number": "15556"}, False),
        (LIMITED, LIMITED[0], {"event": "UPGRADE", "display_phone_number": "1555"}, True),
        (REJECTED, REJECTED[0], {"event": "APPROVED", "message_template_id": 123}, False),
        (REJECTED, REJECTED[0], {"event": "PENDING", "message_template_id": 12}, False),
        (REJECTED, RED[0], {"new_quality_score": "GREEN", "message_template_id": 12}, False),
        (REJECTED, REJECTED[0], {"event": "APPROVED", "message_template_id": 12}, True),
        (RED, RED[0], {"new_quality_score": "UNKNOWN", "message_template_id": 12}, False),
        (RED, RED[0], {"new_quality_score": "YELLOW", "message_template_id": 12}, True),
        (UNNAMED, UNNAMED[0], {"decision": "APPROVED", "display_phone_number": "1556"}, False),
        (UNNAMED, UNNAMED[0], {"decision": "DEFERRED", "display_phone_number": "1555"}, False),
        (UNNAMED, UNNAMED[0], {"decision": "APPROVED", "display_phone_number": "1555"}, True),
    ],
)
def test_only_the_end_of_a_trouble_clears_it(trouble: Any, field: str, news: Any, is_end: bool) -> None:
    began, event = _news(trouble[0], **trouble[1]), _news(field, **news)
    assert began.health in ("alert", "disconnected")
    is_good = isinstance(event, base.AccountEvent) and event.health == "ok"
    assert (is_good and began.name.startswith(event.name.partition(".")[0])) is is_end


# F22
def test_no_trouble_is_cleared_by_the_end_of_another() -> None:
    kinds = {
        f"{kind}[" if field.whose else kind for field in account.FIELDS.values() for kind, _ in field.news.values()
    }
    assert [(kind, other) for kind in kinds for other in kinds - {kind} if other.startswith(kind)] == []


# F22
@pytest.mark.parametrize(
    "state", [["DISABLE"], "DISABLE", ["SCHEDULE_FOR_DISABLE", "DISABLE", "REINSTATE"], [], None, {}]
)
def test_ban_is_in_force_unless_its_end_is_all_that_is_told(state: object) -> None:
    event = _news("account_update", event="DISABLED_UPDATE", ban_info={"waba_ban_state": state})
    assert (event.name, event.health) == ("account_ban.disabled_update", "disconnected")

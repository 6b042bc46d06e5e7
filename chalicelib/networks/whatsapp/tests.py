"""The events that WhatsApp's webhook bodies become."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.whatsapp import NETWORK, double
from chalicelib.networks.whatsapp import tests_expected as expected
from chalicelib.networks.whatsapp.contacts import canonical
from chalicelib.networks.whatsapp.tests_connect import NUMBER
from tests.networks import damage

FIXTURES = {path.name.removesuffix(".in.json"): path for path in (Path(__file__).parent / "fixtures").glob("*.in.json")}


def parsed(path: Path) -> list[base.Inbound]:
    return list(NETWORK.parse(json.loads(path.read_bytes())))


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    assert [(inbound.account, inbound.event) for inbound in parsed(FIXTURES[name])] == expected.FIXTURES[name]


@pytest.mark.parametrize("name", FIXTURES)
def test_raw_is_no_larger_than_what_came(name: str) -> None:
    for inbound in parsed(FIXTURES[name]):
        assert len(json.dumps(inbound.raw)) <= FIXTURES[name].stat().st_size * 1.2


@pytest.mark.parametrize("name", double.EVENTS)
def test_what_the_double_posts_is_read(name: str) -> None:
    inbounds = list(NETWORK.parse(double.EVENTS[name](waba="77")))
    assert inbounds and {inbound.account for inbound in inbounds} <= {NUMBER, "waba:77"}
    assert not any(isinstance(inbound.event, base.Unhandled) for inbound in inbounds)


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
    threads = {getattr(inbound.event, "thread", "") for body in (both, hidden) for inbound in NETWORK.parse(body)}
    assert threads == {"34600000001"}


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


def only(body: Any) -> Any:
    [inbound] = NETWORK.parse(body)
    assert list(NETWORK.parse(inbound.raw)) == [inbound]
    return inbound.event


# F25
@pytest.mark.parametrize("wa_id", ["34600000099", None, {"?": 1}, ""])
def test_sender_is_named_as_the_only_contact_beside_it_though_its_number_differs(wa_id: object) -> None:
    body = double.EVENTS["dm"](person="34600000001", name="Ana")
    body["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = wa_id
    event = only(body)
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
    assert only(body).text == "Hi"
    del message["text"]
    assert only(body).kind == "unsupported"


# F25
def test_message_without_a_time_has_that_of_its_hook() -> None:
    body = double.EVENTS["dm"]()
    entry = body["entry"][0]
    entry["changes"][0]["value"]["messages"][0]["timestamp"] = "soon"
    event = only(body)
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
        ({"response": "accept", "is_permanent": True}, "accept"),
        ({"response": "accept", "is_permanent": False, "expiration_timestamp": "1795773600"}, "accept"),
        ({"response": "reject"}, "reject"),
        ({"response": "later"}, "later"),
    ],
)
def test_permission_to_call_is_told_by_its_code(reply: Any, text: str) -> None:
    event = only(double.EVENTS["call_permission"](reply=reply))
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
    event = only(body)
    assert (event.text, event.kind) == shown

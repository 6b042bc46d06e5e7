"""The events that Messenger's webhook bodies become."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.messenger import NETWORK, double
from chalicelib.networks.messenger.tests_expected import AT, EXPECTED, PAGE, PRICED, PRODUCT, SAMPLED, SAMPLED_KINDS
from tests.networks import damage
from tests.payloads import samples

HERE = Path(__file__).parent
SAMPLES = samples.FOLDER / "messenger"


def fixture(name: str) -> Any:
    return json.loads((HERE / "fixtures" / f"{name}.in.json").read_text())


FIXTURES = sorted(path.name.removesuffix(".in.json") for path in (HERE / "fixtures").glob("*.in.json"))


def events(name: str) -> list[base.Event]:
    return [inbound.event for inbound in NETWORK.parse(fixture(name))]


@pytest.mark.parametrize("name", FIXTURES)
def test_each_recorded_body_gives_its_events(name: str) -> None:
    assert events(name) == EXPECTED[name]


def test_every_account_of_a_body_is_told() -> None:
    inbounds = list(NETWORK.parse(fixture("batch_of_two_pages_with_one_unreadable")))
    assert [inbound.account for inbound in inbounds] == [PAGE, PAGE, "104100000000002"]


def test_a_body_about_something_else_is_malformed() -> None:
    body = {**fixture("message_text"), "object": "instagram"}
    assert [inbound.event for inbound in NETWORK.parse(body)] == [base.Unhandled(reason="malformed")]


@samples.needed
def test_every_public_sample_is_expected() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(SAMPLED)


@samples.needed
@pytest.mark.parametrize("name", SAMPLED)
def test_each_public_sample_gives_what_it_should(name: str) -> None:
    sample_events = [inbound.event for inbound in NETWORK.parse(json.loads((SAMPLES / f"{name}.json").read_text()))]
    assert [type(event) for event in sample_events] == [kind for kind, _ in SAMPLED[name]]
    for event, (_, fields) in zip(sample_events, SAMPLED[name], strict=True):
        assert {field: getattr(event, field) for field in fields} == fields
    kinds = [file.kind for event in sample_events if isinstance(event, base.Message) for file in event.attachments]
    assert kinds == SAMPLED_KINDS.get(name, [])


@pytest.mark.parametrize("stamp", [0, -1, "x", None, 253402300800000, 1e300, "1784990000", True, {"a": 1}])
def test_any_timestamp_gives_a_sane_time(stamp: object) -> None:
    body = fixture("message_text")
    body["entry"][0]["messaging"][0]["timestamp"] = stamp
    event = next(NETWORK.parse(body)).event
    assert isinstance(event, base.Message)
    assert event.at == (1784990000000 if stamp == "1784990000" else AT + 400)
    assert event.exact == (stamp == "1784990000")


SIDES = ("entry.{0}.sender.id", "entry.{0}.recipient.id")
NEEDED = (
    *("object", "entry.id", "entry.changes.value.sender.id", "entry.changes.value.message.mid"),
    *(path.format(name) for name in ("messaging", "standby") for path in SIDES),
    *(f"entry.{name}.{content}.mid" for name in ("messaging", "standby") for content in ("message", "postback")),
    *("entry.messaging.message.is_echo", "entry.messaging.order.mid"),
    *("entry.messaging.delivery.mids", "entry.messaging.delivery.watermark", "entry.messaging.read.watermark"),
)
NAMED_BY_CONTENT = ("order", "postback_without_mid_in_seconds")


# F25
@pytest.mark.parametrize("name", [name for name in FIXTURES if name not in NAMED_BY_CONTENT])
def test_nothing_optional_loses_a_message(name: str) -> None:
    assert damage.lost(NETWORK, [fixture(name)], NEEDED) == []


# F25
def test_nothing_optional_loses_an_order() -> None:
    order = {"mid": "m_order", "products": [PRICED, PRODUCT], "note": "No salt"}
    assert damage.lost(NETWORK, [double.event(order=order)], NEEDED) == []


# F25
@pytest.mark.parametrize(
    "watermark", [AT - 10, str(AT - 10), (AT - 10) // 1000, str((AT - 10) // 1000), float(AT - 10)]
)
def test_watermark_is_read_as_number_or_text(watermark: object) -> None:
    for name in ("delivery", "read"):
        receipt: dict[str, Any] = {name: {"watermark": watermark}}
        [inbound] = NETWORK.parse(double.event(**receipt))
        assert isinstance(inbound.event, base.Receipt)
        assert inbound.event.watermark // 1000 == (AT - 10) // 1000


# F25
@pytest.mark.parametrize(
    ("mids", "ids"),
    [("m_a", ["m_a", ""]), (None, [""]), ([], [""]), ({"?": 1}, [""]), (7, [""]), (["m_a"], ["m_a", ""])],
)
def test_watermark_is_applied_whatever_is_beside_it(mids: object, ids: list[str]) -> None:
    inbounds = list(NETWORK.parse(double.event(delivery={"mids": mids, "watermark": AT})))
    assert [getattr(inbound.event, "id", None) for inbound in inbounds] == ids


# F20
@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ({"postback": {"mid": "m_1", "payload": "START"}}, ("START", "postback")),
        ({"postback": {"mid": "m_1"}}, ("", "unsupported")),
        ({"message": {"mid": "m_1", "quick_reply": {"payload": "RED"}}}, ("RED", "")),
        ({"message": {"mid": "m_1", "quick_reply": {}}}, ("", "unsupported")),
        ({"message": {"mid": "m_1", "attachments": []}}, ("", "unsupported")),
    ],
)
def test_pressed_thing_without_a_title_is_no_empty_bubble(content: Any, shown: tuple[str, str]) -> None:
    [inbound] = NETWORK.parse(double.event(**content))
    assert isinstance(inbound.event, base.Message)
    assert (inbound.event.text, inbound.event.kind) == shown


# F22
@pytest.mark.parametrize("action", ["warn", "", None, {"?": 1}])
def test_page_stays_blocked_until_it_is_unblocked(action: object) -> None:
    [inbound] = NETWORK.parse(double.event(policy_enforcement={"action": action, "reason": "Spam"}))
    assert inbound.event == base.Unhandled(reason="unknown_policy")

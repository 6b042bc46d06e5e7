"""The events that Trustpilot's posts become, and which posts are accepted."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Person, Secrets, Unhandled
from chalicelib.networks.trustpilot import NETWORK
from tests.networks import damage

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
EIGHT, DAY = 1790928000000, 86_400_000
CONTEXT = {"rating": "4", "reference": "CMD-7", "location": "9d1c", "language": "fr"}
MALFORMED = Unhandled(reason="malformed")


def said(id: str, text: str = "Très bien\n\nLivré en deux jours.", **more: Any) -> Message:
    fields: dict[str, Any] = {"person": Person(id="62aa01", name="Zoé"), "context": CONTEXT, **more}
    return Message(thread=id, id=id, at=EIGHT, surface="review", kind="review", text=text, **fields)


EXPECTED: dict[str, list[base.Event]] = {
    "service_review_created": [said("62bb01")],
    "service_review_updated": [
        base.Edit(
            thread="62bb01", id="62bb01", at=EIGHT + DAY, text="Très bien\n\nPuis cassé.", created=EIGHT,
            context={**CONTEXT, "rating": "2"}, surface="review",
        )
    ],
    "service_review_deleted": [
        base.Delete(thread="62bb01", ids=("62bb01",), at=EIGHT, created=EIGHT, surface="review")
    ],
    "product_review_created": [said("product:62bb02", "Bonne farine", person=Person(id="product:62bb02"))],
    "review_of_stars_only": [said("62bb03", "", context={"rating": "4"})],
    "batch_with_unreadable_and_unknown_items": [
        MALFORMED, MALFORMED, Unhandled(reason="unknown_type"), said("62bb05"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    assert [inbound.event for inbound in NETWORK.parse(FIXTURES[name])] == EXPECTED[name]


def test_damage_to_what_is_optional_loses_nothing() -> None:
    needed = ["events.eventName", "events.eventData.id", "events.eventData.consumer.id"]
    bodies = [body for name, body in FIXTURES.items() if not name.startswith("batch")]
    assert damage.lost(NETWORK, bodies, needed) == []


def told(secret: str) -> list[dict[str, str]]:
    pair = base64.b64encode(f"palabre:{secret}".encode()).decode()
    return [{"?secret": secret}, {"authorization": f"Basic {pair}"}]


def test_address_with_the_secret_is_believed() -> None:
    secrets = Secrets(signing=("new", "old"))
    for headers in (*told("new"), *told("old")):
        assert NETWORK.verify(b"{}", headers, secrets)
        assert not NETWORK.verify(b"{}", headers, Secrets())
    for headers in (*told("other"), *told(""), {"?other": "new"}, {"secret": "new"}, {"?secret": "é"}):
        assert not NETWORK.verify(b"{}", headers, secrets)


@pytest.mark.parametrize(
    "header", ["Basic", "Basic ?", "Basic bmV3", "Bearer new", "Basic /w==", "Basic é", "Basic " + "A" * 600]
)
def test_header_that_is_no_password_is_not_believed(header: str) -> None:
    assert not NETWORK.verify(b"{}", {"authorization": header}, Secrets(signing=("new", "")))

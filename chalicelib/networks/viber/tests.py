"""The events that Viber's posts become, and which posts are signed by Viber."""

import json
from pathlib import Path

from chalicelib import strict_json
from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Message, Person, Profile, Receipt, Unhandled
from chalicelib.networks.viber import NETWORK
from tests.networks.damage import lost

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
NEEDED = ("event", "message_token", "sender.id", "user_id", "user.id")
PERSON = "Zm9vYmFyYmF6cXV4PT0="
INES = Person(id=PERSON, name="Inês Prata", avatar="https://media-direct.viber.example/ines.jpg")
AT = 1790000000000
MEDIA = "https://dl-media.viber.example"
FROM = {"country": "PT", "language": "pt-PT"}


def said(n: int, text: str = "", *files: Attachment, kind: str = "", **context: str) -> Message:
    return Message(
        thread=PERSON, id=str(5800000000000000000 + n), at=AT + n, person=INES, text=text, attachments=files,
        kind=kind, context={**context, "person": FROM},
    )  # fmt: skip


def receipt(n: int, status: base.ReceiptStatus, error: str = "") -> Receipt:
    return Receipt(thread=PERSON, id=str(5800000000000000000 + n), at=AT + n, status=status, error=error)


EXPECTED: dict[str, base.Event] = {
    "text": said(1, "Há mesa para dois?", tracking_data="summer"),
    "picture": said(
        2, "Isto", Attachment(kind="image", url=f"{MEDIA}/a.jpg", name="a.jpg", size=3210, expires=True)
    ),
    "video": said(
        3, "", Attachment(kind="video", url=f"{MEDIA}/b.mp4", size=90210, expires=True, details={"duration": "9"})
    ),
    "file": said(4, "", Attachment(kind="file", url=f"{MEDIA}/c", name="carta.pdf", size=4096, expires=True)),
    "contact": said(
        5, "", Attachment(kind="contact", title="Rui", details={"name": "Rui", "phone_number": "+351910000000"})
    ),
    "location": said(6, "", Attachment(kind="location", details={"latitude": 38.71, "longitude": -9.13})),
    "sticker": said(7, "", Attachment(kind="sticker", url=f"{MEDIA}/s.png", media="46105", expires=True)),
    "link": said(8, "", Attachment(kind="link", url="https://shop.example/x")),
    "message_of_an_unknown_kind": said(9, kind="unsupported", content="hologram"),
    "delivered": receipt(10, "delivered"),
    "seen": receipt(11, "read"),
    "failed": receipt(12, "failed", "failure description"),
    "subscribed": Profile(person=INES, at=AT + 13, reachable=True),
    "unsubscribed": Profile(person=Person(id=PERSON), at=AT + 14, reachable=False),
    "conversation_started_by_a_link": Profile(person=INES, at=AT + 15, context={"started": True, "context": "poster"}),
    "webhook_set": Unhandled(reason="webhook"),
    "client_status": Unhandled(reason="client_status"),
    "unknown_event": Unhandled(reason="unknown_type"),
}  # fmt: skip


def event(body: base.Json) -> base.Event:
    [inbound] = NETWORK.parse(body)
    return inbound.event


def test_every_fixture_becomes_its_event() -> None:
    assert {name: event(body) for name, body in FIXTURES.items()} == EXPECTED


def test_ids_of_64_bits_are_kept_as_they_came() -> None:
    raw = b'{"event":"delivered","message_token":18446744073709551615,"user_id":"a="}'
    delivery = event(strict_json.posted(raw))
    assert isinstance(delivery, Receipt)
    assert delivery.id == "18446744073709551615"


def test_what_is_damaged_but_not_needed_loses_nothing() -> None:
    assert lost(NETWORK, FIXTURES.values(), NEEDED) == []

"""The events that LinkedIn's notifications become."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Person, Secrets, Unhandled
from chalicelib.networks.double import wire
from chalicelib.networks.linkedin import NETWORK, double
from tests.networks import damage
from tests.payloads import samples

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
SAMPLES = {path.stem: json.loads(path.read_bytes()) for path in samples.FOLDER.glob("linkedin/*.json")}
ORGANIZATION, SHARE, AT = "urn:li:organization:77001122", "urn:li:share:7200999999999999001", 1790000000123
PAGE = "https://www.linkedin.com/feed/update/"
KIM = Person(id="urn:li:person:Qw3rTy")
POST = base.Origin(id=SHARE, url=PAGE + SHARE, title="Opening on Saturday")
MALFORMED, ENGAGEMENT = Unhandled(reason="malformed"), Unhandled(reason="engagement")


def named(digit: str) -> str:
    return f"urn:li:comment:(urn:li:activity:7201000000000000001,7201{digit * 15})"


def said(digit: str, text: str = "", **more: Any) -> Message:
    fields: dict[str, Any] = {"thread": named(digit), "person": KIM, "origin": POST, "surface": "comment", **more}
    return Message(id=named(digit), at=AT, exact=False, text=text, **fields)


def mentioned(digit: str, text: str, kind: str = "") -> Message:
    share = f"urn:li:share:7201{digit * 15}"
    origin = base.Origin(id=share, url=PAGE + share)
    return Message(
        thread=share, id=share, at=AT, exact=False, surface="mention", person=KIM, text=text, kind=kind, origin=origin
    )


PICTURE = base.Attachment(kind="image", url="https://media.licdn.com/a.jpg", expires=True)
EXPECTED: dict[str, list[base.Event]] = {
    "comment_created": [said("1", "Until when are you open?")],
    "comment_answering_another": [said("2", "Until ten, I think", thread=named("1"), reply_to=named("1"))],
    "comment_with_picture": [said("3", attachments=(PICTURE,))],
    "comment_without_decoration": [said("4", kind="unsupported", person=Person(id=""))],
    "comment_by_the_organization": [
        said("5", "Until ten!", thread=named("1"), reply_to=named("1"), direction="out", person=None)
    ],
    "comment_edited": [
        base.Edit(
            thread=named("1"), id=named("1"), at=AT, text="Until when are you open on Sundays?", surface="comment"
        )
    ],
    "comment_deleted": [base.Delete(thread=named("1"), ids=(named("1"),), at=AT, surface="comment")],
    "comment_liked": [
        base.Reaction(thread=named("5"), id=named("5"), at=AT, by=KIM, emoji="👍", surface="comment")
    ],
    "post_liked": [ENGAGEMENT],
    "post_shared": [ENGAGEMENT],
    "mention_in_a_post": [mentioned("7", "Best pizza: @Trattoria")],
    "mention_in_a_picture": [mentioned("8", "", "unsupported")],
    "batch_with_unreadable_and_unknown_items": [
        MALFORMED, MALFORMED, Unhandled(reason="unknown_type"), MALFORMED, said("9", "And you?"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    assert [inbound.event for inbound in NETWORK.parse(FIXTURES[name])] == EXPECTED[name]


def test_each_notification_is_for_its_own_organization() -> None:
    inbounds = list(NETWORK.parse(FIXTURES["batch_with_unreadable_and_unknown_items"]))
    assert [inbound.account for inbound in inbounds] == [
        "", ORGANIZATION, ORGANIZATION, "", "urn:li:organization:77001133",
    ]  # fmt: skip


def test_damage_to_what_is_optional_loses_nothing() -> None:
    """Without its owner a comment has no known author, and without `object` it has no thread above it."""
    inside = "notifications.decoratedGeneratedActivity"
    needed = ["notifications.organizationalEntity", "notifications.action", "notifications.generatedActivity"]
    needed += [f"{inside}.{part}.{name}" for part in ("comment", "share") for name in ("owner", "entity", "object")]
    bodies = [body for name, body in FIXTURES.items() if not name.startswith("batch")]
    assert damage.lost(NETWORK, bodies, needed) == []


SAMPLED: dict[str, list[tuple[type[base.Event], dict[str, Any]]]] = {
    "doc-comment-edit": [(base.Edit, {"text": "edited"})],
    "doc-like": [(Unhandled, {"reason": "engagement"})],
    "doc-nested-comment": [(Message, {"text": "nested reply", "surface": "comment"})],
    "doc-share": [(Unhandled, {"reason": "engagement"})],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_shared_sample_gives_what_it_must(name: str) -> None:
    events = [inbound.event for inbound in NETWORK.parse(SAMPLES[name])]
    assert [(type(event), {key: getattr(event, key) for key in fields}) for event, (_, fields) in
            zip(events, SAMPLED[name], strict=True)] == SAMPLED[name]  # fmt: skip
    assert all(getattr(event, "reply_to", "-").endswith("7094977717598625792)") for event in events
               if isinstance(event, Message))  # fmt: skip


def test_signature_is_over_the_prefix_too() -> None:
    raw, secrets = wire(double.EVENTS["comment"]()), Secrets(signing=("new", "old"))
    assert NETWORK.verify(raw, {"x-li-signature": double.sign(raw, "old")["X-LI-Signature"]}, secrets)
    plain = hmac.new(b"new", raw, hashlib.sha256).hexdigest()
    assert not NETWORK.verify(raw, {"x-li-signature": plain}, secrets)
    with_prefix = "hmacsha256=" + double.sign(raw, "new")["X-LI-Signature"]
    assert not NETWORK.verify(raw, {"x-li-signature": with_prefix}, secrets)


CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


def test_handshake_is_answered_with_the_present_secret() -> None:
    answer = NETWORK.handshake({"challengeCode": CODE, "applicationId": "1"}, Secrets(signing=("new", "old")))
    response = hmac.new(b"new", CODE.encode(), hashlib.sha256).hexdigest()
    assert json.loads(answer or "") == {"challengeCode": CODE, "challengeResponse": response}
    assert NETWORK.handshake_type == "application/json"


@pytest.mark.parametrize(
    "code", ['hmacsha256={"notifications":[]}', "", "{}", CODE + "\n", CODE[1:], "٨" + CODE[1:], f"{CODE}{CODE}"],
    ids=["a body", "nothing", "JSON", "a line", "a digit less", "another digit", "twice"],
)  # fmt: skip
def test_handshake_signs_nothing_but_a_uuid(code: str) -> None:
    assert NETWORK.handshake({"challengeCode": code}, Secrets(signing=("new",))) is None
    assert NETWORK.handshake({"challengeCode": CODE}, Secrets(signing=("",), verify=("new",))) is None


def test_body_says_early_whom_it_is_about() -> None:
    assert NETWORK.about(wire(FIXTURES["comment_created"])) == ORGANIZATION
    assert NETWORK.about(b'{"organizationalEntity":"urn:li:person:1"}') == ""

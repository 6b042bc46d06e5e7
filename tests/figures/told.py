"""Messages as the stream tells of them."""

from typing import Any

from chalicelib import clock, ids
from chalicelib.figures.facts import Fact
from chalicelib.store import keys
from chalicelib.store.changes import Change, Image
from chalicelib.store.models.inbox import Message

AGENCY = "agc_01j00000000000000000000000"
HOUR = clock.now() // clock.HOUR * clock.HOUR
TALK = "cnv_" + "0" * 20


def brand_of(agency: str) -> str:
    """An agency's only brand."""
    return f"brd_{agency[4:]}"


def message(number: int = 1, *, at: int = HOUR, agency: str = AGENCY, **more: Any) -> Message:
    """Something a person said at that time (ms); with `direction="out"` and a `reply` it is ours."""
    id = ids.message(TALK, at, str(number))
    given: dict[str, Any] = {
        "channel": "chn_a", "brand": brand_of(agency), "direction": "in", "surface": "dm", "kind": "text", "author": {},
        "status": "received", "sent_at": at, "received_at": at,
    }  # fmt: skip
    return Message(keys.within(agency, TALK), keys.message(id), id=id, **{**given, **more})


def image(message: Message) -> Image:
    return message.serialize(null_check=False)


def inserted(message: Message) -> Change:
    return Change("INSERT", message.pk, message.sk, {}, image(message))


def modified(old: Message, new: Message) -> Change:
    return Change("MODIFY", old.pk, old.sk, image(old), image(new))


def removed(message: Message) -> Change:
    return Change("REMOVE", message.pk, message.sk, image(message), {})


def record(change: Change) -> dict[str, Any]:
    """As Lambda hands it over."""
    images = {name: value for name, value in (("OldImage", change.old), ("NewImage", change.new)) if value}
    key = {"pk": {"S": change.pk}, "sk": {"S": change.sk}}
    fields = {"Keys": key, "SequenceNumber": "1", "ApproximateCreationDateTime": 1, **images}
    return {"eventName": change.kind, "dynamodb": fields}


def summed(facts: list[Fact]) -> dict[str, int]:
    """How much there is of each kind, told once each."""
    kinds = sorted({fact.cell.kind for fact in facts})
    return {kind: sum(fact.amount for fact in facts if fact.cell.kind == kind) for kind in kinds}

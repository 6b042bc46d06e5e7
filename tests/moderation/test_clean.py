"""What no rule means writes no more because there are rules."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock
from chalicelib.channels.channels import Owner
from chalicelib.networks import base
from chalicelib.store import fence, table
from chalicelib.transport import arrivals
from tests.moderation.test_by_rules import INSULT, live
from tests.support.stack import Stack, number

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")


def shape(value: Any) -> Any:
    """What is written, with the length of each text and number for itself: ids are another in each brand."""
    if isinstance(value, Mapping):
        return {name: shape(part) for name, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else len(str(value))


def writes(owner: Owner, person: str, text: str, now: int) -> list[Any]:
    """What is written when somebody comments that."""
    asked: list[Any] = []

    def note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if model.name in WRITES:
            asked.append((model.name, shape(params)))

    said = base.Message(
        thread=person, id=f"{person}{now}", at=now, surface="comment", person=base.Person(id=person), text=text
    )
    events = table.connection().client.meta.events
    events.register("before-parameter-build.dynamodb.*", note)
    try:
        assert arrivals.receive(owner, said, now).new
    finally:
        events.unregister("before-parameter-build.dynamodb.*", note)
    return asked


def test_clean_message_makes_the_same_writes_with_rules_as_without(stack: Stack) -> None:
    ruled, bare, person, now = stack.brand(), stack.brand(), number(), clock.now()
    live(ruled)
    for rule in bare.owner.every(f"/brands/{bare.brand}/rules"):
        bare.owner.call("DELETE", f"/rules/{rule['id']}", headers={"If-Match": "*"})
    assert bare.owner.every(f"/brands/{bare.brand}/rules") == []
    owners = [Owner(stack.ours.id, each.brand, f"chn_{each.brand[4:]}", "facebook") for each in (ruled, bare)]
    with fence.within(stack.ours.id):
        for place, text in enumerate(("Do you deliver?", "And on Sundays?")):  # the first of somebody writes more
            with_rules, without = (writes(owner, person, text, now + place) for owner in owners)
            assert with_rules == without
        with_rules, without = (writes(owner, person, INSULT, now + 9) for owner in owners)
        assert with_rules != without

"""What people are mailed about a subscription: each letter once, to those whom it concerns, without amounts."""

import pytest

from chalicelib.billing import deadlines, mails
from tests.billing.paying import Paying
from tests.support.background import time_passes
from tests.support.stack import Stack, ask, eventually


def test_letter_is_mailed_to_the_owner_once(paying: Paying, stack: Stack) -> None:
    paying.buys()
    paying.looks()
    paying.looks()
    time_passes(1000)
    name = paying.name
    eventually(lambda: f"The subscription of {name} to the plan team has begun" in outbox(stack))
    time_passes(1000)
    paying.looks()
    assert outbox(stack).count(f"{name}: your subscription has begun") == 1


def test_every_letter_that_there_may_be_has_its_words() -> None:
    words = dict.fromkeys(("agency", "app", "plan", "since", "trial_end", "grace_end", "suspension", "end"), "x")
    for text in mails.TEXTS.values():
        assert text.subject.format(**words)
        assert "x/billing" in text.body.format(**words)


@pytest.mark.parametrize("kind", sorted(deadlines.KINDS))
def test_kind_of_letter_has_a_text(kind: str) -> None:
    assert kind in mails.TEXTS


def outbox(stack: Stack) -> str:
    return ask("GET", f"{stack.platform.endpoint}/_ministack/ses/messages").raw.decode()

"""What people are mailed about a subscription: each letter once, to those whom it concerns, without amounts."""

import pytest

from chalicelib.aws import mail
from chalicelib.billing import deadlines
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


@pytest.mark.parametrize("kind", sorted(deadlines.KINDS))
def test_kind_of_letter_has_a_text(kind: str) -> None:
    assert "/billing" in mail.template(kind, "en").body


def outbox(stack: Stack) -> str:
    return ask("GET", f"{stack.platform.endpoint}/_ministack/ses/messages").raw.decode()

"""A6: a story's notices in any order, late and more than once, end with the same row, audit and letters."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.billing.paying import Paying, of_concern
from tests.support.stripe_side import DAY
from tests.support.thorough import tries

Fresh = Callable[[], Paying]
ROUNDS, SHUFFLES = range(tries(1, 10)), range(10)
STEPS = ["subscription.start", "subscription.past_due", "subscription.restore", "subscription.cancel"]


def story(paying: Paying) -> Iterator[None]:
    """Somebody buys, fails to pay, pays with another card, and cancels; each time it is told."""
    paying.buys(seats=4)
    yield
    paying.account.control("cards", customer=paying.customer, card="pm_card_chargeCustomerFail")
    paying.account.advance(paying.at, 32 * DAY)
    yield
    paying.pays()
    yield
    paying.account.v1.subscriptions.update(paying.contract(), {"cancel_at_period_end": True})
    yield


def ended(paying: Paying) -> Any:
    facts = paying.is_now.facts
    steps = [action for action in paying.audited() if action.startswith("subscription.")]
    cards = len(paying.audited()) - len(steps)  # written beside a step, in no order
    return [facts[name] for name in ("state", "level", "plan", "quantities")], steps, cards, paying.letters()


@pytest.mark.parametrize("round", ROUNDS)
def test_any_order_ends_alike(fresh: Fresh, round: int) -> None:
    """A6, BI-09, BI-10."""
    for shuffle in SHUFFLES:
        chance, paying, late = random.Random(f"{round} {shuffle}"), fresh(), list[bytes]()
        for _ in story(paying):
            now = of_concern(paying.told())
            chance.shuffle(now)
            first, *others = now
            late += others
            chance.shuffle(late)
            some = chance.randrange(len(late) + 1)
            assert paying.takes([first, *late[:some]]) == 0
            late = late[some:] + late[: some // 2]  # some of them come again
        assert paying.takes(late + late[::-1]) == 0
        end = ["active", "full", "team", {"seats": 4}], STEPS, 2, {"started", "ending"}
        assert ended(paying) == end, f"{round} {shuffle}"

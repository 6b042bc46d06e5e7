import json
import time
from collections.abc import Callable, Iterator

import pytest

from chalicelib.plans import plans
from local import catalogue
from tests.billing.metered import Metered
from tests.billing.paying import Paying
from tests.local.stripe.conftest import account, stripe_server
from tests.support.stack import Stack
from tests.support.stripe_side import Account, Hook

__all__ = ["account", "stripe_server"]
KEY = "sk_test_of_the_stack"


@pytest.fixture(scope="session")
def ours_at_stripe(stack: Stack) -> Account:
    """The account whose key our functions have. It sells our plans."""
    account = Account(stack.double, key=KEY)
    catalogue.push(catalogue.changes(account.v1, plans.PLANS.values()))
    account.control("settings", draft_seconds=3600)
    return account


@pytest.fixture(scope="session")
def posted() -> Iterator[Hook]:
    """Where the double posts; whoever asks hands it on."""
    with Hook() as hook:
        yield hook


@pytest.fixture(scope="session")
def secret(stack: Stack, ours_at_stripe: Account, posted: Hook) -> str:
    """What the double signs with; our functions know it."""
    made = ours_at_stripe.control("destinations", url=posted.url, payload="thin")
    signing = str(made["webhook_endpoint"]["signing_secret"])
    known = json.dumps({"key": KEY, "signing": [signing]})
    stack.client("secretsmanager").create_secret(Name="palabre/local/billing", SecretString=known)
    return signing


@pytest.fixture
def fresh(ours_at_stripe: Account, posted: Hook, secret: str) -> Iterator[Callable[[], Paying]]:
    """Makes agencies that Stripe knows and that have bought nothing yet. The double holds what it has to post."""
    ours_at_stripe.control("deliveries", mode="hold")
    posted.taken.clear()
    listed = ours_at_stripe.v1.prices.list({"limit": 100, "active": True}).data
    by_key = {str(price.lookup_key): price.id for price in listed}
    prices = {part: by_key[f"palabre.team.{part}.month"] for part in plans.COMPONENTS}
    yield lambda: Paying(ours_at_stripe, ours_at_stripe.clock(int(time.time())), posted, prices=prices)
    ours_at_stripe.control("deliveries", mode="drop")
    ours_at_stripe.control("flush")


@pytest.fixture
def paying(fresh: Callable[[], Paying]) -> Paying:
    return fresh()


@pytest.fixture
def metered(paying: Paying) -> Metered:
    """An agency that has begun to pay for its messages just now."""
    meters = paying.account.v1.billing.meters.list({"limit": 100}).data
    metered = Metered(paying, next(meter.id for meter in meters if meter.event_name == "palabre_messages"))
    metered.subscribes()
    return metered

"""A second product where billing is on: agencies found themselves, buy and pay over the API and Stripe's pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local import billing, ports, seed
from local.cloud import Platform
from tests.purchases.buying import checkout
from tests.support import rights, spilled, told
from tests.support.stack import Member, number
from tests.support.stripe_side import Account


@dataclass
class Billed:
    platform: Platform
    account: Account

    def owner(self) -> Member:
        """Somebody who has just founded an agency."""
        email = f"owner{number()}@billed.example"
        _, token = seed.sign_up(email, self.platform.outputs, self.platform.endpoint)
        member = Member(f"{self.platform.root}/v1", token)
        member.post("/agencies", {"name": f"Billed {number()}"})
        return member

    def contract(self) -> str:
        """The subscription that was bought last."""
        listed: Any = {"customer": self.customer(), "limit": 1}
        return str(self.account.v1.subscriptions.list(listed).data[0].id)

    def items(self) -> list[Any]:
        listed: Any = self.account.v1.subscriptions.retrieve(self.contract())["items"].data
        return list(listed)

    def customer(self) -> str:
        """The customer that was made last."""
        return str(self.account.v1.customers.list({"limit": 1}).data[0].id)


@pytest.fixture(scope="session")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Billed]:
    calls = tmp_path_factory.mktemp("billed_calls")
    logs = tmp_path_factory.mktemp("billed_logs")
    platform = Platform(ports.free(), logs, variables=rights.recording(calls), billing=True)
    try:
        platform.start()
        platform.deploy()
        billing.begin(platform)
        yield Billed(platform, Account(platform.double, key=billing.KEY))
        spilled.note(platform, told.scanned(platform).values())
    finally:
        platform.stop()
        rights.note(calls)


@pytest.fixture
def owner(billed: Billed) -> Member:
    return billed.owner()


@pytest.fixture
def subscriber(billed: Billed) -> Member:
    """An owner whose agency has bought the plan "team", and pays for it since its trial is over."""
    member = billed.owner()
    assert billed.account.press(checkout(member).json["url"], "pay").status == 303
    billed.account.v1.subscriptions.update(billed.contract(), {"trial_end": "now"})
    assert member.post("/billing/refresh")["state"] == "active"
    return member

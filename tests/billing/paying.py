"""An agency whose customer is at Stripe's double, below the API: what the double tells reaches it as from the queue."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib import clock
from chalicelib.background import billing
from chalicelib.billing import hooks, notices, refreshes, subjects
from chalicelib.people import founding
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store import fence, keys, lookups, table
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.plans import Customer, Mailed, StoredSubscription
from tests.support.stack import number
from tests.support.stripe_side import Account, Hook

OURS = ("subscription.", "payment_method.", "dispute.")


@dataclass
class Paying:
    """`at` is the test clock on which the customer lives; `prices` are those of the plan "team"."""

    account: Account
    at: str
    hook: Hook
    name: str = field(default_factory=lambda: f"Paying {number()}")
    agency: str = ""
    customer: str = ""
    prices: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agency = founding.found_agency(self.name, f"sub-{number()}", "Owner", "o@paying.example", clock.now()).id
        self.customer = self.account.customer(self.at, card=None)
        with fence.within(self.agency):
            stored = records.load(self.agency, clock.now())
            known = replace(records.of(stored), customer=self.customer)
            table.transact(
                table.changing(
                    StoredSubscription(stored.pk, stored.sk), [StoredSubscription.facts.set(records.packed(known))]
                ),
                table.putting(
                    Customer(lookups.customer(self.customer), lookups.CUSTOMER, agency=self.agency),
                    Customer.pk.does_not_exist(),
                ),
            )

    def buys(self, seats: int = 3) -> None:
        lines = [{"price": self.prices["base"], "quantity": 1}, {"price": self.prices["seats"], "quantity": seats}]
        wanted: Any = {
            "mode": "subscription",
            "customer": self.customer,
            "line_items": lines,
            "success_url": "https://a.example",
        }
        assert self.account.press(str(self.account.v1.checkout.sessions.create(wanted).url), "pay").status == 303

    def pays(self) -> None:
        """With another card, all that is open."""
        method: Any = self.account.v1.payment_methods.attach("pm_card_visa", {"customer": self.customer})
        wanted: Any = {"invoice_settings": {"default_payment_method": method.id}}
        self.account.v1.customers.update(self.customer, wanted)
        self.account.control("cards", customer=self.customer, card="pm_card_visa")
        listed: Any = {"customer": self.customer, "status": "open"}
        for invoice in self.account.v1.invoices.list(listed).data:
            self.account.v1.invoices.pay(str(invoice.id))

    def contract(self) -> str:
        """The id of what they bought last."""
        listed: Any = {"customer": self.customer, "status": "all", "limit": 1}
        return str(self.account.v1.subscriptions.list(listed).data[0].id)

    def items(self) -> list[Any]:
        listed: Any = self.account.v1.subscriptions.retrieve(self.contract())["items"].data
        return list(listed)

    def told(self) -> list[bytes]:
        """What the double has posted since this was asked last, in its order."""
        self.account.control("flush")
        taken, self.hook.taken[:] = [body for body, _ in self.hook.taken], []
        return taken

    def takes(self, bodies: Iterable[bytes]) -> int:
        """As the queue hands them on, ten at a time; gives how many come back."""
        every = [record(body) for body in bodies]
        returned = [billing.handle(every[start : start + 10]) for start in range(0, len(every), 10)]
        return sum(len(each["batchItemFailures"]) for each in returned)

    def is_known(self) -> bool:
        """True if the customer leads to the agency."""
        return subjects.agency_of(self.customer) == self.agency

    def looks(self) -> Subscription:
        with fence.within(self.agency):
            return records.of(refreshes.refresh(self.agency, clock.now(), client=self.account.client))

    @property
    def is_now(self) -> StoredSubscription:
        with fence.within(self.agency):
            return records.load(self.agency, clock.now())

    @property
    def state(self) -> str:
        return records.of(self.is_now).state

    def audited(self) -> list[str]:
        """The actions about the subscription, in their order."""
        with fence.within(self.agency):
            entries = table.query(AuditEntry, keys.audit(self.agency), keys.ENTRIES, consistent=True)
            return [entry.action for entry in entries if entry.action.startswith(OURS)]

    def letters(self) -> set[str]:
        """The kinds of those that were decided on."""
        with fence.within(self.agency):
            mailed = table.query(Mailed, keys.within(self.agency, keys.BILLING), "mail#", consistent=True)
            return {each.sk.split("#")[1] for each in mailed}


def record(body: bytes) -> dict[str, Any]:
    """A message of the queue about what was posted; of no concern to us, one about nothing."""
    notice = notices.read(body)
    assert notice is not None
    task = hooks.task(notice, clock.now())
    return {
        "body": json.dumps(task.body),
        "messageId": notice.id,
        "receiptHandle": "r",
        "attributes": {"ApproximateReceiveCount": "1"},
    }


def of_concern(bodies: Sequence[bytes]) -> list[bytes]:
    """Without what the door would have dropped."""
    kept = []
    for body in bodies:
        notice = notices.read(body)
        if notices.outcome(notice, livemode=False, api_version="").do == "apply":
            kept.append(body)
    return kept

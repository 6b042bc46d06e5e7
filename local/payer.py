"""The day's last part: another agency signs up, buys, cannot pay, and pays; its customers notice nothing."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import urllib3

from local import billing, double, seed
from local.day import Day, Json, Missing
from local.stage import LOCAL, stage_named

DAY_SECONDS = 86400
TEAM = {"plan": "team", "interval": "month", "currency": "eur", "seats": 3, "brands": 3}
# Of the audit, newest first: each step of this story, once.
STEPS = ("subscription.restore", "subscription.restrict", "subscription.past_due", "subscription.start")


@dataclass
class Payer:
    """A new agency, and its customer at Stripe's double, whose time is that of a test clock."""

    day: Day
    account: str

    @cached_property
    def stripe(self) -> Any:
        return billing.client(self.day.double).v1

    @cached_property
    def clock(self) -> str:
        return str(self.stripe.test_helpers.test_clocks.create({"frozen_time": int(time.time())}).id)

    @cached_property
    def customer(self) -> str:
        return str(self.stripe.customers.list({"test_clock": self.clock}).data[0].id)

    def buys(self) -> str:
        """Opens the checkout page; the new customer gets the test clock."""
        billing.control(self.day.double, "settings", clock=self.clock)
        try:
            asked = {**TEAM, "return_to": self.day.page}
            return str(self.day.post("owner", "/billing/checkout", asked)["url"])
        finally:
            billing.control(self.day.double, "settings", clock=None)

    def presses(self, page: str, button: str) -> None:
        """Presses a button of one of Stripe's pages, as a browser does."""
        answer = urllib3.request("POST", f"{page}/{button}", body="", redirect=False, timeout=30)
        if answer.status != 303:
            raise Missing(f"The button {button!r} of Stripe's page was answered with {answer.status}.")

    def passes(self, days: int) -> None:
        clocks = self.stripe.test_helpers.test_clocks
        now = clocks.retrieve(self.clock).frozen_time
        clocks.advance(self.clock, {"frozen_time": now + days * DAY_SECONDS})

    def becomes(self, state: str) -> Json:
        """Waits until the subscription has this state, through Stripe's webhooks."""
        began = time.monotonic()

        def look() -> Json | None:
            shown: Json = self.day.get("/billing/state")
            return shown if shown["state"] == state else None

        shown = self.day.until(f"The state {state!r}", look)
        self.day.screen.note(f"{state}: known {time.monotonic() - began:.2f} s after it was so at Stripe.")
        return shown

    def hears(self, text: str) -> Json:
        """Somebody new writes; Missing unless the message is shown unchanged."""
        conversation = self.day.arrives("messenger", "dm", account=self.account, person=self.day.someone(), text=text)
        if self.day.message(conversation)["text"] != text:
            raise Missing("A customer's words are not shown.")
        return conversation

    def answers(self, conversation: Json, text: str) -> None:
        path = f"/conversations/{conversation['id']}/replies"
        reply = self.day.post("owner", path, {"text": text})
        self.day.until("The sending", lambda: self.day.get(f"/replies/{reply['id']}")["status"] == "sent")
        self.day.screen.note(f"“{text}” was sent.")


def signs_up(day: Day) -> Payer:
    """Founds an agency with a brand and a channel, through the API."""
    stage, id = stage_named(LOCAL), day.someone()
    _, token = seed.sign_up(f"owner{id}@demo.example", stage.outputs(), stage.endpoint)
    new = day.of({"owner": token})
    agency = new.post("owner", "/agencies", {"name": f"Atelier {id[-4:]}"})["id"]
    brand = new.post("owner", "/brands", {"name": "Chez Nous"})["id"]
    wanted = json.loads(json.dumps(double.doubles()["messenger"].CONNECTION).replace("{n}", id))
    channel = new.post("owner", "/channels", {"brand": brand, "network": "messenger", **wanted})
    return Payer(day.of({"owner": token}, agency=agency, brand=brand), channel["account"])


def trial(agency: Payer) -> None:
    day = agency.day
    day.screen.step("Another agency signs up. Nobody asks for its card: for fourteen days all works.")
    shown = day.get("/billing/state")
    if (shown["state"], shown["level"]) != ("trialing", "full"):
        raise Missing(f"The new agency is {shown['state']}, not on trial.")
    used = ", ".join(f"{limit['used']} of {limit['allowed']} {limit['name']}" for limit in shown["limits"])
    day.screen.note(f"{shown['state']} until {shown['until'][:10]}; in use: {used}.")
    agency.answers(agency.hears("Do you have oat milk?"), "Yes, from Brittany.")


def purchase(agency: Payer) -> None:
    day = agency.day
    day.screen.step("Its owner buys the plan “team” on Stripe's page. Stripe posts a webhook, which makes us ask.")
    agency.presses(agency.buys(), "pay")
    agency.becomes("active")
    card = day.get("/billing")["card"]
    day.screen.note(f"It will be paid with {card['brand']} {card['last4']}, from the end of the trial on.")
    agency.passes(15)
    paid = day.until("The first payment", lambda: _paid(day))
    day.screen.note(f"Fifteen days later by Stripe's test clock: {paid / 100:.2f} EUR paid.")


def _paid(day: Day) -> int:
    """What was paid so far, in cents."""
    return sum(invoice["total"] for invoice in day.get("/billing/invoices")["items"] if invoice["status"] == "paid")


def failure(agency: Payer) -> None:
    day = agency.day
    day.screen.step("A month later the card is declined. Stripe tries again for two weeks; until then all works.")
    billing.control(day.double, "cards", customer=agency.customer, card="pm_card_chargeCustomerFail")
    agency.passes(31)
    agency.becomes("past_due")
    agency.answers(agency.hears("Is there a terrace?"), "A small one.")
    day.screen.step("Nobody pays. Once Stripe has given up, nothing is sent any more.")
    agency.passes(15)
    shown = agency.becomes("restricted")
    day.screen.note(f"Because of {shown['reason']}; to be done: {shown['notice']['kind']}.")


def restriction(agency: Payer) -> None:
    day = agency.day
    day.screen.step("Whoever writes to its brand notices nothing: it is stored and shown as ever.")
    conversation = agency.hears("Can I book for tonight?")
    day.screen.step("The owner's answer is refused: 402.")
    day.until("The end of what the door remembers", lambda: _is_shut(day), every=0.5)
    code = day.refused("owner", f"/conversations/{conversation['id']}/replies", {"text": "Of course!"})
    if code != "subscription_restricted":
        raise Missing(f"The reply was refused with {code}.")
    day.screen.note(f"{code}. All else works: reading, notes, assigning, hiding.")
    day.screen.step("The owner gives another card on Stripe's page, and pays what is open.")
    agency.presses(day.post("owner", "/billing/portal", {"return_to": day.page})["url"], "change_card")
    day.post("owner", "/billing/pay", {})
    agency.becomes("active")
    agency.answers(conversation, "Of course!")


def _is_shut(day: Day) -> bool:
    """A permission is kept for ten seconds, so this may take a while. The reply that is asked for does not exist."""
    return day.refused("owner", "/replies/rpl_none/approve", {"hash": "0" * 64}) == "subscription_restricted"


def account(agency: Payer) -> None:
    day = agency.day
    actions = [entry["action"] for entry in day.get("/audit", limit=100)["items"]]
    steps = [action for action in actions if action in STEPS]
    if steps != list(STEPS):
        raise Missing(f"The audit says {steps} of the subscription.")
    day.screen.note(f"The audit, newest first: {', '.join(steps)}; each once.")


CHAPTERS: tuple[Callable[[Payer], None], ...] = (trial, purchase, failure, restriction, account)


def story(day: Day) -> None:
    """The chapters, in their order."""
    agency = signs_up(day)
    for chapter in CHAPTERS:
        chapter(agency)

"""An agency that answers for a brand, and pays for that: its customer at Stripe lives by a test clock."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from chalicelib import clock, networks
from chalicelib.store import due
from tests.purchases.buying import checkout
from tests.purchases.conftest import Billed
from tests.support.answer_contract import Answer
from tests.support.networks_side import Networks
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Member, connected, eventually, number
from tests.support.stripe_side import DAY


@dataclass
class Desk(Networks):
    billed: Billed
    owner: Member
    buys: bool = True
    at: str = ""
    customer: str = ""
    agency: Agency = field(init=False)
    channel: Channel = field(init=False)

    def __post_init__(self) -> None:
        self.double = self.billed.platform.double
        brand = self.owner.post("/brands", {"name": f"Brand {number()}"})["id"]
        self.agency = Agency(self.owner.get("/me")["agency"], brand, {"owner": self.owner})
        self.channel = self.connects("messenger")
        if self.buys:
            self.at = self.billed.account.clock(int(time.time()))
            self._buys()

    def _buys(self) -> None:
        account = self.billed.account
        account.control("settings", clock=self.at)
        page = checkout(self.owner).json["url"]
        account.control("settings", clock=None)
        assert account.press(page, "pay").status == 303
        self.customer = self.billed.customer()
        account.v1.subscriptions.update(self.billed.contract(), {"trial_end": "now"})
        self.becomes("active")

    def connects(self, network: str) -> Channel:
        """A channel there, with an app of its own if the network knows apps."""
        known = networks.get(network)
        assert known
        return connected(self, self.agency, network, {} if known.secret_per_channel else {"secret": number()})

    def becomes(self, state: str) -> None:
        """Waits until we have heard of it."""
        eventually(lambda: self.owner.get("/billing/state")["state"] == state)
        self.owner.post("/billing/refresh")  # where the door is, nobody has

    def passes(self, days: int) -> None:
        self.billed.account.advance(self.at, days * DAY)

    def falls_behind(self) -> None:
        """The month is not paid; until Stripe gives up all works."""
        self.billed.account.control("cards", customer=self.customer, card="pm_card_chargeCustomerFail")
        self.passes(31)
        self.becomes("past_due")

    def is_cut_off(self) -> None:
        """Stripe has given up."""
        self.passes(15)
        self.becomes("restricted")

    def is_suspended(self) -> None:
        """And for two more months nobody has paid."""
        self.passes(67)
        assert self.owner.post("/billing/refresh")["state"] == "suspended"

    def pays(self) -> None:
        self.billed.account.control("cards", customer=self.customer, card="pm_card_visa")
        self.owner.post("/billing/pay")
        self.becomes("active")

    def hears(self, text: str = "Hello") -> str:
        """Somebody new writes; gives their conversation."""
        known = {each["id"] for each in self.channel.conversations()}
        Fan(self.channel).says(text)
        return str(eventually(lambda: next(e["id"] for e in self.channel.conversations() if e["id"] not in known)))

    def says(self, conversation: str, text: str, **more: Any) -> Answer:
        return self.owner.call("POST", f"/conversations/{conversation}/replies", {"text": text, **more})

    def reply(self, reply: Any) -> Any:
        return self.owner.get(f"/replies/{reply['id']}")

    def approves(self, reply: Any) -> Answer:
        return self.owner.call("POST", f"/replies/{reply['id']}/approve", {"hash": self.reply(reply)["hash"]})

    def takes_up(self, reply: Any) -> Answer:
        """Who wrote it makes it a draft for now, and submits it."""
        self.owner.patch(f"/replies/{reply['id']}", {"send_at": None})
        return self.submits(reply)

    def submits(self, reply: Any) -> Answer:
        return self.owner.call("POST", f"/replies/{reply['id']}/submit", {"despite": self.reply(reply)["latest"]})

    def comes_due(self, reply: Any) -> None:
        """The hour for which a reply is planned has come, as the clock tells."""
        when = clock.parse(reply["send_at"])
        task = due.task(self.agency.id, when, "reply", reply["id"], when)
        url = self.billed.platform.outputs["FollowupQueue"]
        self.billed.platform.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(task.body))

    def texts(self) -> list[str]:
        """What the network was given to send."""
        return [call["json"]["message"]["text"] for call in self.channel.calls() if "message" in (call["json"] or {})]

    def sent(self, text: str) -> int:
        """How often the network was given that."""
        return self.texts().count(text)

"""What is asked to buy, as a page asks."""

from typing import Any

from tests.support.answer_contract import Answer
from tests.support.stack import Member

BACK = "http://localhost:3000/billing"
TEAM = {"plan": "team", "interval": "month", "currency": "eur", "seats": 3, "brands": 3, "return_to": BACK}


def checkout(member: Member, **more: Any) -> Answer:
    return member.call("POST", "/billing/checkout", {**TEAM, **more})

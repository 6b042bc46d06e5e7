"""What is used up stops what it is about, at the door and what was planned, and nothing else; more lets it go on."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.plans import spending
from chalicelib.store import keys
from tests.purchases.conftest import Billed
from tests.purchases.desk import Desk
from tests.support.people import Fan
from tests.support.stack import Member, eventually


@pytest.fixture
def desk(billed: Billed, owner: Member) -> Desk:
    return Desk(billed, owner)


def caps_networks(desk: Desk, cents: int | None) -> None:
    wanted: Any = {"overage": "bill", "cap": None, "contacts": [], "network_cap": cents}
    assert desk.owner.call("PUT", "/billing/settings", wanted).status == 200


def limit(desk: Desk, conversation: str) -> Mapping[str, Any]:
    """Of what there is no more. The door remembers for some seconds whom it let in."""
    refused = eventually(lambda: answer if (answer := desk.says(conversation, "Knock")).status == 402 else None)
    assert refused.json["code"] == "limit_reached"
    shown: Mapping[str, Any] = refused.json["limit"]
    return shown


def test_cap_on_what_networks_charge_stops_those_that_charge_alone(desk: Desk) -> None:
    channel, free = desk.connects("whatsapp"), desk.hears()
    Fan(channel).says("Hello")
    conversation = eventually(channel.conversations)[0]["id"]
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    planned = desk.says(conversation, "In an hour", send_at=later).json
    caps_networks(desk, 0)
    assert limit(desk, conversation)["name"] == "network_charges"
    assert desk.says(free, "Through a network that is free").status == 202
    desk.comes_due(planned)
    eventually(lambda: desk.reply(planned)["status"] == "pending")
    caps_networks(desk, None)
    assert desk.says(conversation, "Without a cap").status == 202


def is_free_and_sent(billed: Billed, agency: str, number: int) -> None:
    """As after a trial, in a month in which so much was sent. It never bought, so no news of Stripe's changes that."""
    dynamodb, table = billed.platform.client("dynamodb"), billed.platform.outputs["Table"]
    place = {"pk": {"S": agency}, "sk": {"S": keys.SUBSCRIPTION}}
    row = dynamodb.get_item(TableName=table, Key=place)["Item"]
    facts = {**json.loads(row["facts"]["S"]), "state": "free", "plan": "free", "contract": None, "trial_ends_at": 1}
    dynamodb.put_item(TableName=table, Item={**row, "facts": {"S": json.dumps(facts)}})
    month = keys.quota("sent", spending.month(clock.now()))
    counted = {"pk": {"S": agency}, "sk": {"S": month}, "used": {"N": str(number)}, "expires": {"N": "0"}}
    dynamodb.put_item(TableName=table, Item=counted)


def test_last_free_message_is_sent_and_the_next_is_refused(billed: Billed, owner: Member) -> None:
    desk = Desk(billed, owner, buys=False)
    conversation = desk.hears()
    is_free_and_sent(billed, desk.agency.id, 199)
    shown = limit(desk, conversation)
    assert (shown["name"], shown["allowed"], shown["used"], shown["plan"]) == ("sent", 200, 200, "free")
    assert desk.hears("Is anybody there?")

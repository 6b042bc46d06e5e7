"""From a network's message to the agency's own invoice: the deployed product counts by itself."""

from functools import partial

import pytest

from chalicelib import clock
from chalicelib.figures import hours
from chalicelib.store import fence, keys, table
from chalicelib.store.models.figures import Batch
from tests.support.people import Fan
from tests.support.stack import Channel, Member, eventually


def counted(channel: Channel) -> dict[str, int]:
    """How many facts of the channel the stream's reader has kept, by kind."""
    agency = channel.agency.id
    numbers: dict[str, int] = {}
    with fence.within(agency):
        for batch in table.query(Batch, keys.figures(agency), keys.FACTS, consistent=True):
            for _, kind, id, *_, amounts in batch.facts:
                if id == channel.id:
                    numbers[kind] = numbers.get(kind, 0) + len(amounts)
    return numbers


def fold(channel: Channel) -> None:
    """As the clock does every five minutes."""
    agency, now = channel.agency.id, clock.now()
    with fence.within(agency):
        for hour in (now - clock.HOUR, now):
            hours.fold(agency, hour // clock.HOUR * clock.HOUR, now)


def shown(member: Member, channel: Channel) -> tuple[int, int]:
    report = member.get("/billing/usage", by="channel", brand=channel.agency.brand)
    [item] = [item for item in report["items"] if item["channel"] == channel.id]
    return item["in"], item["out"]


# A11: WhatsApp charges for answers, and a report without a charge would be no example of one.
@pytest.mark.parametrize("fan", ["whatsapp"], indirect=True)
def test_what_came_and_what_was_answered_is_shown_to_the_owner_and_comes_as_a_sheet(fan: Fan) -> None:
    fan.starts("One")
    fan.says("Two")
    fan.is_answered("Three")
    eventually(partial(lambda: counted(fan.channel) == {"in": 2, "out": 1}))
    fold(fan.channel)
    owner = fan.channel.agency.owner
    assert shown(owner, fan.channel) == (2, 1)
    sheet = owner.call(
        "GET", "/billing/usage", headers={"Accept": "text/csv"}, by="channel", brand=fan.channel.agency.brand
    )
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    [row] = [line for line in sheet.raw.decode("utf-8-sig").split("\r\n") if f",{fan.channel.id}," in line]
    assert row.split(",")[-6:-2] == ["2", "1", "0", "0"]


# BI-35
def test_usage_is_for_who_may_manage_billing(fan: Fan) -> None:
    for role in ("community_manager", "client"):
        assert fan.channel.agency.members[role].call("GET", "/billing/usage").problem == (403, "forbidden")

"""What the networks charge for is read from their own tables, with the day on which a price begins."""

from datetime import date

import pytest

from chalicelib.figures import charges

BEFORE, SINCE = date(2026, 9, 30), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("network", "way", "day", "note"),
    [
        ("whatsapp", "reply", BEFORE, None),
        ("whatsapp", "reply", SINCE, "beyond_1000_a_month"),
        ("whatsapp", "template", BEFORE, ""),
        ("messenger", "reply", SINCE, None),
        ("gone", "reply", SINCE, None),
        ("", "template", SINCE, None),
    ],
)
def test_message_costs_what_the_networks_table_says_of_its_day(
    network: str, way: str, day: date, note: str | None
) -> None:
    cost = charges.cost(network, way, day)
    assert (cost.note if cost else None) == note

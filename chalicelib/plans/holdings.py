"""What an agency has in use, counted in the transactions that create and delete it; also where billing is off.

If two take the last of something at once, these are two transactions on one item: one gets it, and the other is
refused.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chalicelib import errors
from chalicelib.plans import entitlements, gates, records
from chalicelib.plans.plans import Excess
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredHoldings

Name = Literal["seats", "brands", "channels"]


def change(agency: str, name: Name, delta: int, now: int, *, may_pay: bool = False) -> list[table.Write]:
    """For transact: adds `delta` to what is in use. Raises PaymentRequired if that is beyond the plan's limit.

    The limit is read again, so a purchase counts at once. `may_pay`: the caller could buy more.
    """
    if delta == 0:
        return []
    attribute = getattr(StoredHoldings, name)
    row, counted = StoredHoldings(agency, keys.HOLDINGS), [attribute.add(delta)]
    given = gates.read_entitlements(agency, now) if delta > 0 else entitlements.OPEN
    limit = getattr(given.limits, name)
    if delta < 0 or limit is None:
        return [table.changing(row, counted)]

    def refusal() -> errors.PaymentRequired:
        used = getattr(records.holdings(agency), name)
        return entitlements.refusal(given, Excess(name, limit, used), may_pay=may_pay)

    has_space: Any = attribute <= limit - delta
    if delta <= limit:
        has_space |= attribute.does_not_exist()
    return [table.changing(row, counted, has_space, otherwise=refusal)]


def seats(grants: Iterable[Mapping[str, Any]]) -> int:
    """1 if the grants take a seat, else 0: somebody who is only a `client` takes none."""
    return int(any(grant["role"] != "client" for grant in grants))

"""Who may give people roles that approve replies. This decides who approves, just as the rules do, so it needs the same
right.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.brands.reply_rules import approving_roles
from chalicelib.store import keys, table
from chalicelib.store.models.brands import Brand

Grants = Sequence[Mapping[str, Any]]


def may_name(actor: Actor, grants: Grants, before: Grants = ()) -> bool:
    """False if the grants add an approver, compared with `before`, for a brand whose rules the actor may not loosen."""
    return all(
        brands.may_loosen(actor, brand.id)
        for brand in _brands_of(actor.agency, grants)
        if (_roles(grants, brand.id) - _roles(before, brand.id))
        & approving_roles(settings.of(brand.settings).replies.rules)
    )


def _brands_of(agency: str, grants: Grants) -> Iterable[Brand]:
    if any(grant["brands"] is None for grant in grants):
        return table.query(Brand, agency, "brand#", consistent=True)
    named = {brand for grant in grants for brand in grant["brands"]}
    return table.many(Brand, [(agency, keys.noun(brand)) for brand in named])


def _roles(grants: Grants, brand: str) -> set[str]:
    return {grant["role"] for grant in grants if grant["brands"] is None or brand in grant["brands"]}

"""What an agency decides about its bills: what happens beyond the plan, the caps, and who gets the letters."""

from collections.abc import Sequence
from typing import Any

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.people import members
from chalicelib.plans import gates
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription

# Up to the cap all is billed. Beyond it: nothing more is billed; all is billed, and who pays is told; nothing is sent.
OVERAGES = ("bill", "notify", "stop_outbound")


def change(
    actor: Actor,
    stored: StoredSubscription,
    *,
    overage: str,
    cap: int | None,
    contacts: Sequence[str],
    network_cap: int | None = None,
    now: int,
) -> None:
    """Replaces all of these settings. Raises Invalid for a contact who is no member, PreconditionFailed if they changed
    meanwhile.
    """
    if any(members.find(actor.agency, id) is None for id in contacts):
        raise errors.Invalid(
            "One of the contacts is not a member of the agency.", code="unknown_reference", field="contacts"
        )
    table.transact(
        table.changing(
            StoredSubscription(actor.agency, keys.SUBSCRIPTION),
            [
                StoredSubscription.overage.set(overage),
                _set_or_removed(StoredSubscription.cap, cap),
                _set_or_removed(StoredSubscription.network_cap, network_cap),
                StoredSubscription.contacts.set(list(contacts)),
                StoredSubscription.version.set(stored.version + 1),
            ],
            StoredSubscription.version == stored.version,
            otherwise=errors.PreconditionFailed,
        ),
        audit.entry(
            actor, "billing.settings", actor.agency, now,
            before=_shown(stored.overage, stored.contacts), after=_shown(overage, contacts),
        ),
    )  # fmt: skip
    gates.forget(actor.agency)


def _set_or_removed(attribute: Any, value: int | None) -> Any:
    return attribute.remove() if value is None else attribute.set(value)


def _shown(overage: str, contacts: Sequence[str]) -> dict[str, object]:
    return {"overage": overage, "contacts": list(contacts)}

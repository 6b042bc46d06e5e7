"""Bans: somebody proposes that a person looks at everything a contact writes, and somebody else approves.

A ban takes effect here: messages of the contact become cases, whatever the rules say. Networks that can keep somebody
away are asked to, within a minute: see network_bans.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids, moments
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.contacts import contacts
from chalicelib.editorial import revisions
from chalicelib.moderation import facts, standings
from chalicelib.rules import banned, looking, policies
from chalicelib.store import due, keys, listings, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.moderation import Ban

DUE, ON_NETWORKS = "ban", "network_ban"
STATES = ("proposed", "active", "rejected", "ended", "lifted")
# From which state to which a step leads.
_STEPS: Mapping[str, tuple[str, str]] = {
    "approve": ("proposed", "active"), "reject": ("proposed", "rejected"), "lift": ("active", "lifted"),
    "end": ("active", "ended"),
}  # fmt: skip
_MOST_RACES = 5


def propose(
    actor: Actor, contact: Contact, clause: str, reason: str, now: int, *,
    until: str | None = None, days: int | None = None, extent: str = "ban",
) -> Ban:  # fmt: skip
    """Proposes a ban until a time, for so many days from its approval, or for good.

    Once approved, networks are asked to keep the contact away or, with the extent `restrict`, to let them stay but
    write no more.

    Raises Invalid for an unknown clause, an account of our own or an `until` in the past, Conflict if a ban is active
    or proposed.
    """
    line = policies.line_of(actor.agency, contact.brand)
    if line.clause(clause) is None:
        raise errors.Invalid("The editorial line has no such clause.", code="unknown_clause", field="clause")
    if _is_own(actor.agency, contact, line.own.handles):
        raise errors.Invalid("The contact is an account of the agency, a member or the brand.", code="own_account")
    ends_at = now + days * clock.DAY if days else None
    if until is not None:
        ends_at = moments.in_time(moments.parse(until, "until"), now, "until")
    standing = standings.load(actor.agency, contact.id)
    if standing.ban:
        raise errors.Conflict(
            "The contact is already banned, or a ban is proposed.", code="banned", more={"ban": standing.ban}
        )
    id = ids.of_brand(contact.brand, "ban")
    ban = Ban(
        keys.within(actor.agency, contact.brand), keys.BANS + id, id=id, brand=contact.brand, contact=contact.id,
        extent=extent, clause=clause, reason=reason, until=ends_at, days=days, state="proposed", by=actor.person,
        at=now, updated_at=now, **_index_fields(actor.agency, contact.brand, id, "proposed", now),
    )  # fmt: skip
    until = clock.text(ends_at) if ends_at else None
    after = {"contact": contact.id, "clause": clause, "until": until, "extent": extent}
    table.transact(
        table.putting(ban, Ban.pk.does_not_exist()),
        standings.writing(standing, ban=id),
        audit.entry(actor, "ban.propose", id, now, brand=ban.brand, after=after),
    )
    return ban


def _index_fields(agency: str, brand: str, id: str, state: str, at: int) -> dict[str, str]:
    return {"inbox": keys.inbox(agency, brand, f"ban.{state}"), "activity": keys.activity(at, id)}


def get(actor: Actor, id: str) -> Ban:
    """Raises NotFound, or Forbidden without the permission of the route."""
    ban = find(actor.agency, id)
    if ban is None:
        raise errors.NotFound
    actor.admit(ban.brand)
    return ban


def find(agency: str, id: str) -> Ban | None:
    if not ids.is_id(id, "ban"):
        return None
    return table.get(Ban, keys.within(agency, ids.brand_of(id)), keys.BANS + id)


def listing(agency: str, brands: Sequence[str], state: str | None, before: str = "") -> Iterator[Ban]:
    """The bans of these brands, the latest first; with a state, those in that state."""
    lists = (
        listings.every(Ban, keys.inbox(agency, brand, f"ban.{name}"), before=before, newest=True)
        for brand in brands
        for name in ([state] if state else STATES)
    )
    return heapq.merge(*lists, key=lambda ban: ban.activity or "", reverse=True)


def approve(actor: Actor, ban: Ban, now: int) -> Ban:
    """Begins the ban. Raises Forbidden for keys and for whoever proposed it, Conflict if its `until` has passed."""
    actor.check_is_person()
    if actor.is_same_as(ban.by):
        raise errors.Forbidden("The ban is your own proposal: another member has to approve it.", code="own_proposal")
    if ban.state == "proposed" and ban.until and ban.until <= now and not ban.days:
        raise errors.Conflict("The ban's `until` is in the past. Propose a new ban.", code="wrong_state")
    return _move(actor, ban, "approve", None, now)


def reject(actor: Actor, ban: Ban, reason: str, now: int) -> Ban:
    return _move(actor, ban, "reject", reason, now)


def lift(actor: Actor, ban: Ban, reason: str, now: int) -> Ban:
    return _move(actor, ban, "lift", reason, now)


def end(actor: Actor, id: str, when: int, now: int) -> None:
    """Ends a ban whose time is over at `when`, unless it was lifted."""
    ban = find(actor.agency, id)
    if ban and ban.state == "active" and ban.until == when:
        _move(actor, ban, "end", None, now)


def _move(actor: Actor, ban: Ban, step: str, reason: str | None, now: int) -> Ban:
    """Raises Conflict if the ban's state has no such step."""
    origin, state = _STEPS[step]
    for _ in range(_MOST_RACES):
        if ban.state != origin:
            raise errors.Conflict(f"A ban that is {ban.state} does not allow this step.", code="wrong_state")
        try:
            table.transact(*_writes(actor, ban, step, state, reason, now))
        except errors.Conflict as conflict:
            if conflict.code != "conflict":
                raise
        else:
            return find(actor.agency, ban.id) or ban
        ban = find(actor.agency, ban.id) or ban
    raise errors.Unavailable("Others are changing the ban at the same time. Try again.")


def _is_own(agency: str, contact: Contact, handles: Sequence[str]) -> bool:
    """True for a channel of the agency, a member's account, or one that the line names as the brand's."""
    accounts = [
        (identity["network"], identity["id"], identity.get("username") or "") for identity in contact.identities
    ]
    is_named = any(looking.is_own_handle(handles, username) for _, _, username in accounts)
    return is_named or any(facts.is_own(agency, *account) for account in accounts)


def _writes(actor: Actor, ban: Ban, step: str, state: str, reason: str | None, now: int) -> list[table.Write]:
    moved = _index_fields(actor.agency, ban.brand, ban.id, state, ban.at)
    actions = [
        Ban.state.set(state), Ban.inbox.set(moved["inbox"]), Ban.version.add(1), Ban.updated_at.set(now),
        Ban.decided_by.set(actor.member), Ban.decided_reason.set(reason) if reason else Ban.decided_reason.remove(),
    ]  # fmt: skip
    if step == "approve" and ban.days:
        ban.until = now + ban.days * clock.DAY
        actions.append(Ban.until.set(ban.until))
    write = table.changing(Ban(ban.pk, ban.sk), actions, Ban.version == ban.version, otherwise=errors.Conflict)
    after = {"contact": ban.contact, "state": state, **({"reason": reason} if reason else {})}
    writes = [write, audit.entry(actor, f"ban.{step}", ban.id, now, brand=ban.brand, after=after)]
    if step != "approve":
        writes += _unlocking(actor.agency, ban, step != "reject")
    if step != "reject":
        writes.append(due.at(actor.agency, now, ON_NETWORKS, ban.id))
    return [*writes, *_effect(actor.agency, ban, step)]


def _unlocking(agency: str, ban: Ban, was_banned: bool) -> list[table.Write]:
    """Lets another ban of the contact be proposed, and notes whether they were banned before."""
    standing = standings.load(agency, ban.contact)
    before = {"banned_before": True} if was_banned else {}
    return [standings.writing(standing, ban=None, **before)] if standing.ban == ban.id else []


def _effect(agency: str, ban: Ban, step: str) -> list[table.Write]:
    """The writes that make the contact's messages cases from now on, or that end it."""
    if step == "reject":
        return []
    kept = banned.load(agency, ban.brand)
    contact = contacts.find(agency, ban.contact)
    names = {ban.contact, *(banned.names_of(agency, contact) if contact else ())}
    others = {id: until for id, until in kept.contacts.items() if id not in names}
    if step == "approve":
        others |= dict.fromkeys(sorted(names), ban.until or 0)
        ends = [due.at(agency, ban.until, DUE, ban.id)] if ban.until else []
    else:
        ends = [due.no_longer(agency, ban.until, DUE, ban.id)] if ban.until and step == "lift" else []
    return [banned.changing(kept, others), revisions.raising(agency, ban.brand), *ends]


def view(ban: Ban) -> Mapping[str, Any]:
    return {
        "id": ban.id,
        "brand": ban.brand,
        "contact": ban.contact,
        "extent": ban.extent,
        "state": ban.state,
        "effective": "network" if {"banned", "restricted"} & {*ban.networks.values()} else "here",
        "networks": [{"network": network, "state": state} for network, state in sorted(ban.networks.items())],
        "clause": ban.clause,
        "reason": ban.reason,
        "until": clock.text(ban.until) if ban.until else None,
        "proposed_by": ban.by["member"],
        "decided_by": ban.decided_by,
        "decided_reason": ban.decided_reason,
        "version": ban.version,
        "at": clock.text(ban.at),
    }

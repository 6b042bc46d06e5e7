"""Finds the actor of a signed-in subject in an agency, with what they are granted there.

The table is read on every request, so a changed role counts from the next request on. A planned reply, an invitation or
a key depends on the person who left it: when it is due or used, `answering` looks up who answers for it now.
"""

import ipaddress
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import permissions
from chalicelib.access.actors import NEVER, SEVERE, Actor, Grant, Person
from chalicelib.access.tokens import Caller
from chalicelib.store import fence, keys, lookups, table
from chalicelib.store.models.people import Heir, Membership, Role

Permitted = Mapping[str, frozenset[str]]  # permissions, by role
MOST_ENDED = 50  # sessions of a person that were ended one by one and could still be used
_USED_AT_EVERY_MS = clock.MINUTE
_MOST_HEIRS = 10  # one after another


@dataclass(frozen=True)
class Present:
    """Somebody at work. Their sessions that began before `not_before` (ms) are over, and so are those in `ended`."""

    actor: Actor
    not_before: int = 0
    ended: frozenset[str] = frozenset()

    def is_over(self, since: int, session: str) -> bool:
        return bool(since) and (since < self.not_before or session in self.ended)


def of(subject: str, agency: str, source: str, now: int, since: int | None = None, session: str = "") -> Actor:
    """The actor for a signed-in subject: in this agency, or with an empty `agency` in the only one they are in.

    `since` is when they signed in (ms), `session` the session that began then. Raises Unauthenticated for an unknown
    key and for somebody who was signed out since, Forbidden for somebody who is in no agency, or not in this one, or
    suspended there, and Invalid if they are in several and did not say which.
    """
    if not subject:
        raise errors.Unauthenticated
    memberships = list(table.query(Membership, lookups.user(subject), "agc_", consistent=True))
    if not memberships and Caller(subject).is_key:
        raise errors.Unauthenticated
    if not memberships:
        raise errors.Forbidden(
            "You are a member of no agency. Create an agency, or accept an invitation.", code="no_agency"
        )
    candidates = [membership for membership in memberships if agency in ("", membership.agency)]
    if not candidates:
        raise errors.Forbidden("You are not a member of this agency.", code="other_agency")
    if len(candidates) > 1:
        raise errors.Invalid(
            "You are a member of several agencies: name one in the Palabre-Agency header.", code="agency_missing"
        )
    membership = candidates[0]
    with fence.within(membership.agency):
        if since and (since < (membership.not_before or 0) or session in _ended(membership)):
            raise signed_out()
        if membership.suspended:
            raise errors.Forbidden("Your membership of this agency is suspended.", code="suspended")
        _check_key(membership, source, now)
        actor = _actor_if_active(membership, source, now)
        if actor is None:
            raise errors.Unauthenticated(
                "The member who made the API key is not active, or may no longer make such a key.", code="key_ended"
            )
        if actor.kind == "key":
            _note_use(actor, membership, now)
    return actor


def sign_out(agency: str, subject: str, before: int) -> table.Write:
    """For transact: from now on refuses the member's sessions that began before that moment (ms).

    Raises PreconditionFailed if they left the agency.
    """
    return table.changing(
        Membership(lookups.user(subject), agency), [Membership.not_before.set(before)], Membership.pk.exists(),
        otherwise=errors.PreconditionFailed,
    )  # fmt: skip


def end_session(agency: str, subject: str, session: str, until: int, now: int) -> None:
    """From now on refuses that session of a member; `until` (ms) is when its last token ends.

    A repeat does nothing, and neither does a call for somebody who left. Raises Conflict if 50 ended sessions still
    have tokens that did not expire.
    """
    membership = table.get(Membership, lookups.user(subject), agency)
    if membership is None:
        return
    spent = {entry for entry in membership.ended or () if _until(entry) <= now}
    if spent:
        table.update(Membership(membership.pk, agency), [Membership.ended.delete(spent)], Membership.pk.exists())
    if len(membership.ended or ()) - len(spent) >= MOST_ENDED and session not in _ended(membership):
        detail = f"At most {MOST_ENDED} sessions can be ended one by one at a time. End all sessions instead."
        raise errors.Conflict(detail, code="too_many_ended")
    entry = f"{session}.{until // clock.SECOND}"
    table.update(Membership(membership.pk, agency), [Membership.ended.add({entry})], Membership.pk.exists())


def _ended(membership: Membership) -> frozenset[str]:
    return frozenset(entry.partition(".")[0] for entry in membership.ended or ())


def _until(entry: str) -> int:
    return int(entry.partition(".")[2]) * clock.SECOND


def suspension(agency: str, subject: str, *, suspended: bool) -> table.Write:
    """For transact: suspends the member, or lets them in again. Raises PreconditionFailed if they left the agency."""
    change = Membership.suspended.set(True) if suspended else Membership.suspended.remove()
    return table.changing(
        Membership(lookups.user(subject), agency), [change], Membership.pk.exists(),
        otherwise=errors.PreconditionFailed,
    )  # fmt: skip


def note_end(agency: str, caller: Caller, now: int) -> None:
    """Stores that the user pool reported the caller's session as over."""
    try:
        end_session(agency, caller.subject, caller.session, caller.until + clock.DAY, now)
    except errors.Conflict:  # there are many such: all that began before it are over, too
        before = caller.since + clock.SECOND
        membership = Membership(lookups.user(caller.subject), agency)
        is_later = Membership.not_before.does_not_exist() | (Membership.not_before < before)
        table.update(membership, [Membership.not_before.set(before)], Membership.pk.exists() & is_later)


def signed_out() -> errors.Unauthenticated:
    return errors.Unauthenticated("The session has ended. Sign in again.", code="signed_out")


def colleague(agency: str, subject: str) -> Actor | None:
    """The actor for another person of the agency, None if they left it. Reads nothing of their other agencies."""
    membership = table.get(Membership, lookups.user(subject), agency)
    return _actor(membership, "") if membership else None


def present(agency: str, subjects: Collection[str], now: int) -> Mapping[str, Present]:
    """Those of the subjects who may work in the agency now. All people take two reads; each key takes a few more."""
    memberships = table.many(Membership, [(lookups.user(subject), agency) for subject in sorted(set(subjects))])
    permitted = permissions_of(agency, {grant["role"] for each in memberships for grant in each.grants})
    standing: dict[str, Present] = {}
    for membership in memberships:
        actor: Actor | None = _actor(membership, "", permitted)
        if actor and actor.kind == "key":
            actor = _actor_if_active(membership, "", now)
        if actor and not membership.suspended:
            standing[actor.subject] = Present(actor, membership.not_before or 0, _ended(membership))
    return standing


def answering(agency: str, person: Person | None, now: int) -> Actor | None:
    """The actor who answers today for what a person left to happen later: that person, or whoever inherited it from
    them.

    None if there is nobody. A key answers until it expires, and only while somebody answers for the key.
    """
    membership = _answerer(agency, person)
    return _actor_if_active(membership, "", now) if membership else None


def is_answerer_suspended(agency: str, person: Person | None) -> bool:
    """True if the person who answers for it is suspended. What was left to happen later then waits for them."""
    membership = _answerer(agency, person)
    return membership is not None and (bool(membership.suspended) or is_answerer_suspended(agency, membership.maker))


def _answerer(agency: str, person: Person | None) -> Membership | None:
    for _ in range(_MOST_HEIRS):
        if not person:
            return None
        membership = table.get(Membership, lookups.user(person["subject"]), agency)
        if membership and membership.member == person["member"]:
            return membership
        heir = table.get(Heir, agency, keys.heir(person["member"]))
        person = heir.person if heir else None
    return None


def _actor_if_active(membership: Membership, source: str, now: int) -> Actor | None:
    """None for a suspended member, for an expired key, and for a key that its maker could not make today."""
    if membership.suspended:
        return None
    actor = _actor(membership, source)
    if actor.kind == "member":
        return actor
    maker = None if _has_expired(membership, now) else answering(actor.agency, membership.maker, now)
    if maker is None or not replace(maker, needs=("api_key.manage",)).may_give(actor.grants):
        return None
    return replace(actor, maker=maker.person)


def _has_expired(key: Membership, now: int) -> bool:
    return key.expires_at is not None and key.expires_at <= now


def _check_key(key: Membership, source: str, now: int) -> None:
    if _has_expired(key, now) or (key.ranges and not _is_within(source, key.ranges)):
        raise errors.Unauthenticated


def _note_use(actor: Actor, key: Membership, now: int) -> None:
    """Writes `used_at` at most once a minute, and an audit entry for the first use of each day."""
    if now - (key.used_at or 0) > _USED_AT_EVERY_MS:
        table.update(Membership(key.pk, key.sk), [Membership.used_at.set(now)], Membership.pk.exists())
    if now // clock.DAY > (key.used_at or 0) // clock.DAY:
        from chalicelib.access import audit

        audit.note(actor, "api_key.sign_in", actor.member, now)


def _is_within(source: str, ranges: Sequence[str]) -> bool:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(entry) for entry in ranges)


def _actor(membership: Membership, source: str, permitted: Permitted | None = None) -> Actor:
    """`permitted` are the permissions of the membership's roles, if they were read already."""
    grants = membership.grants
    if permitted is None:
        permitted = permissions_of(membership.agency, [grant["role"] for grant in grants])
    is_key, shield = membership.member.startswith("key_"), membership.shield or {}
    return Actor(
        agency=membership.agency,
        member=membership.member,
        name=membership.name,
        kind="key" if is_key else "member",
        mask_from=NEVER if is_key else shield.get("mask_from", SEVERE),
        most_severe=shield.get("most_severe_per_hour"),
        grants=_grants_from(grants, permitted),
        teams=tuple(sorted(membership.teams or ())),
        source=source,
        subject=membership.pk.removeprefix(lookups.USER),
    )


def grants_of(agency: str, grants: Sequence[Mapping[str, Any]]) -> tuple[Grant, ...]:
    """The stored grants, each `{role, brands}`, with the permissions that their roles have now; a deleted role has
    none.
    """
    return _grants_from(grants, permissions_of(agency, (grant["role"] for grant in grants)))


def _grants_from(grants: Sequence[Mapping[str, Any]], permitted: Permitted) -> tuple[Grant, ...]:
    return tuple(
        Grant(
            grant["role"],
            permitted.get(grant["role"], frozenset()),
            None if grant["brands"] is None else frozenset(grant["brands"]),
        )
        for grant in grants
    )


def permissions_of(agency: str, names: Iterable[str]) -> Permitted:
    """Permissions by role: of all template roles, and of those named roles of the agency that exist.

    Permissions that no longer exist are left out.
    """
    own = {name for name in names if ids.is_id(name, "rol")}
    roles = table.many(Role, [(agency, keys.noun(name)) for name in own])
    return {**permissions.TEMPLATES, **{role.id: permissions.known(role.permissions) for role in roles}}

"""Members: people in an agency, and what they are granted. A person may be a member of several agencies.

Each member also has a Membership, with what a request needs to know; both change in the same transaction.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.people import agencies, approvers
from chalicelib.plans import gates, holdings
from chalicelib.store import due, keys, lookups, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.people import Member, Membership

Grants = Sequence[Mapping[str, Any]]
MOST_BRANDS = 1000  # named in all grants together; they are read, judged one by one, and kept in the audit


def joining(
    agency: str,
    subject: str,
    name: str,
    email: str,
    grants: Grants,
    now: int,
    *,
    refused: Collection[str],
    language: str | None = None,
) -> tuple[Member, list[table.Write]]:
    """A new member, and for transact the writes that create it. `refused` are the person's sessions that were ended.

    Raises NotFound if the person is a member already, PaymentRequired if the plan allows no more seats.
    """
    id = ids.new("mbr")
    member = Member(
        agency, keys.noun(id), id=id, subject=subject, name=name, email=email, grants=grants, created_at=now,
        language=language,
    )  # fmt: skip
    membership = Membership(
        lookups.user(subject), agency, agency=agency, member=id, name=name, grants=grants,
        ended=set(refused) or None,
    )  # fmt: skip
    is_new = Membership.pk.does_not_exist()
    seat = holdings.change(agency, "seats", holdings.seats(grants), now)
    return member, [table.putting(member), table.putting(membership, is_new, otherwise=errors.NotFound), *seat]


def every(agency: str, after: str = "", only: Collection[str] = ()) -> Iterator[Member]:
    """The members of the agency, in the order in which they joined; only those after the sort key `after`.

    With `only`, just the members with these ids.
    """
    if not only:
        return table.query(Member, agency, "member#", after=after, consistent=True)
    people = table.many(Member, [(agency, keys.noun(id)) for id in set(only)])
    return iter(sorted((member for member in people if member.sk > after), key=lambda member: member.sk))


def find(agency: str, id: str) -> Member | None:
    """None also for a member who left the agency."""
    return table.get(Member, agency, keys.noun(id)) if ids.is_id(id, "mbr") else None


def get(actor: Actor, id: str) -> Member:
    """Raises NotFound unless it is a member of the agency."""
    member = find(actor.agency, id)
    if member is None:
        raise errors.NotFound
    return member


def managed(actor: Actor, id: str) -> Member:
    """The member. Raises NotFound unless they work for a brand for which the actor holds the
    permission of the route.
    """
    member = get(actor, id)
    if not concerns(actor, member.grants):
        raise errors.NotFound
    return member


def visible(actor: Actor, after: str = "", only: Collection[str] = ()) -> Iterator[Member]:
    """The members who work for a brand for which the actor holds the permission of the route; see `every`."""
    return (member for member in every(actor.agency, after, only) if concerns(actor, member.grants))


def concerns(actor: Actor, grants: Grants) -> bool:
    """True if one of the grants is for a brand for which the actor holds the permission of the route."""
    brands = actor.brands()
    return brands is None or any(grant["brands"] is None or brands.intersection(grant["brands"]) for grant in grants)


def colleagues(actor: Actor, brand: str | None, after: str = "", only: Collection[str] = ()) -> Iterator[Member]:
    """The members who work for the brand, or if it is None for any brand of the actor; see `every`."""
    return (
        member
        for member in every(actor.agency, after, only)
        if (works_for(member, brand) if brand else concerns(actor, member.grants))
    )


def colleague_view(member: Member) -> Mapping[str, Any]:
    is_there = not member.away and not member.suspended_at
    return {"id": member.id, "name": member.name, "available": is_there}


def works_for(member: Member, brand: str) -> bool:
    """True if the member has any grant for the brand."""
    return any(grant["brands"] is None or brand in grant["brands"] for grant in member.grants)


def checked_grants(actor: Actor, grants: Grants, before: Grants = ()) -> Grants:
    """The grants, if the actor may give them to somebody who had the grants `before`.

    Raises Invalid for a role or brand that does not exist or for more than 1000 brands, Forbidden for what the actor
    does not hold themselves, and for a role that approves replies of a brand whose rules the actor may not loosen.
    """
    if sum(len(grant["brands"] or ()) for grant in grants) > MOST_BRANDS:
        raise errors.Invalid(f"The grants name more than {MOST_BRANDS} brands.", code="too_much", field="grants")
    brands = {brand for grant in grants for brand in grant["brands"] or ()}
    if len(table.many(Brand, [(actor.agency, keys.noun(brand)) for brand in brands])) < len(brands):
        raise errors.Invalid("One of the brands does not exist.", code="unknown_reference", field="grants")
    roles = {grant["role"] for grant in grants}
    if roles - set(memberships.permissions_of(actor.agency, roles)):
        raise errors.Invalid("One of the roles does not exist.", code="unknown_reference", field="grants")
    checked = [{"role": grant["role"], "brands": grant["brands"]} for grant in grants]
    check_may_grant(actor, checked)
    if not approvers.may_name(actor, checked, before):
        raise errors.Forbidden(
            "Only those who may loosen a brand's approval rules can give a role that approves its replies.",
            code="cannot_name_approvers",
        )
    return checked


def check_may_grant(actor: Actor, grants: Grants) -> None:
    """Raises Forbidden unless the actor holds all that is granted: nobody can give more than they have themselves.

    The actor must also hold, for each of the brands, the permission of the route.
    """
    if not may_grant(actor, grants):
        raise errors.Forbidden(
            "The grants contain permissions that you do not hold for these brands, or may not give.", code="beyond_own"
        )


def may_grant(actor: Actor, grants: Grants) -> bool:
    return actor.may_give(memberships.grants_of(actor.agency, grants))


def change(actor: Actor, member: Member, grants: Grants, now: int) -> Member:
    """Gives the member these grants instead of the present ones.

    Raises Conflict if the agency would be left without an owner, PreconditionFailed if the member changed meanwhile,
    PaymentRequired if a client becomes more than that and the plan allows no more seats.
    """
    check_may_grant(actor, member.grants)
    person = Membership(lookups.user(member.subject), actor.agency)
    before, after = {"grants": member.grants}, {"grants": grants}
    more_seats = 0 if member.suspended_at else holdings.seats(grants) - holdings.seats(member.grants)
    more_owners = 0 if member.suspended_at else owners(grants) - owners(member.grants)
    table.transact(
        *holdings.change(actor.agency, "seats", more_seats, now, may_pay=gates.may_pay(actor)),
        *agencies.change_owners(actor.agency, more_owners),
        table.changing(
            Member(member.pk, member.sk),
            [Member.grants.set(grants), Member.version.add(1)],
            Member.version == member.version,
            otherwise=errors.PreconditionFailed,
        ),
        table.changing(
            person, [Membership.grants.set(grants)], Membership.pk.exists(), otherwise=errors.PreconditionFailed
        ),
        due.at(actor.agency, now, "handover", member.id),
        audit.entry(actor, "member.change", member.id, now, before=before, after=after),
    )
    return get(actor, member.id)


def change_availability(actor: Actor, *, available: bool, now: int) -> Member:
    """Sets whether the actor is given new conversations. Raises NotFound for an API key, which never is."""
    member = get(actor, actor.member)
    if bool(member.away) == available:
        entry = audit.entry(actor, "member.be_there", member.id, now, after={"available": available})
        away = Member.away.remove() if available else Member.away.set(True)
        table.transact(table.changing(Member(member.pk, member.sk), [away], Member.pk.exists()), entry)
    return get(actor, actor.member)


def change_language(actor: Actor, language: str | None, now: int) -> Member:
    """Sets the language of mails to the actor. Raises NotFound for an API key, which gets no mail."""
    member = get(actor, actor.member)
    if member.language != language:
        entry = audit.entry(actor, "member.change", member.id, now, after={"language": language})
        action = Member.language.set(language) if language else Member.language.remove()
        table.transact(table.changing(Member(member.pk, member.sk), [action], Member.pk.exists()), entry)
    return get(actor, actor.member)


def sign_out(actor: Actor, member: Member, now: int) -> None:
    """Ends the member's sessions in this agency; they have to sign in again. Raises Forbidden like `change`."""
    check_may_grant(actor, member.grants)
    before = (now // clock.SECOND + 1) * clock.SECOND  # tokens tell seconds
    table.transact(
        memberships.sign_out(actor.agency, member.subject, before),
        audit.entry(actor, "member.sign_out", member.id, now),
    )


def owners(grants: Grants) -> int:
    """1 if the grants make somebody an owner of the agency, else 0. An owner of some brands only does not count."""
    return int(any(grant["role"] == "owner" and grant["brands"] is None for grant in grants))


def view(member: Member) -> Mapping[str, Any]:
    return {
        "id": member.id,
        "external_id": member.external_id,
        "name": member.name,
        "email": member.email,
        "grants": [{"role": grant["role"], "brands": grant["brands"]} for grant in member.grants],
        "available": not member.away,
        "language": member.language,
        "accounts": [dict(account) for account in member.accounts or ()],
        "suspended_at": clock.text(member.suspended_at) if member.suspended_at else None,
        "version": member.version,
        "created_at": clock.text(member.created_at),
    }

"""Who works on which case. A case is given to one person at a time, the most urgent first.

A claim is for one case and ends by itself after five minutes; whoever decides too late gets the outcome in the error.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import audit, shields
from chalicelib.access.actors import SEVERE, Actor
from chalicelib.moderation import cases
from chalicelib.store import table
from chalicelib.store.models.moderation import Case

HELD_MS, SKIPPED_MS = 5 * clock.MINUTE, clock.HOUR
MOST_SKIPPED = 50  # people of whom a case remembers that they skipped it, or passed it on
PUBLISH = "editorial_line.edit"  # the permission to decide cases that were passed on
TAKE_OVER = "conversation.take_over"  # the permission to release somebody else's case
_MOST_TRIED = 100


def next_for(actor: Actor, brands: Sequence[str], now: int) -> Case | None:
    """Claims the first case of these brands that the actor may take; None if there is none."""
    spared = shields.is_spared(actor, now)
    for case in islice(cases.listing(actor.agency, brands, "open"), _MOST_TRIED):
        if spared and case.severity >= SEVERE:
            continue
        if _is_offered(actor, case, now) and (claimed := _try_to_claim(actor, case, now)):
            if cases.is_about_something(claimed):
                shields.count(actor, claimed.severity, now)
                return claimed
            cases.close_gone(claimed, now)
    return None


def _is_offered(actor: Actor, case: Case, now: int) -> bool:
    is_skipped = (case.skipped or {}).get(actor.member, 0) > now
    is_given_away = actor.member in (case.passed_on or {}).get("by", ()) or _judged_it(actor, case)
    is_free = case.held_until <= now or case.holder == actor.member
    return is_free and not (is_skipped or is_given_away) and _is_for(actor, case)


def _is_for(actor: Actor, case: Case) -> bool:
    """False if the case was passed on to those who publish the line, and the actor does not."""
    return not case.passed_on or actor.may(PUBLISH, brand=case.brand)


def _judged_it(actor: Actor, case: Case) -> bool:
    return case.judged_by is not None and actor.is_same_as(case.judged_by)


def claim(actor: Actor, case: Case, now: int) -> Case:
    """Claims a case for five minutes, or for five more.

    Raises Conflict if somebody else has it, or it is decided; Forbidden if it was passed on and the actor does not
    publish the line, or if another person than the actor is to judge it, too.
    """
    if not _is_for(actor, case):
        raise errors.Forbidden("The case was passed on to those who may edit the editorial line.", code="passed_on")
    if _judged_it(actor, case):
        raise errors.Forbidden("You have judged the case: another member has to judge it, too.", code="own_decision")
    if claimed := _try_to_claim(actor, case, now):
        return claimed
    raise _refusal(cases.get(actor, case.id))


def _try_to_claim(actor: Actor, case: Case, now: int) -> Case | None:
    """None if the case cannot be taken. If an earlier holder's claim ran out, the audit entry says that somebody took
    over.
    """
    actions = [Case.holder.set(actor.member), Case.held_until.set(now + HELD_MS), Case.version.add(1)]
    is_free, before = _is_free(actor, now), case.holder
    if before == actor.member and case.held_until > now:  # to keep it longer is nothing new
        return case if table.update(case, actions, is_free) else None
    action = "case.claim" if before in (None, actor.member) else "case.take_over"
    was_so = (Case.holder == before) if before else Case.holder.does_not_exist()
    entry = _audit_entry(actor, action, case, now, {"holder": actor.member})
    try:
        table.transact(table.changing(Case(case.pk, case.sk), actions, is_free & was_so), entry)
    except table.Refused:
        return None
    return table.get(Case, case.pk, case.sk)


def _audit_entry(actor: Actor, action: str, case: Case, now: int, after: Mapping[str, Any]) -> table.Write:
    about = {**cases.audit_details(case), **after}
    return audit.entry(actor, action, case.id, now, brand=case.brand, before={"holder": case.holder}, after=about)


def _is_free(actor: Actor, now: int) -> Any:
    return (Case.state == "open") & ((Case.held_until <= now) | (Case.holder == actor.member))


def release(actor: Actor, case: Case, now: int, *, skip: bool = False) -> Case:
    """Gives a case back. One that is skipped is not offered to the actor again for an hour.

    Raises Conflict if the case is decided, if somebody else has just changed it, or if somebody else has it and the
    actor may not take over.
    """
    is_own = case.holder == actor.member
    is_held = case.holder is not None and case.held_until > now
    if case.state != "open" or (is_held and not is_own and not actor.may(TAKE_OVER, brand=case.brand)):
        raise _refusal(case)
    ends = [Case.held_until.set(0), Case.holder.remove()] if is_held or is_own else []
    skipped = {name: until for name, until in (case.skipped or {}).items() if until > now}
    if skip:
        skipped = dict([*skipped.items(), (actor.member, now + SKIPPED_MS)][-MOST_SKIPPED:])
    elif not ends:
        return case
    actions = [*ends, Case.skipped.set(skipped) if skipped else Case.skipped.remove(), Case.version.add(1)]
    entry = _audit_entry(actor, "case.skip" if skip else "case.release", case, now, {"holder": None})
    is_as_seen = (Case.version == case.version) & (Case.state == "open")
    try:
        table.transact(table.changing(Case(case.pk, case.sk), actions, is_as_seen), entry)
    except table.Refused as refused:
        raise _refusal(cases.get(actor, case.id)) from refused
    return cases.get(actor, case.id)


def pass_on(actor: Actor, case: Case, reason: str | None, now: int) -> Case:
    """Gives a case to those who publish the line; the actor is not offered it again.

    Raises Conflict if the case is decided, or somebody else works on it.
    """
    by = dict.fromkeys([*(case.passed_on or {}).get("by", ()), actor.member])
    passed = {"by": [*by][-MOST_SKIPPED:], "reason": reason, "at": clock.text(now)}
    actions = [Case.passed_on.set(passed), Case.held_until.set(0), Case.holder.remove(), Case.version.add(1)]
    entry = audit.entry(actor, "case.pass_on", case.id, now, brand=case.brand, after={"reason": reason})
    try:
        table.transact(table.changing(Case(case.pk, case.sk), actions, _is_free(actor, now)), entry)
    except table.Refused as refused:
        raise _refusal(cases.get(actor, case.id)) from refused
    return cases.get(actor, case.id)


def _refusal(case: Case) -> errors.Problem:
    more, busy = (
        {"outcome": case.outcome},
        errors.Conflict("Somebody else has the case, or has just changed it.", code="claimed"),
    )
    return busy if case.state == "open" else errors.Conflict("The case is already decided.", code="decided", more=more)

"""Who is told of dangerous messages: first those whom the line names, and others if nobody decides in time.

The clock of a case runs out once. If the case is an escalation, the next member whom the line names is told then; if
there is none, those who publish the line; if nobody else is left, the agency's owners.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from chalicelib import clock, errors, log
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.aws import mail
from chalicelib.brands import brands
from chalicelib.inbox import conversations
from chalicelib.moderation import cases, claims
from chalicelib.people import agencies, members
from chalicelib.rules import policies
from chalicelib.store import due, keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.moderation import Case, Decision
from chalicelib.store.models.people import Member
from chalicelib.teamwork import participants

TOLD = "case_told"  # the kind of the work that is due once others are to be told of a case
MOST_TOLD = 10
_MOST_RACES = 5


def members_named(agency: str, decision: Decision, now: int) -> list[str]:
    """The members whom the line names for what was found, in their order."""
    line = policies.of(agency, decision.brand, now).line
    categories = {finding["category"] for finding in decision.findings}
    escalations = (escalation for escalation in line.escalation if escalation.category in categories)
    return [*dict.fromkeys(id for escalation in escalations for id in escalation.to)]


def first_available(agency: str, brand: str, wanted: Sequence[str]) -> str | None:
    """The first of these members who works for the brand and is neither away nor suspended."""
    candidates = (members.find(agency, id) for id in wanted)
    return next((member.id for member in candidates if member and _is_available(member, brand)), None)


def _is_available(member: Member, brand: str) -> bool:
    return not (member.away or member.suspended_at) and members.works_for(member, brand)


def involve(actor: Actor, conversation: Conversation, member: str, now: int) -> None:
    """Makes the member a participant, unless the conversation is theirs. A repeat changes nothing."""
    for _ in range(_MOST_RACES):
        known = conversations.find(actor.agency, conversation.id) or conversation
        there = known.participants or []
        if member in (known.assignee, *there) or len(there) >= participants.MOST_PARTICIPANTS:
            return
        try:
            participants.involve(actor, known, [*there, member], now)
        except errors.PreconditionFailed:
            continue
        except errors.Problem as problem:
            log.line("act_refused", code=problem.code)
        return


def run_out(actor: Actor, id: str, when: int, now: int) -> None:
    """Records once that the clock of an open case ran out, and moves the case before most others.

    If the case is an escalation, others are told of it.
    """
    case = cases.get(actor, id)
    if case.state != "open" or case.due_at != when or case.overdue:
        return
    actions = [Case.overdue.set(True), *cases.coming_forward(case), Case.version.add(1)]
    writes = [audit.entry(actor, "case.run_out", case.id, now, brand=case.brand)]
    if member_ids := _next_members(actor.agency, case, now) if "escalated" in case.why else []:
        actions.append(Case.told.set({"members": member_ids, "at": clock.text(now)}))
        after = {**cases.audit_details(case), "members": member_ids}
        writes.append(audit.entry(actor, "case.escalate", case.id, now, brand=case.brand, after=after))
        writes.append(due.at(actor.agency, now, TOLD, case.id))
    is_first = (Case.state == "open") & Case.overdue.does_not_exist()
    with suppress(table.Refused):
        table.transact(table.changing(Case(case.pk, case.sk), actions, is_first), *writes)


def _next_members(agency: str, case: Case, now: int) -> list[str]:
    """Who is told of it now: the next whom the line names and who did not know of it, else the `fallback_members`."""
    decision = table.get(Decision, case.pk, keys.DECISIONS + case.decision)
    conversation = conversations.find(agency, case.conversation)
    knowing = {case.holder, *((conversation.assignee, *(conversation.participants or ())) if conversation else ())}
    others = [id for id in (members_named(agency, decision, now) if decision else ()) if id not in knowing]
    if (member_id := first_available(agency, case.brand, others)) is not None:
        return [member_id]
    every = list(members.every(agency))
    permitted = memberships.permissions_of(agency, {grant["role"] for member in every for grant in member.grants})
    return fallback_members(every, permitted, case.brand, knowing)


def fallback_members(
    every: Sequence[Member], permitted: Mapping[str, Collection[str]], brand: str, knowing: Collection[str | None]
) -> list[str]:
    """Who is told if the line names nobody else: those who publish it and are there, else the owners. At most 10."""
    owners = [member for member in every if members.owners(member.grants) and not member.suspended_at]
    others = [member for member in every if member.id not in knowing and _is_available(member, brand)]
    editors = [
        member for member in others if not members.owners(member.grants) and _publishes(member, permitted, brand)
    ]
    chosen = editors or [member for member in others if members.owners(member.grants)] or owners
    return [member.id for member in chosen[:MOST_TOLD]]


def _publishes(member: Member, permitted: Mapping[str, Collection[str]], brand: str) -> bool:
    held = (grant for grant in member.grants if grant["brands"] is None or brand in grant["brands"])
    return any(claims.PUBLISH in permitted.get(grant["role"], ()) for grant in held)


def notify(actor: Actor, id: str, now: int) -> None:
    """Makes those who are to be told of the case participants, and mails them; nothing if it is decided by now.

    A repeat mails again. A mail that cannot be sent is not tried again, as there is also an event that says the same.
    """
    case = cases.get(actor, id)
    conversation = conversations.find(actor.agency, case.conversation)
    if case.state != "open" or not case.told or conversation is None:
        return
    brand = brands.find(actor.agency, case.brand)
    words = {"agency": agencies.get(actor.agency).name, "brand": brand.name if brand else "-", "case": case.id}
    for member in members.every(actor.agency, only=case.told["members"]):
        involve(actor, conversation, member.id, now)
        _mail(member, words)


def _mail(member: Member, words: Mapping[str, Any]) -> None:
    try:
        mail.send(member.email, mail.template("case_overdue", member.language), words)
    except errors.Unavailable as unsent:
        log.line("notice_unsent", code=unsent.code, case=words["case"])

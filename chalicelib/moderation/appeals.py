"""Appeals: the author of a message objects to a decision, once, and somebody else decides again.

An appeal is kept with its decision. Its id is that of the case which it opens, with another prefix.
"""

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.events import facts
from chalicelib.inbox import messages
from chalicelib.moderation import cases, claims, decisions, people, standings
from chalicelib.store import table
from chalicelib.store.models.moderation import Case, Decision


def file(actor: Actor, decision: Decision, text: str, said_in: str | None, now: int) -> Decision:
    """Stores the author's objection, and opens its case. `said_in` is the id of the message in which they objected.

    Raises Conflict if there is an appeal already, or if the decision did nothing or was taken back.
    """
    if decision.appeal:
        raise _already_appealed()
    if decision.state != "done":
        raise errors.Conflict(
            "The decision did nothing, or is undone: there is nothing to appeal.", code="nothing_to_appeal"
        )
    if said_in:
        _check_message(actor, decision, said_in)
    case = cases.of_appeal(decision, now)
    appeal = {
        "id": f"apl_{case.id[4:]}", "text": text, "said_in": said_in, "filed_by": actor.member, "at": clock.text(now),
        "state": "open", "reason": None, "decided_by": None, "decided_at": None,
    }  # fmt: skip
    actions = [Decision.appeal.set(appeal), Decision.version.add(1), Decision.updated_at.set(now)]
    is_first = Decision.appeal.does_not_exist() & (Decision.state == "done")
    table.transact(
        table.changing(Decision(decision.pk, decision.sk), actions, is_first, otherwise=_already_appealed()),
        table.putting(case, Case.pk.does_not_exist()),
        *cases.clock_of(case),
        audit.entry(
            actor, "decision.appeal", decision.id, now, brand=decision.brand, after=facts.of_decision(decision)
        ),
    )
    return decisions.get(actor, decision.id)


def _already_appealed() -> errors.Conflict:
    return errors.Conflict("The decision already has an appeal.", code="appealed")


def _check_message(actor: Actor, decision: Decision, said_in: str) -> None:
    try:
        is_of_brand = messages.get(actor, said_in).brand == decision.brand
    except errors.NotFound:
        is_of_brand = False
    if not is_of_brand:
        raise errors.Invalid("`said_in` has to be the id of a message of the decision's brand.", field="said_in")


def decide(actor: Actor, id: str, outcome: str, reason: str, now: int) -> Decision:
    """Upholds the decision, or overturns it: what it did is taken back, and its strike.

    Raises Forbidden for keys and for whoever made the decision, Conflict if the appeal is decided already.
    """
    actor.check_is_person()
    if not ids.is_id(id, "apl"):
        raise errors.NotFound
    case = cases.get(actor, f"cas_{id[4:]}")
    decision = decisions.get(actor, case.decision)
    if not decision.appeal or decision.appeal["id"] != id:
        raise errors.NotFound
    if actor.member == decision.by or (decision.person and actor.is_same_as(decision.person)):
        raise errors.Forbidden(
            "The decision is your own: another member has to decide the appeal.", code="own_decision"
        )
    case = claims.claim(actor, case, now)
    if outcome == "overturn":
        _overturn(actor, decision, reason, now)
    table.transact(*_writes(actor, decision, case, outcome, reason, now))
    return decisions.get(actor, decision.id)


def _overturn(actor: Actor, decision: Decision, reason: str, now: int) -> None:
    """A deleted message stays deleted, but its strike no longer counts."""
    try:
        people.undo(actor, decision, reason, now, counts=False)  # closing the case counts the verdict
    except errors.Conflict as conflict:
        if conflict.code != "cannot_undo":
            raise
        standings.take_back(actor.agency, decision)


def _writes(
    actor: Actor, decision: Decision, case: Case, outcome: str, reason: str, now: int
) -> list[table.Write]:  # fmt: skip
    state, at = {"uphold": "upheld", "overturn": "overturned"}[outcome], clock.text(now)
    how = {"state": state, "reason": reason, "decided_by": actor.member, "decided_at": at}
    decided = {**(decision.appeal or {}), **how}
    actions = [Decision.appeal.set(decided), Decision.version.add(1), Decision.updated_at.set(now)]
    about = {**facts.of_decision(decision), "state": state}
    ruling = {"acts": [outcome], "clause": None, "reason": reason, "by": actor.member, "at": at}
    return [
        *cases.closing(actor, case, ruling, now),
        table.changing(Decision(decision.pk, decision.sk), actions, Decision.pk.exists()),
        audit.entry(actor, "decision.decide_appeal", decision.id, now, brand=decision.brand, after=about),
    ]  # fmt: skip

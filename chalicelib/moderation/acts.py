"""Carries out a decision, act by act, and marks each act in it. What cannot be done becomes a case for a person.

A rule that hides more messages in a minute than it is allowed puts itself into shadow. What it would have hidden from
then on waits for a person, all of it in one case. Adding a message to that case takes one write, so a flood of messages
is not slowed down.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from chalicelib import errors, ids, log
from chalicelib.access import actors
from chalicelib.access.actors import Actor
from chalicelib.contacts import contacts
from chalicelib.events import facts
from chalicelib.inbox import conversations, message_actions
from chalicelib.moderation import bans, cases, decisions, escalations, standings
from chalicelib.rules import rulebooks, samples
from chalicelib.rules.rules import Rule
from chalicelib.store import keys, quota, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.moderation import Case, Decision, Raid
from chalicelib.teamwork import triage

Act = dict[str, Any]
MOST_ATTEMPTS = 10
MOST_NAMED = 100  # messages that the case of a braked rule names
_MOST_RACES, _SECONDS = 5, 5
PLANNED, DONE, REFUSED = "planned", "done", "refused"


class TryAgain(Exception):
    """Raised for a failure of the network that may pass: another attempt in so many `seconds` may succeed."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the network is to be asked again")
        self.seconds = seconds


def carry_out(
    decision: Decision, conversation: Conversation, rules: Mapping[str, Rule], attempt: int, now: int
) -> None:
    """Does what is planned. Raises TryAgain while the network has to be asked again.

    `rules` are the live ones, by their ids. A planned act of a rule that is no longer live is done without the rule's
    limit.
    """
    actor = actors.system(keys.agency_of(decision.pk))
    kept = [dict(act) for act in decision.acts]
    for act in kept:
        if act["state"] != PLANNED:
            continue
        if act["do"] == "hide":
            decision = _hide(actor, decision, kept, act, rules, attempt, now)
        elif act["code"]:  # it was known before that it cannot be done
            act["state"] = REFUSED
        elif act["do"] == "strike" and _awaits_a_person(kept):
            act |= {"state": REFUSED, "code": "waits_for_a_person"}
        else:
            _DO[act["do"]](actor, decision, conversation, act, now)
            act["state"] = DONE
    if kept != decision.acts:
        decisions.save_acts(decision, kept, state_of(kept), now, *sampling(decision, kept, rules, now))


def state_of(acts: Sequence[Mapping[str, Any]]) -> str:
    states = {act["state"] for act in acts}
    return next((state for state in (PLANNED, DONE, REFUSED) if state in states), "noted")


def _awaits_a_person(acts: Sequence[Act]) -> bool:
    """True if a person has to decide first whether the message was wrong: nothing was hidden, but a case was opened."""
    if any(act["do"] == "hide" and act["state"] == DONE for act in acts):
        return False
    return any(act["do"] == "queue" or (act["do"] == "hide" and act["state"] == REFUSED) for act in acts)


def _hide(
    actor: Actor, decision: Decision, kept: list[Act], act: Act, rules: Mapping[str, Rule], attempt: int, now: int
) -> Decision:
    """Hides the message, marks that and counts the strike in one transaction; returns the decision after that."""
    rule = rules.get(act["rule"])
    code = act["code"] or (_brake(actor, rule, now) if rule and attempt == 1 else "")
    if not code:
        strikes = [
            strike for strike in kept if (strike["do"], strike["state"]) == ("strike", PLANNED) and not strike["code"]
        ]
        for planned in (act, *strikes):
            planned["state"] = DONE
        try:
            message_actions.perform(
                actor, decision.message, "hide", now, cited=facts.of_decision(decision),
                more=lambda message: ((), [
                    decisions.write_for_acts(decision, kept, state_of(kept), now),
                    *sampling(decision, kept, rules, now),
                    *(standings.striking(actor.agency, decision, now) if strikes else ()),
                ]),
            )  # fmt: skip
            return decisions.with_acts(decision, kept, state_of(kept), now)
        except errors.Problem as problem:
            for planned in (act, *strikes):
                planned["state"] = PLANNED
            code = _code(problem, attempt)
    act |= {"state": REFUSED, "code": code}
    if code == decisions.BRAKED:
        act["case"] = add_to_raid(decision, act["rule"], now)
    elif code != "gone":
        cases.open_for(decision, [code], "hide", now)
    return decision


def add_to_raid(decision: Decision, rule: str, now: int) -> str:
    """Adds the message to the open case of the braked rule, or opens one; returns the case's id.

    A repeat changes nothing, except that a message beyond the first 100, which are named, may be counted twice.
    """
    place = keys.within(keys.agency_of(decision.pk), decision.brand), keys.RAIDS + rule
    for _ in range(_MOST_RACES):
        raid = table.get(Raid, *place)
        if raid and _add(decision, raid.case):
            return raid.case
        case = cases.new(decision, [decisions.BRAKED], "hide", now, rule)
        case.rule = rule
        is_last = Raid.case == raid.case if raid else Raid.pk.does_not_exist()
        first, then = table.putting(case, Case.pk.does_not_exist()), table.putting(Raid(*place, case=case.id), is_last)
        try:
            table.transact(first, then, *cases.clock_of(case))
        except table.Refused as refused:
            if not refused.failed[0]:
                continue  # somebody else opened one
        return case.id
    raise TryAgain(1)


def _add(decision: Decision, id: str) -> bool:
    """Makes the case with that id be about the message, too; False if it is decided already."""
    pk = keys.within(keys.agency_of(decision.pk), ids.conversation_of(id))
    place = Case(pk, keys.CASES + id)
    is_new = (Case.state == "open") & (Case.message != decision.message) & ~Case.named.contains(decision.message)
    count, name = Case.others.add(1), Case.named.add({decision.message})
    if table.update(place, [count, name], is_new & (Case.others < MOST_NAMED)):
        return True
    if table.update(place, [count], is_new & (Case.others >= MOST_NAMED)):
        return True
    case = table.get(Case, place.pk, place.sk)
    return case is not None and case.state == "open"


def sampling(decision: Decision, kept: Sequence[Act], rules: Mapping[str, Rule], now: int) -> list[table.Write]:
    """For transact: the case of a sample, if one is drawn. It is opened only when no act is planned any more, so that
    nobody takes back what is still being done.
    """
    rule = next((rules.get(act["rule"]) for act in kept if (act["do"], act["state"]) == ("hide", DONE)), None)
    if rule is None or state_of(kept) == PLANNED or not samples.is_drawn(decision.id, rule.sample_percent):
        return []
    return [table.putting(cases.new(decision, [cases.SAMPLE], None, now))]


def _code(problem: errors.Problem, attempt: int) -> str:
    """Why it was not done. Raises TryAgain for a failure that may pass."""
    passes = isinstance(problem, errors.TooMany | errors.Unavailable) or problem.code == "conflict"
    if passes and attempt < MOST_ATTEMPTS:
        raise TryAgain(getattr(problem, "after", None) or _SECONDS) from problem
    return "gone" if isinstance(problem, errors.NotFound) else problem.code


def _brake(actor: Actor, rule: Rule, now: int) -> str:
    """Counts a message that the rule hides. If the rule has reached its limit for this minute, puts it into shadow and
    returns the code `braked`; else empty.
    """
    try:
        quota.take(actor.agency, rule.id, rule.per_minute, now)
    except errors.TooMany:
        if rulebooks.brake(actor, rule.id, rule.version, now):
            log.line("braked", rule=rule.id)
        return decisions.BRAKED
    return ""


def _queue(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    cases.open_for(decision, [_reason_for_case(decision, act)], act["value"], now)


def _reason_for_case(decision: Decision, act: Act) -> str:
    """Why a person has to look. An act without a rule comes from an escalation or a ban."""
    if any(planned["do"] == "escalate" for planned in decision.acts):
        return "escalated"
    return "uncertain" if act["rule"] else "banned"


def _escalate(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    """Makes the conversation urgent. The first member whom the line names gets it, unless it is assigned already."""
    cases.open_for(decision, ["escalated"], None, now)
    named = escalations.members_named(actor.agency, decision, now)
    taker = escalations.first_available(actor.agency, decision.brand, named)

    def wanted(known: Conversation) -> Mapping[str, Any]:
        return {"priority": "urgent", **({} if known.assignee or not taker else {"assignee": taker})}

    if named:
        change(actor, conversation, now, wanted)
    if taker:
        escalations.involve(actor, conversation, taker, now)


def _strike(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    standings.strike(actor.agency, decision, now)


def _propose_ban(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    """Proposes a ban of so many days from its approval; nothing if one is active or proposed already."""
    contact = contacts.find(actor.agency, decision.contact)
    if contact is None:
        return
    with suppress(errors.Conflict, errors.Invalid):  # banned already; or the line has the clause no more
        bans.propose(actor, contact, act["clause"], reason_of_ban(decision, act), now, days=act["value"])


def reason_of_ban(decision: Decision, act: Mapping[str, Any]) -> str:
    return f"{act['rule']}, {decision.id}"


def _label(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    act["made"] = change(actor, conversation, now, lambda known: {"labels": [*{*(known.labels or ()), act["value"]}]})


def _assign(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    """Assigns the conversation unless it is assigned already; nothing if the assignee no longer works for the brand."""
    change(actor, conversation, now, lambda known: {} if known.assignee else {"assignee": act["value"]})


def _priority(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    change(actor, conversation, now, lambda known: {"priority": act["value"]})


def _require_approval(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    """Replies in the conversation need approval until a person lifts that, whatever becomes of the message."""
    act["made"] = change(actor, conversation, now, lambda known: {"approval_required": True})


def change(
    actor: Actor, conversation: Conversation, now: int, changes: Callable[[Conversation], Mapping[str, Any]]
) -> bool:
    """Makes the changes that the conversation needs as it is now. False if it needs none, or if they are refused."""
    for _ in range(_MOST_RACES):
        known = conversations.find(actor.agency, conversation.id) or conversation
        wanted = changes(known)
        if not wanted or all(_has_value(known, name, value) for name, value in wanted.items()):
            return False
        try:
            triage.change(actor, known, wanted, now)
        except errors.PreconditionFailed:
            continue
        except errors.Problem as problem:
            log.line("act_refused", code=problem.code)
            return False
        return True
    return False


def _has_value(conversation: Conversation, name: str, value: Any) -> bool:
    known = getattr(conversation, name)
    return sorted(known or ()) == sorted(value) if isinstance(value, list) else known == value


def _nothing(actor: Actor, decision: Decision, conversation: Conversation, act: Act, now: int) -> None:
    """These acts only show in the decision."""


_DO: Mapping[str, Callable[[Actor, Decision, Conversation, Act, int], None]] = {
    "keep": _nothing,
    "propose": _nothing,
    "ask_model": _nothing,
    "queue": _queue,
    "escalate": _escalate,
    "strike": _strike,
    "propose_ban": _propose_ban,
    "label": _label,
    "assign": _assign,
    "priority": _priority,
    "require_approval": _require_approval,
}

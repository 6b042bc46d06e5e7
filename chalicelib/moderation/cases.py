"""Cases: what a person has to decide. The most urgent is first, and of equals the oldest; `claims` has who works on
which.

An urgent case has a clock. When the clock runs out, an event says so and the case moves before most others; see
`escalations`.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.events import facts
from chalicelib.inbox import conversations
from chalicelib.moderation import decisions, presentation
from chalicelib.rules import judging, samples
from chalicelib.store import due, keys, listings, table
from chalicelib.store.models.inbox import Message
from chalicelib.store.models.moderation import AuthorVerdicts, Case, Decision

Json = Mapping[str, Any]
# The order of cases by category. Other categories come after these, and before samples.
_ORDER = (
    "self_harm", "threat", "personal_data", "scam", "hate", "impersonation", "appeal", "insult", "competitor", "spam",
)  # fmt: skip
_REST, _LAST = len(_ORDER), len(_ORDER) + 1
SAMPLE = "sample"  # why a case is there that only measures a rule
APPEAL, _SECOND = "appeal", "second"
UPHELD, OVERTURNED = "upheld", "overturned"  # people's verdicts on a message
DUE = "case"  # the kind of the work that is due when the clock of a case runs out
_CLOCKS = {"threat": 15 * clock.MINUTE, APPEAL: 72 * clock.HOUR}
_OVERDUE = _ORDER.index("threat") + 1


def open_for(decision: Decision, why: Sequence[str], proposed: str | None, now: int) -> Case:
    """Opens the case of a decision, once; returns the case as it is stored."""
    case = new(decision, why, proposed, now)
    is_first = Case.pk.does_not_exist()
    if case.due_at:
        with suppress(table.Refused):
            table.transact(table.putting(case, is_first), *clock_of(case))
            return case
    elif table.put(case, is_first):
        return case
    return table.get(Case, case.pk, case.sk) or case


def clock_of(case: Case) -> list[table.Write]:
    """For transact, together with the case: schedules the end of its clock, if it has one."""
    return [due.at(keys.agency_of(case.pk), case.due_at, DUE, case.id)] if case.due_at else []


def id_of(decision: Decision, *more: str) -> str:
    """The id of a decision's case, whether it exists or not. `more` makes ids of further cases: of an appeal, a second
    look, a raid.
    """
    return ids.repeated(decision.conversation, "cas", decision.id, *more)


def of_appeal(decision: Decision, now: int) -> Case:
    """The case of an appeal against the decision, not stored yet."""
    return new(decision, [APPEAL], None, now, APPEAL)


def second(actor: Actor, first: Case, decision: Decision, now: int) -> list[table.Write]:
    """For transact: a case in which another person judges the sample, too; nothing if the lot does not fall on it."""
    if not samples.is_drawn(first.id, samples.SECOND_PERCENT) or is_second(first):
        return []
    case = new(decision, [SAMPLE], None, now, _SECOND)
    case.judged_by = dict(actor.person)
    return [table.putting(case)]


def second_id(decision: Decision) -> str:
    return id_of(decision, _SECOND)


def is_second(case: Case) -> bool:
    """True if somebody has judged the sample before. Then this judgement is only counted, and nothing is done."""
    return case.judged_by is not None


def new(decision: Decision, why: Sequence[str], proposed: str | None, now: int, *more: str) -> Case:
    """The case of a decision, not stored yet. For `more` see `id_of`."""
    id = id_of(decision, *more)
    first = _gravest(decision)
    priority = priority_of(first["category"], why)
    return Case(
        decision.pk, keys.CASES + id, id=id, brand=decision.brand, conversation=decision.conversation,
        message=decision.message, decision=decision.id, why=list(why), category=first["category"],
        severity=first["severity"], priority=priority, proposed=proposed,
        masked=presentation.masked(decision.findings), state="open", at=now, updated_at=now,
        replies=decision.replies, due_at=_due_at(decision, why, now),
        contact=decision.contact, cites=facts.cited(decision) or None,
        **_index_fields(decision, id, "open", f"{priority:02d}", now),
    )  # fmt: skip


def _gravest(decision: Decision) -> Json:
    """The first cry for help among the findings; if there is none, the first finding, which is the worst."""
    findings = [*(finding for finding in decision.findings if finding["category"] == judging.CRY), *decision.findings]
    return findings[0] if findings else {"category": "", "severity": 0}


def priority_of(category: str, why: Sequence[str]) -> int:
    """0 is the most urgent."""
    if "escalated" in why:
        return 0
    if SAMPLE in why:
        return _LAST
    if APPEAL in why:
        return _ORDER.index(APPEAL)
    return _ORDER.index(category) if category in _ORDER else _REST


def _due_at(decision: Decision, why: Sequence[str], now: int) -> int | None:
    """Until when (ms) the case is to be decided; None if it has no clock. Samples have none, as they only measure."""
    reasons = [APPEAL] if APPEAL in why else [finding["category"] for finding in decision.findings if SAMPLE not in why]
    ends = [now + _CLOCKS[reason] for reason in reasons if reason in _CLOCKS]
    ends += [decisions.escalated_until(decision, now) or 0] if "escalated" in why else []
    return min(filter(None, ends), default=None)


def _index_fields(about: Decision | Case, id: str, state: str, priority: str, at: int) -> dict[str, str]:
    partition = keys.inbox(keys.agency_of(about.pk), about.brand, f"case.{state}")
    return {"inbox": partition, "activity": priority + keys.activity(at, id)}


def get(actor: Actor, id: str) -> Case:
    """Raises NotFound or Forbidden as `conversations.get` does for the conversation of the message."""
    if not ids.is_id(id, "cas"):
        raise errors.NotFound
    return conversations.with_part(actor, Case, id, keys.CASES + id)[0]


def listing(agency: str, brands: Sequence[str], state: str, after: str = "") -> Iterator[Case]:
    """The cases of these brands: open ones in the order in which they are to be decided, done ones in the order of
    decision.

    With `after`, only those after that place in the list.
    """
    lists = (listings.every(Case, keys.inbox(agency, brand, f"case.{state}"), after=after) for brand in brands)
    return heapq.merge(*lists, key=lambda case: case.activity or "")


def is_about_something(case: Case) -> bool:
    """False once the message is deleted or gone. A raid is about other messages, too, so it stays."""
    if case.rule:
        return True
    message = table.get(Message, case.pk, keys.message(case.message))
    return message is not None and not message.deleted_at


def coming_forward(case: Case) -> list[table.Action]:
    """The actions that move an open case before most others."""
    priority = min(case.priority, _OVERDUE)
    listed = _index_fields(case, case.id, "open", f"{priority:02d}", case.at)["activity"]
    return [Case.priority.set(priority), Case.activity.set(listed)]


def audit_details(case: Case) -> Json:
    """What audit entries say about a case: the decision, the message, the finding, the clause and the rule."""
    known = {"decision": case.decision, "message": case.message, "category": case.category, "severity": case.severity}
    acts = {"acts": [case.proposed]} if case.proposed else {}
    return {**{name: value for name, value in known.items() if value}, **acts, **(case.cites or {})}


def check_is_no_appeal(case: Case) -> None:
    """Raises Conflict for the case of an appeal, which is decided by the route for appeals."""
    if APPEAL in case.why:
        raise errors.Conflict("The case is about an appeal. Decide the appeal instead.", code="is_appeal")


def already_decided() -> errors.Problem:
    return errors.Conflict("The case is already decided.", code="decided")


def closing(
    actor: Actor, case: Case, outcome: Json, now: int, otherwise: table.Otherwise | None = already_decided
) -> list[table.Write]:
    """For transact: closes the case with this outcome. Raises `otherwise` if somebody else decided it meanwhile."""
    moved = _index_fields(case, case.id, "done", "", now)
    actions = [
        Case.state.set("done"), Case.outcome.set(outcome), Case.holder.remove(), Case.held_until.set(0),
        Case.inbox.set(moved["inbox"]), Case.activity.set(moved["activity"]), Case.version.add(1),
        Case.updated_at.set(now),
    ]  # fmt: skip
    change = table.changing(Case(case.pk, case.sk), actions, Case.state == "open", otherwise=otherwise)
    known = {"decision": case.decision, "message": case.message}
    after = {"acts": outcome["acts"], "clause": outcome["clause"], **known}
    entry = audit.entry(actor, "case.decide", case.id, now, brand=case.brand, after=after)
    return [change, entry, *_verdict(actor, case, outcome["acts"][0])]


def _verdict(actor: Actor, case: Case, act: str) -> list[table.Write]:
    """For transact: counts the verdict for the message's author; not for a second judgement, nor for a raid."""
    if is_second(case) or case.rule:
        return []
    if act in ("hide", "delete", "uphold"):
        return counting_verdict(actor.agency, case.contact, UPHELD)
    is_overturned = act == "overturn" or (act == "nothing" and case.proposed)
    return counting_verdict(actor.agency, case.contact, OVERTURNED) if is_overturned else []


def counting_verdict(agency: str, contact: str, verdict: str) -> list[table.Write]:
    """For transact: counts one more such verdict on the contact's messages; nothing if the author is unknown."""
    place = AuthorVerdicts(keys.within(agency, contact), keys.VERDICTS)
    return [table.changing(place, [getattr(AuthorVerdicts, verdict).add(1)])] if contact else []


def verdicts(agency: str, contact: str) -> dict[str, int]:
    """How often people agreed that the contact's messages broke the line, and how often not."""
    counts = table.get(AuthorVerdicts, keys.within(agency, contact), keys.VERDICTS)
    return {name: getattr(counts, name) if counts else 0 for name in (UPHELD, OVERTURNED)}


def closing_others(actor: Actor, about: Sequence[Decision], outcome: Json, now: int) -> list[table.Write]:
    """For transact: closes open cases of these decisions with the same outcome, since somebody acted on the message
    itself.
    """
    cases = table.many(Case, [(decision.pk, keys.CASES + id_of(decision)) for decision in about])
    return [write for case in cases if case.state == "open" for write in closing(actor, case, outcome, now, None)]


def close_gone(case: Case, now: int) -> None:
    actions = [Case.state.set("gone"), Case.inbox.remove(), Case.activity.remove(), Case.version.add(1)]
    table.update(case, [*actions, Case.updated_at.set(now)], Case.state == "open")

"""Cases: what a person has to decide. The gravest is first, and of these the oldest; a case is worked on by one person.

A claim is for one case and ends by itself after five minutes; whoever decides late hears what was decided.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.rules import samples
from chalicelib.store import keys, quota, table
from chalicelib.store.models.inbox import Message
from chalicelib.store.models.moderation import Case, Decision

Json = Mapping[str, Any]
HELD_MS, SKIPPED_MS = 5 * clock.MINUTE, clock.HOUR
# What comes first. What is not named comes between what is doubtful and samples.
_ORDER = (
    "self_harm",
    "threat",
    "personal_data",
    "scam",
    "hate",
    "impersonation",
    "appeal",
    "insult",
    "competitor",
    "spam",
)
_REST, _LAST = len(_ORDER), len(_ORDER) + 1
SAMPLE = "sample"  # why a case is there that only measures a rule
APPEAL = "appeal"
_MOST_TRIED = 100
LONGEST_MASKED = 200
MOST_REVEALED = 2_000  # a person and day
MOST_SKIPPED = 50  # people of whom a case remembers that they skipped it


def open_for(decision: Decision, why: Sequence[str], proposed: str | None, now: int) -> Case:
    """Opens the case of a decision, once; gives what is there."""
    case = new(decision, why, proposed, now)
    if table.put(case, Case.pk.does_not_exist()):
        return case
    return table.get(Case, case.pk, case.sk) or case


def new(decision: Decision, why: Sequence[str], proposed: str | None, now: int) -> Case:
    """The case of a decision, still to be put; there is one."""
    return _new(decision, id_of(decision), why, proposed, now)


def id_of(decision: Decision) -> str:
    """The id of the case that a decision has, or would have."""
    return ids.repeated(decision.conversation, "cas", decision.id)


def of_appeal(decision: Decision, now: int) -> Case:
    """The case of an appeal against the decision, still to be put; there is one."""
    return _new(decision, ids.repeated(decision.conversation, "cas", decision.id, APPEAL), [APPEAL], None, now)


def second(actor: Actor, first: Case, decision: Decision, now: int) -> list[table.Write]:
    """For transact: another person is to judge that sample, too; nothing if it is not drawn for that."""
    if not samples.is_drawn(first.id, samples.SECOND_PERCENT) or is_second(first):
        return []
    case = _new(decision, second_id(decision), [SAMPLE], None, now)
    case.judged_by = dict(actor.person)
    return [table.putting(case)]


def second_id(decision: Decision) -> str:
    return ids.repeated(decision.conversation, "cas", decision.id, "second")


def is_second(case: Case) -> bool:
    """True if somebody has judged the sample before; what is said now is counted, and nothing is done."""
    return case.judged_by is not None


def _new(decision: Decision, id: str, why: Sequence[str], proposed: str | None, now: int) -> Case:
    category = decision.findings[0]["category"] if decision.findings else ""
    severity = decision.findings[0]["severity"] if decision.findings else 0
    priority = priority_of(category, why)
    return Case(
        decision.pk, keys.CASES + id, id=id, brand=decision.brand, conversation=decision.conversation,
        message=decision.message, decision=decision.id, why=list(why), category=category, severity=severity,
        priority=priority, proposed=proposed, masked=masked(decision.findings), state="open", at=now, updated_at=now,
        **_listed(decision, id, "open", f"{priority:02d}", now),
    )  # fmt: skip


def masked(findings: Sequence[Json]) -> str:
    """The words that were found, of each its first letter only."""
    words = [word for finding in findings for span in finding["spans"] for word in span["text"].split()]
    return " ".join(f"{word[0]}{'*' * (len(word) - 1)}" for word in dict.fromkeys(words))[:LONGEST_MASKED]


def priority_of(category: str, why: Sequence[str]) -> int:
    """0 is the most urgent."""
    if "escalated" in why:
        return 0
    if SAMPLE in why:
        return _LAST
    if APPEAL in why:
        return _ORDER.index(APPEAL)
    return _ORDER.index(category) if category in _ORDER else _REST


def _listed(about: Decision | Case, id: str, state: str, priority: str, at: int) -> dict[str, str]:
    partition = keys.inbox(keys.agency_of(about.pk), about.brand, f"case.{state}")
    return {"inbox": partition, "activity": priority + keys.activity(at, id)}


def get(actor: Actor, id: str) -> Case:
    """Raises NotFound or Forbidden as `conversations.get` does for the conversation of the message."""
    if not ids.is_id(id, "cas"):
        raise errors.NotFound
    return conversations.with_part(actor, Case, id, keys.CASES + id)[0]


def listing(agency: str, brands: Sequence[str], state: str, after: str = "") -> Iterator[Case]:
    """The cases of these brands: open ones in the order in which they are to be decided, done ones as they were opened.

    With `after`, those behind that place.
    """
    lists = (table.listed(Case, keys.inbox(agency, brand, f"case.{state}"), after=after) for brand in brands)
    return heapq.merge(*lists, key=lambda case: case.activity or "")


def next_for(actor: Actor, brands: Sequence[str], now: int) -> Case | None:
    """Claims the first case of these brands that the actor may take; None if there is none."""
    for case in islice(listing(actor.agency, brands, "open"), _MOST_TRIED):
        if _is_offered(actor, case, now) and (claimed := _claim(actor, case, now)):
            if is_about_something(claimed):
                return claimed
            close_gone(claimed, now)
    return None


def is_about_something(case: Case) -> bool:
    """False once the message is deleted, or gone."""
    message = table.get(Message, case.pk, keys.message(case.message))
    return message is not None and not message.deleted_at


def _is_offered(actor: Actor, case: Case, now: int) -> bool:
    is_skipped = (case.skipped or {}).get(actor.member, 0) > now
    return not is_skipped and not _judged_it(actor, case) and (case.held_until <= now or case.holder == actor.member)


def _judged_it(actor: Actor, case: Case) -> bool:
    return case.judged_by is not None and actor.is_same_as(case.judged_by)


def claim(actor: Actor, case: Case, now: int) -> Case:
    """Takes a case for five minutes, or for five more.

    Raises Conflict if somebody has it, or it is decided; Forbidden if it is for somebody else to judge, too.
    """
    if _judged_it(actor, case):
        raise errors.Forbidden("Somebody else is to judge it, too.", code="own_decision")
    claimed = _claim(actor, case, now)
    if claimed is None:
        raise _why_not(actor, get(actor, case.id), now)
    return claimed


def _claim(actor: Actor, case: Case, now: int) -> Case | None:
    free = (Case.held_until <= now) | (Case.holder == actor.member)
    actions = [Case.holder.set(actor.member), Case.held_until.set(now + HELD_MS), Case.version.add(1)]
    is_there = table.update(case, actions, (Case.state == "open") & free)
    return case if is_there else None


def release(actor: Actor, case: Case, now: int, *, skip: bool = False) -> Case:
    """Gives a case back. One that is skipped is not offered to the actor again for an hour.

    Raises Conflict if it is decided, or somebody else has just changed it.
    """
    skipped = {name: until for name, until in (case.skipped or {}).items() if until > now}
    if skip:
        skipped = dict([*skipped.items(), (actor.member, now + SKIPPED_MS)][-MOST_SKIPPED:])
    actions = [Case.held_until.set(0), Case.holder.remove(), Case.skipped.set(skipped or None), Case.version.add(1)]
    if not skipped:
        actions[2] = Case.skipped.remove()
    if not table.update(case, actions, (Case.version == case.version) & (Case.state == "open")):
        raise _why_not(actor, get(actor, case.id), now)
    return case


def check_is_no_appeal(case: Case) -> None:
    """Raises Conflict for the case of an appeal, which is decided by what stands there, by somebody else."""
    if APPEAL in case.why:
        raise errors.Conflict("It is an appeal.", code="is_appeal")


def reveal(actor: Actor, case: Case, now: int) -> Json:
    """The text of the message, and how often the actor looked at one today. Raises Conflict if the message is gone."""
    message = table.get(Message, case.pk, keys.message(case.message))
    if message is None or message.deleted_at:
        raise errors.Conflict("The message is gone.", code="gone")
    count = quota.take(actor.agency, f"reveal.{actor.member}", MOST_REVEALED, now, period=clock.DAY)
    audit.note(actor, "case.reveal", case.id, now, brand=case.brand)
    return {"text": message.text, "revealed_today": count}


def _why_not(actor: Actor, case: Case, now: int) -> errors.Problem:
    if case.state != "open":
        return errors.Conflict("It is decided.", code="decided", more={"outcome": case.outcome})
    return errors.Conflict("Somebody else is deciding it.", code="claimed")


def decided() -> errors.Problem:
    return errors.Conflict("It is decided.", code="decided")


def closing(
    actor: Actor, case: Case, outcome: Json, now: int, otherwise: table.Otherwise | None = decided
) -> list[table.Write]:
    """For transact: the case is decided so. Raises `otherwise` if somebody else decided it meanwhile."""
    moved = _listed(case, case.id, "done", "", now)
    actions = [
        Case.state.set("done"), Case.outcome.set(outcome), Case.holder.remove(), Case.held_until.set(0),
        Case.inbox.set(moved["inbox"]), Case.activity.set(moved["activity"]), Case.version.add(1),
        Case.updated_at.set(now),
    ]  # fmt: skip
    change = table.changing(Case(case.pk, case.sk), actions, Case.state == "open", otherwise=otherwise)
    after = {"acts": outcome["acts"], "clause": outcome["clause"]}
    return [change, audit.entry(actor, "case.decide", case.id, now, brand=case.brand, after=after)]


def closing_others(actor: Actor, about: Sequence[Decision], outcome: Json, now: int) -> list[table.Write]:
    """For transact: what is open of these decisions is decided so, too: somebody acted on the message itself."""
    found = table.many(Case, [(one.pk, keys.CASES + id_of(one)) for one in about])
    return [write for case in found if case.state == "open" for write in closing(actor, case, outcome, now, None)]


def close_gone(case: Case, now: int) -> None:
    """The message is gone: nobody has to decide."""
    actions = [Case.state.set("gone"), Case.inbox.remove(), Case.activity.remove(), Case.version.add(1)]
    table.update(case, [*actions, Case.updated_at.set(now)], Case.state == "open")


def view(case: Case, now: int) -> Json:
    held = case.held_until > now
    return {
        "id": case.id,
        "brand": case.brand,
        "conversation": case.conversation,
        "message": case.message,
        "decision": case.decision,
        "why": case.why,
        "category": case.category or None,
        "severity": case.severity,
        "proposed": case.proposed,
        "text_masked": case.masked,
        "state": case.state,
        "holder": case.holder if held else None,
        "held_until": clock.text(case.held_until) if held else None,
        "outcome": case.outcome,
        "version": case.version,
        "at": clock.text(case.at),
    }

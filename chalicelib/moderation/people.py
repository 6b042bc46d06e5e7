"""What people decide: they act on a message and cite a clause, decide a case, or take a decision back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.editorial import versions
from chalicelib.editorial.lines import Clause
from chalicelib.events import facts
from chalicelib.inbox import conversations, message_actions, messages
from chalicelib.jobs import jobs
from chalicelib.moderation import acts, bans, cases, claims, decisions, standings
from chalicelib.networks.base import Verb
from chalicelib.rules import policies
from chalicelib.store import keys, quota, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Case, Decision
from chalicelib.store.table import Action
from chalicelib.teamwork import triage

Json = Mapping[str, Any]
MOST_REVEALED = 2_000  # a person and day
RAID = "decide_raid"  # the kind of the job that carries out one decision for all messages of a braked rule
RAID_LATE = 15 * clock.MINUTE  # some of the messages may be older than the case by this much
_STRIKING = ("hide", "delete")
# Acts whose effect stays on the conversation, and the attribute that each changes.
_LASTING = {"label": "labels", "require_approval": "approval_required"}
_MOST_CLOSED = 20  # cases about one message: a transaction takes a hundred writes


def act(
    actor: Actor, id: str, verb: Verb, now: int, *, clause: str | None = None, reason: str | None = None,
    writes: Sequence[table.Write] = (),
) -> Message:  # fmt: skip
    """Has the network hide, show or delete a message, and stores who decided it and by which clause.

    If a person decided the same before and nothing changed since, no new decision is made, but what was left unfinished
    is finished. A message counts only once against its author. Raises what `check_cited` and `message_actions.perform`
    raise.
    """
    message, conversation = messages.with_conversation(actor, id)
    cited = check_cited(actor.agency, message.brand, verb, clause, reason)
    known = [decision for decision in decisions.of_message(conversation, message.id) if decision.state == "done"]
    own = [decision for decision in known if decision.by != decisions.RULES and decision.acts[0]["do"] == verb]
    made: list[table.Write] = []
    if not own or _was_changed_since(message, verb):
        weighs = cited and verb in _STRIKING and message.direction == "in" and not any(map(_has_counted, known))
        weight = decisions.weight_of_clause(cited.severity) if cited and weighs else 0
        own = [_decision(actor, message, conversation, verb, cited, reason, weight, now)]
        made = [table.putting(own[0], Decision.pk.does_not_exist())]
    decision = own[0]

    def more(message: Message) -> tuple[Sequence[Action], Sequence[table.Write]]:
        return (), [*made, *(writes or _closing_cases(actor, decision, verb, now))]

    done = message_actions.perform(actor, id, verb, now, more=more, cited=facts.of_decision(decision))
    standings.strike(actor.agency, decision, decision.at)
    hid = [decision for decision in known if any(map(_has_hidden, decision.acts))] if verb == "unhide" else []
    for place, hiding in enumerate(hid):
        _take_back(actor, hiding, reason, now, counts=not place)
    return done


def _was_changed_since(message: Message, verb: Verb) -> bool:
    """True if somebody has shown the message since it was hidden, or hidden it since it was shown."""
    return bool(message.hidden) != (verb == "hide")


def _has_counted(decision: Decision) -> bool:
    if decision.by != decisions.RULES:
        return decision.strike > 0
    return any(act["do"] == "strike" and act["state"] == "done" for act in decision.acts)


def _closing_cases(actor: Actor, decision: Decision, verb: Verb, now: int) -> Sequence[table.Write]:
    """For transact: hiding or deleting a message closes the open cases about it."""
    if verb not in _STRIKING:
        return []
    outcome = _outcome(actor, verb, decision.acts[0]["clause"], decision.reason, now)
    every = table.query(
        Decision, decision.pk, keys.DECISIONS, where=Decision.message == decision.message, consistent=True
    )
    return cases.closing_others(actor, list(every)[-_MOST_CLOSED:], outcome, now)


def _outcome(actor: Actor, act: str, clause: str | None, reason: str | None, now: int) -> Json:
    return {"acts": [act], "clause": clause, "reason": reason, "by": actor.member, "at": clock.text(now)}


def check_cited(agency: str, brand: str, act: str, clause: str | None, reason: str | None) -> Clause | None:
    """The clause that is cited. Raises Invalid for one that is not in the brand's line.

    Once a line is published, also raises Invalid for hiding or deleting without a clause, and for deleting without a
    reason.
    """
    line = versions.in_force(agency, brand)
    cited = (line or policies.line_of(agency, brand)).clause(clause) if clause else None
    if cited is None and (clause or (line and act in _STRIKING)):
        code = "unknown_clause" if clause else "clause_missing"
        missing = "Name the clause of the editorial line that the message breaks."
        raise errors.Invalid("The editorial line has no such clause." if clause else missing, code=code, field="clause")
    if line and act == "delete" and not reason:
        raise errors.Invalid("A deletion needs a reason: nobody can undo it.", code="reason_missing", field="reason")
    return cited


def _decision(
    actor: Actor, message: Message, conversation: Conversation, verb: Verb, cited: Clause | None, reason: str | None,
    strike: int, now: int,
) -> Decision:  # fmt: skip
    id = ids.inside(conversation.id, "dec")
    line, clause = versions.in_force(actor.agency, message.brand), cited.id if cited else None
    findings = decisions.of_clause(policies.of(actor.agency, message.brand, now), cited, message.text) if cited else []
    done = {"do": verb, "value": None, "clause": clause, "rule": None, "version": None, "state": "done", "code": None}
    return Decision(
        conversation.pk, decisions.key(id), id=id, brand=message.brand, conversation=conversation.id,
        message=message.id, contact=(message.author or {}).get("contact", ""), text=ids.digest(message.text),
        findings=findings, line=line.version if line else 0, acts=[done], state="done", by=actor.member, reason=reason,
        person=actor.person, strike=strike, at=now, updated_at=now,
        **decisions.listed(conversation, id, now),
    )  # fmt: skip


def _has_hidden(act: Json) -> bool:
    return bool(act["do"] == "hide" and act["state"] == "done")


def undo(actor: Actor, decision: Decision, reason: str | None, now: int, *, counts: bool = True) -> Decision:
    """Takes a decision back: the message is shown again, its strike is removed, and so are the effects that
    `_remove_effect` can remove. Repeating it changes nothing. With `counts` it is a verdict in favour of the author.

    Raises Conflict, `cannot_undo`, for a deletion, which no network takes back, and for a decision that was not carried
    out.
    """
    if decision.state == "undone":
        return decision
    if decision.state != "done" or any(act["do"] == "delete" and act["state"] == "done" for act in decision.acts):
        raise errors.Conflict(
            "The decision deleted the message, or was not carried out: nobody can undo it.", code="cannot_undo"
        )
    if any(map(_has_hidden, decision.acts)):
        message = messages.get(actor, decision.message)
        if message.hidden and not message.deleted_at:
            message_actions.perform(actor, decision.message, "unhide", now, cited=facts.of_decision(decision))
    _take_back(actor, decision, reason, now, counts=counts)
    return decisions.get(actor, decision.id)


def _take_back(actor: Actor, decision: Decision, reason: str | None, now: int, *, counts: bool) -> None:
    kept = [
        {**act, "state": "undone"}
        if act["state"] == "done" and _remove_effect(actor, decision, act, reason, now)
        else act
        for act in decision.acts
    ]
    about = {**facts.of_decision(decision), "reason": reason}
    entry = audit.entry(actor, "decision.undo", decision.id, now, brand=decision.brand, after=about)
    undone = table.changing(
        Decision(decision.pk, decision.sk),
        [
            Decision.acts.set(kept), Decision.state.set("undone"), Decision.undone_by.set(actor.member),
            Decision.version.add(1), Decision.updated_at.set(now),
        ],
        Decision.state == "done",
    )  # fmt: skip
    said = cases.counting_verdict(actor.agency, decision.contact, cases.OVERTURNED) if counts else []
    standings.take_back(actor.agency, decision)  # first, as what is undone is not done again
    with suppress(table.Refused):  # somebody else did
        table.transact(undone, entry, *said)


def _remove_effect(actor: Actor, decision: Decision, act: Json, reason: str | None, now: int) -> bool:
    """Removes the effect of the act; True if it is gone. Assignments, priorities, cases and deletions always stay."""
    if act["do"] == "propose_ban":
        return _withdraw_ban(actor, decision, act, reason, now)
    if act["do"] in _LASTING:
        return _lift(actor, decision, act, now)
    return act["do"] in ("hide", "strike")


def _withdraw_ban(actor: Actor, decision: Decision, act: Json, reason: str | None, now: int) -> bool:
    """Withdraws the ban that the decision proposed; False once somebody approved it."""
    ban = bans.find(actor.agency, standings.load(actor.agency, decision.contact).ban or "")
    if ban is None or ban.reason != acts.reason_of_ban(decision, act):
        return True
    try:
        bans.reject(actor, ban, reason or "The decision that proposed the ban was undone.", now)
    except errors.Conflict:
        return False
    return True


def _lift(actor: Actor, decision: Decision, act: Json, now: int) -> bool:
    """Removes a label, or the need of approvals, from the conversation, if rules set it and no other decision wants it.

    It stays if somebody changed labels or approvals by hand since then. Returns False if it is still there, also
    because the actor may not change it.
    """
    every = table.query(Decision, decision.pk, keys.DECISIONS, consistent=True)
    meant = (act["do"], act["value"])
    same = [(maker, its) for maker in every for its in maker.acts if (its["do"], its["value"]) == meant]
    others = [(maker, its) for maker, its in same if maker.id != decision.id and maker.state != "undone"]
    made_at = max((maker.at for maker, its in same if its.get("made")), default=0)
    conversation = conversations.find(actor.agency, decision.conversation)
    if conversation and not any(its["state"] == "done" for _, its in others):
        with suppress(errors.Forbidden):
            triage.check_permissions(actor, conversation, [_LASTING[act["do"]]])
            system = actors.system(actor.agency)
            acts.change(system, conversation, now, lambda known: _without(known, act, made_at))
    left = conversations.find(actor.agency, decision.conversation)
    return left is None or not _is_set(left, act)


def _is_set(conversation: Conversation, act: Json) -> bool:
    if act["do"] == "label":
        return act["value"] in (conversation.labels or ())
    return bool(conversation.approval_required)


def _without(conversation: Conversation, act: Json, made_at: int) -> Json:
    """The changes that remove it; none if somebody changed labels, or approvals, by hand after `made_at`."""
    if act["do"] == "label":
        labels = [label for label in conversation.labels or () if label != act["value"]]
        return {"labels": labels} if (conversation.labelled_at or 0) < made_at else {}
    return {"approval_required": False} if (conversation.approval_at or 0) < made_at else {}


def decide(actor: Actor, case: Case, act_name: str, clause: str | None, reason: str | None, now: int) -> Case:
    """Decides a case. Raises Conflict if somebody else has it or decided it, and for an appeal; Forbidden if the
    actor's role may not delete; what `check_cited` raises.

    For a sample that a rule hid, `nothing` takes that back and `hide` leaves it; a second judgement of a sample is only
    counted. If the message is gone, its case is closed and Conflict raised. The messages of a braked rule are decided
    together: a job does it.
    """
    cases.check_is_no_appeal(case)
    is_sample = cases.SAMPLE in case.why  # of which the rule cited the clause
    check_cited(actor.agency, case.brand, "nothing" if is_sample else act_name, clause, reason)
    case = claims.claim(actor, case, now)
    outcome = _outcome(actor, act_name, clause, reason, now)
    if case.rule:
        return _decide_raid(actor, case, outcome, now)
    closing = cases.closing(actor, case, outcome, now)
    if not cases.is_about_something(case):
        cases.close_gone(case, now)
        raise errors.Conflict("The message no longer exists.", code="gone")
    _check_delete(actor, case, act_name)
    sampled = decisions.get(actor, case.decision) if is_sample else None
    closing += cases.second(actor, case, sampled, now) if sampled else []
    is_hidden = sampled is not None and any(map(_has_hidden, sampled.acts))
    if sampled and is_hidden and act_name == "nothing" and not cases.is_second(case):
        undo(actor, sampled, reason or "A person judged a sample: the message may stay.", now)
    if act_name == "nothing" or cases.is_second(case) or (is_hidden and act_name == "hide"):
        table.transact(*closing)
    else:
        verb: Verb = "hide" if act_name == "hide" else "delete"
        act(actor, case.message, verb, now, clause=clause, reason=reason, writes=closing)
    return cases.get(actor, case.id)


def _decide_raid(actor: Actor, case: Case, outcome: Json, now: int) -> Case:
    [act_name] = outcome["acts"]
    _check_delete(actor, case, act_name)
    if act_name == "nothing":
        table.transact(*cases.closing(actor, case, outcome, now))
        return cases.get(actor, case.id)
    verb: Verb = "hide" if act_name == "hide" else "delete"
    job = ids.new("job")
    asked = {"brand": case.brand, "case": case.id, "since": case.at - RAID_LATE, "until": now, "verb": verb,
             "clause": outcome["clause"], "reason": outcome["reason"]}  # fmt: skip
    closing = cases.closing(actor, case, {**outcome, "job": job}, now)
    jobs.start(actor, RAID, asked, now, *closing, id=job)
    return cases.get(actor, case.id)


def _check_delete(actor: Actor, case: Case, act_name: str) -> None:
    if act_name == "delete" and not actor.may("moderation.delete", brand=case.brand):
        raise errors.Forbidden("Your role does not allow you to delete messages.")


def reveal(actor: Actor, case: Case, now: int) -> Json:
    """The text of the message, and how often the actor revealed one today. Raises Conflict if the message is gone."""
    message = table.get(Message, case.pk, keys.message(case.message))
    if message is None or message.deleted_at:
        raise errors.Conflict("The message no longer exists.", code="gone")
    count = quota.take(actor.agency, f"reveal.{actor.member}", MOST_REVEALED, now, period=clock.DAY)
    audit.note(actor, "case.reveal", case.id, now, brand=case.brand)
    return {"text": message.text, "revealed_today": count}


def revealed_today(agency: str, member: str, now: int) -> int:
    """How often a member revealed masked words today."""
    return quota.used(agency, f"reveal.{member}", now, period=clock.DAY)

"""Takes back what a rule did in a stretch of time: a job goes through its decisions, the latest first. It leaves
people's decisions alone.

A decision is taken back once, however often its portion is done. If a network is asked too much, the job waits a while.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any

from chalicelib import clock, errors, ids, moments
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.evaluation import verdicts, walks
from chalicelib.inbox import message_actions, messages
from chalicelib.jobs import jobs
from chalicelib.jobs.jobs import Portion
from chalicelib.moderation import decisions, people
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Case, Decision, Undo
from chalicelib.store.models.work import Job

Json = Mapping[str, Any]
KIND = "undo_rule"
OUTCOMES = ("taken_back", "confirmed", "undone_before", "gone", "refused")
MOST_COUNTED, MOST_EXAMINED = 500, 5_000  # by a dry run
_TAKEN_BACK = ("hide", "strike")
_DONE = ("done", "undone")
_MOST_RACES = 5


def parameters_of(rule: str, since: str, until: str | None, reason: str | None, now: int) -> dict[str, Any]:
    """The job's parameters; without `until` it undoes decisions up to now. Raises Invalid for a time in the future, or
    one that ends before it begins.
    """
    first = moments.parse(since, "since")
    last = min(moments.parse(until, "until"), now) if until is not None else now
    if first >= now:
        raise errors.Invalid("`since` has to be in the past.", code="bad_times", field="since")
    if last <= first:
        raise errors.Invalid("`until` has to be after `since`.", code="bad_times", field="until")
    brand = ids.brand_of(rule)
    times = {"since": first, "until": last, "open": until is None}
    return {"rule": rule, "brand": brand, **times, "reason": reason, "at": now}


def start(actor: Actor, asked: Json, now: int) -> Job:
    """Starts the job, or returns the running one that does the same.

    Raises Conflict for an archived brand, for which nothing is shown again.
    """
    brands.at_work(actor.agency, asked["brand"])
    times = {name: clock.text(asked[name]) for name in ("since", "until")}
    entry = audit.entry(actor, "rule.undo", asked["rule"], now, brand=asked["brand"], after=times)
    place = keys.within(actor.agency, asked["brand"]), keys.UNDOS + asked["rule"]
    for _ in range(_MOST_RACES):
        last = table.get(Undo, *place)
        running = jobs.find(actor.agency, last.job) if last else None
        if running and running.status == "running" and _is_same(running.parameters, asked):
            return running
        is_last, id = Undo.job == last.job if last else Undo.pk.does_not_exist(), ids.new("job")
        with suppress(errors.Conflict):  # somebody else started one
            first = table.putting(Undo(*place, job=id), is_last, otherwise=errors.Conflict)
            return jobs.start(actor, KIND, asked, now, entry, first, id=id)
    raise errors.Unavailable("Others are undoing the rule's decisions at the same time. Try again.")


def _is_same(undo: Json, other: Json) -> bool:
    """True if both take back what the rule did in the same time; an open one ends at the time of the request."""
    names = ("since", "open") if undo.get("open") else ("since", "open", "until")
    return all(undo.get(name) == other.get(name) for name in names)


def outlook(actor: Actor, asked: Json) -> Json:
    """How many decisions would have which outcome, as far as one request can count."""
    counted: Counter[str] = Counter()
    examined = 0
    for decision in islice(_of_time(actor.agency, asked), MOST_EXAMINED):
        examined += 1
        if has_acted(decision, asked["rule"]):
            counted[_expected_outcome(actor, decision)] += 1
        if counted.total() == MOST_COUNTED:
            break
    is_partial = examined == MOST_EXAMINED or counted.total() == MOST_COUNTED
    return {"outcomes": {name: counted[name] for name in OUTCOMES}, "partial": is_partial}


def _of_time(agency: str, asked: Json) -> Iterator[Decision]:
    edge = keys.activity(asked["until"], "")
    for decision in decisions.listing(agency, asked["brand"], edge):
        if decision.at < asked["since"]:
            return
        yield decision


def has_acted(decision: Decision, rule: str) -> bool:
    """True if the rule hid the message, or if it gave a strike and no rule hid the message."""
    done = [act for act in decision.acts if act["do"] in _TAKEN_BACK and act["state"] in _DONE]
    return any(act["rule"] == rule for act in [act for act in done if act["do"] == "hide"] or done)


def _expected_outcome(actor: Actor, decision: Decision) -> str:
    if decision.state == "undone":
        return "undone_before"
    try:
        message, conversation = messages.with_conversation(actor, decision.message)
    except errors.NotFound:
        return "gone"
    if message.deleted_at:
        return "gone"
    cases = table.query(Case, conversation.pk, keys.CASES, where=Case.message == message.id)
    if verdicts.of(message, decisions.of_message(conversation, message.id), cases) == "confirmed":
        return "confirmed"
    return "taken_back" if _can_be_shown(actor, message, conversation) else "refused"


def _can_be_shown(actor: Actor, message: Message, conversation: Conversation) -> bool:
    if not message.hidden:
        return True
    brand, channel = brands.find(actor.agency, message.brand), channels.find(actor.agency, conversation.channel)
    try:
        message_actions.check(message, conversation.surface, brand, channel, "unhide")
    except errors.Problem:
        return False
    return True


def portion(actor: Actor, parameters: Json, position: str, now: int) -> Portion:
    """Takes back the next decisions, unless the actor may no longer set the brand's rules live."""
    if not actor.may(*actor.needs, brand=parameters["brand"]):
        return Portion(0, None)
    return walks.portion(actor.agency, parameters, position, partial(_undone, actor, parameters, now))


def _undone(actor: Actor, parameters: Json, now: int, decision: Decision, is_last: bool) -> list[str]:
    """The outcome for a decision; empty if the rule did not act in it. Raises errors that may pass, except on the last
    try.
    """
    if not has_acted(decision, parameters["rule"]):
        return []
    if decision.state == "undone" and decision.undone_by == actor.member and decision.updated_at >= parameters["at"]:
        return ["taken_back"]  # by this portion, which was done before
    outcome = _expected_outcome(actor, decision)
    if outcome == "taken_back":
        try:
            people.undo(actor, decision, parameters["reason"], now)
        except errors.Problem as problem:
            if isinstance(problem, errors.TooMany | errors.Unavailable) and not is_last:
                raise
            return ["gone" if problem.code == "gone" or isinstance(problem, errors.NotFound) else "refused"]
    return [outcome]

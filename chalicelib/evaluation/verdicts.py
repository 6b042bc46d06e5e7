"""What people thought of a message: whether hiding it was right, or would be. Pure."""

from collections.abc import Iterable, Iterator
from typing import Literal

from chalicelib import clock
from chalicelib.moderation.decisions import RULES
from chalicelib.store.models.inbox import Message
from chalicelib.store.models.moderation import Case, Decision

Verdict = Literal["confirmed", "contradicted", "by_rules", "new"]
_AGAINST = ("hide", "delete")


def of(message: Message, decisions: Iterable[Decision], cases: Iterable[Case]) -> Verdict:
    """What was really done about the message. The last decision of a person counts, unless the text changed after it.

    `confirmed`: somebody hid it, here or in the network's own app. `contradicted`: somebody left it, or showed it
    again. `by_rules`: rules hid it, and nobody decided about it. `new`: nothing was done.
    """
    own = [decision for decision in decisions if decision.message == message.id]
    said = [*_decided(own), *_closed(case for case in cases if case.message == message.id)]
    counted = [word for word in said if word[0] >= (message.edited_at or 0)]
    if counted:
        return "confirmed" if max(counted)[1] else "contradicted"
    if message.hidden:
        is_by_rules = any(decision.by == RULES and _has_act_against(decision, ("done",)) for decision in own)
        return "by_rules" if is_by_rules else "confirmed"
    return "new" if message.hidden is None else "contradicted"


def is_persons_removal(decision: Decision) -> bool:
    """True for a decision by a person that hid or deleted the message."""
    return decision.by != RULES and decision.state == "done" and _has_act_against(decision, ("done",))


def _has_act_against(decision: Decision, states: tuple[str, ...]) -> bool:
    return any(act["do"] in _AGAINST and act["state"] in states for act in decision.acts)


def _decided(decisions: Iterable[Decision]) -> Iterator[tuple[int, bool]]:
    """The times of people's decisions, and whether each was against the message."""
    for decision in decisions:
        if decision.state == "undone":
            yield decision.updated_at, False
        elif decision.by != RULES and decision.state == "done":
            yield decision.at, _has_act_against(decision, ("done",))


def _closed(cases: Iterable[Case]) -> Iterator[tuple[int, bool]]:
    for case in cases:
        if case.state == "done" and case.outcome:
            yield clock.parse(case.outcome["at"]), is_against(case)


def is_against(case: Case) -> bool:
    """True if whoever decided the case had the message hidden or deleted."""
    return bool(case.outcome) and any(act in _AGAINST for act in case.outcome["acts"])

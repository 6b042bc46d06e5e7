"""Carries out one decision for all messages that a braked rule left to people: a job goes through them, the latest
first.

Messages that were edited since, or that a person has already decided about, are left alone.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib import errors, ids
from chalicelib.access.actors import Actor
from chalicelib.evaluation import walks
from chalicelib.inbox import messages
from chalicelib.jobs.jobs import Portion
from chalicelib.moderation import decisions, people
from chalicelib.moderation.decisions import RULES
from chalicelib.store.models.moderation import Decision

Json = Mapping[str, Any]
KIND = people.RAID


def portion(actor: Actor, parameters: Json, position: str, now: int) -> Portion:
    """Hides or deletes the next messages, unless the actor may no longer do that."""
    needed = "moderation.delete" if parameters["verb"] == "delete" else "moderation.hide"
    if not actor.may(needed, brand=parameters["brand"]):
        return Portion(0, None)
    return walks.portion(actor.agency, parameters, position, partial(_done, actor, parameters, now))


def _done(actor: Actor, parameters: Json, now: int, decision: Decision, is_last: bool) -> list[str]:
    """The outcome for a message; empty if the case is not about it. Raises errors that may pass, except on the last
    try.
    """
    if not any(act.get("case") == parameters["case"] for act in decision.acts):
        return []
    try:
        message, conversation = messages.with_conversation(actor, decision.message)
        if message.deleted_at:
            return ["gone"]
        if ids.digest(message.text) != decision.text:
            return ["edited"]
        said = [other for other in decisions.of_message(conversation, message.id) if other.by != RULES]
        if any(other.by != actor.member and other.at >= decision.at for other in said):
            return ["decided_before"]
        people.act(actor, message.id, parameters["verb"], now, clause=parameters["clause"], reason=parameters["reason"])
    except errors.Problem as problem:
        if isinstance(problem, errors.TooMany | errors.Unavailable) and not is_last:
            raise
        return ["gone" if problem.code == "gone" or isinstance(problem, errors.NotFound) else "refused"]
    return ["hidden" if parameters["verb"] == "hide" else "deleted"]

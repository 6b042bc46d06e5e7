"""Cases as the API shows them: what was found is masked, and the text is shown to who asks, which is counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.store import keys, quota, table
from chalicelib.store.models.inbox import Message
from chalicelib.store.models.moderation import Case

Json = Mapping[str, Any]
LONGEST_MASKED = 200
MOST_REVEALED = 2_000  # a person and day


def masked(findings: Sequence[Json]) -> str:
    """The words that were found, of each its first letter only."""
    words = [word for finding in findings for span in finding["spans"] for word in span["text"].split()]
    return " ".join(f"{word[0]}{'*' * (len(word) - 1)}" for word in dict.fromkeys(words))[:LONGEST_MASKED]


def reveal(actor: Actor, case: Case, now: int) -> Json:
    """The text of the message, and how often the actor looked at one today. Raises Conflict if the message is gone."""
    message = table.get(Message, case.pk, keys.message(case.message))
    if message is None or message.deleted_at:
        raise errors.Conflict("The message is gone.", code="gone")
    count = quota.take(actor.agency, f"reveal.{actor.member}", MOST_REVEALED, now, period=clock.DAY)
    audit.note(actor, "case.reveal", case.id, now, brand=case.brand)
    return {"text": message.text, "revealed_today": count}


def view_case(case: Case, now: int) -> Json:
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
        "due_at": clock.text(case.due_at) if case.due_at else None,
        "overdue": bool(case.overdue),
        "passed_on": {**case.passed_on, "by": case.passed_on["by"][-1]} if case.passed_on else None,
        "outcome": case.outcome,
        "version": case.version,
        "at": clock.text(case.at),
    }

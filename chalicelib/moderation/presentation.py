"""Cases and decisions as the API shows them: what was found is masked."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock
from chalicelib.access.actors import Actor
from chalicelib.contacts import masks
from chalicelib.store.models.moderation import Case

Json = Mapping[str, Any]
LONGEST_MASKED = 200


def masked(findings: Sequence[Json]) -> str:
    """The words that were found, only the first letter of each."""
    words = [word for finding in findings for span in finding["spans"] for word in span["text"].split()]
    return " ".join(map(masks.first_letters, dict.fromkeys(words)))[:LONGEST_MASKED]


def listed(actor: Actor, decision: Json) -> Json:
    """A decision in a list: only the first letters of words whose severity is masked for the actor."""
    findings = [
        _masked_part(finding) if finding["severity"] >= actor.mask_from else finding for finding in decision["findings"]
    ]
    is_grave = any(finding["severity"] >= actor.mask_from for finding in decision["findings"])
    promotion = [_masked_part(feature) for feature in decision["promotion"]] if is_grave else decision["promotion"]
    return {**decision, "findings": findings, "promotion": promotion}


def _masked_part(part: Json) -> Json:
    spans = [{**span, "text": masks.first_letters(span["text"])} for span in part["spans"]]
    return {**part, "means": part["means"] and masks.first_letters(part["means"]), "spans": spans}


def _raid(case: Case) -> Json | None:
    return {"rule": case.rule, "more": case.others, "messages": sorted(case.named or ())} if case.rule else None


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
        "raid": _raid(case),
        "text_masked": case.masked,
        "replies": case.replies or [],
        "state": case.state,
        "holder": case.holder if held else None,
        "held_until": clock.text(case.held_until) if held else None,
        "due_at": clock.text(case.due_at) if case.due_at else None,
        "overdue": bool(case.overdue),
        "told": case.told,
        "passed_on": {**case.passed_on, "by": case.passed_on["by"][-1]} if case.passed_on else None,
        "outcome": case.outcome,
        "version": case.version,
        "at": clock.text(case.at),
    }

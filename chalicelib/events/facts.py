"""The facts of an event, as they are shown. An event stores them because they may have changed by
the time it is read.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock
from chalicelib.store.models.moderation import Decision

Facts = Mapping[str, int | str]
# What is told of moderation; never a text, nor a word that was found.
_NAMES = ("decision", "message", "category", "clause", "rule", "code")
_NUMBERS = ("severity", "line", "rule_version", "weight")
_CITED = ("clause", "line", "rule", "rule_version")


def of_consent(facts: Facts) -> Mapping[str, Any]:
    """Why a channel's token is invalid, or when it will be, and who connected the channel."""
    ends_at = facts.get("ends_at")
    return {
        "reason": facts.get("reason"),
        "days_left": facts.get("days_left"),
        "ends_at": clock.text(int(ends_at)) if ends_at else None,
        "connected_by": facts.get("connected_by") or None,
    }


def of_network(key: str, facts: Facts) -> Mapping[str, Any]:
    """The status of a network as a whole, and since when it has it."""
    return {"key": key, "status": facts["status"], "since": clock.text(int(facts["since"]))}


def of_decision(decision: Decision) -> dict[str, int | str]:
    """What an event says of a decision: what was found, what is done, and by which clause and rule."""
    first = next((act for act in decision.acts if act["rule"]), decision.acts[0] if decision.acts else {})
    finding = decision.findings[0] if decision.findings else {}
    return kept({
        "decision": decision.id, "message": decision.message, "line": decision.line,
        "acts": [act["do"] for act in decision.acts],
        "category": finding.get("category"), "severity": finding.get("severity"),
        "clause": first.get("clause"), "rule": first.get("rule"), "rule_version": first.get("version"),
    })  # fmt: skip


def cited(decision: Decision) -> dict[str, int | str]:
    """Those facts of a decision that say by which clause and rule it was taken."""
    every = of_decision(decision)
    return {name: every[name] for name in _CITED if name in every}


def kept(known: Mapping[str, Any]) -> dict[str, int | str]:
    """Those of the known values that an event may store; the rest is left out."""
    facts = {name: known[name] for name in (*_NAMES, *_NUMBERS) if known.get(name)}
    acts = known.get("acts") or ""
    return {**facts, **({"acts": acts if isinstance(acts, str) else ",".join(acts)} if acts else {})}


def of_moderation(facts: Facts) -> Mapping[str, Any]:
    """What was decided, about which message, and by which clause and rule."""
    acts = str(facts.get("acts") or "")
    return {**{name: facts.get(name) for name in (*_NAMES, *_NUMBERS)}, "acts": acts.split(",") if acts else []}

"""What differs between two contents of a line. It does not load the detector, which reading a line needs."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def clause_ids(content: Json) -> set[str]:
    return {clause["id"] for clause in content.get("clauses", ())}


def changes(before: Json, after: Json) -> Json:
    """The ids of clauses that were added, removed and changed, and the names of other parts that differ."""
    old, new = _clauses(before), _clauses(after)
    parts = sorted({*before, *after} - {"clauses"})
    return {
        "added": [id for id in new if id not in old],
        "removed": [id for id in old if id not in new],
        "changed": [id for id in new if id in old and new[id] != old[id]],
        "parts": [part for part in parts if before.get(part) != after.get(part)],
    }


def in_full(before: Json, after: Json) -> Json:
    """What `changes` names, as it was before and as it is after."""
    named = changes(before, after)
    old, new = _clauses(before), _clauses(after)
    return {
        "added": [new[id] for id in named["added"]],
        "removed": [old[id] for id in named["removed"]],
        "changed": [{"before": old[id], "after": new[id]} for id in named["changed"]],
        "parts": {"before": _parts(before, named["parts"]), "after": _parts(after, named["parts"])},
    }


def _clauses(content: Json) -> dict[str, Json]:
    return {clause["id"]: clause for clause in content.get("clauses", ())}


def _parts(content: Json, named: list[str]) -> Json:
    return {part: content[part] for part in named if part in content}

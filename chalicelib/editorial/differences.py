"""What is another between two contents of a line. Without the detector, which reading a line needs."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def clause_ids(content: Json) -> set[str]:
    return {clause["id"] for clause in content.get("clauses", ())}


def changes(before: Json, after: Json) -> Json:
    """Which clauses came, went and changed, by their ids, and which other parts are not the same."""
    old, new = ({clause["id"]: clause for clause in content.get("clauses", ())} for content in (before, after))
    parts = sorted({*before, *after} - {"clauses"})
    return {
        "added": [id for id in new if id not in old],
        "removed": [id for id in old if id not in new],
        "changed": [id for id in new if id in old and new[id] != old[id]],
        "parts": [part for part in parts if before.get(part) != after.get(part)],
    }

"""The line that a brand begins with, in five languages: what hardly any brand wants in its space."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("starters.json")
LANGUAGES = ("de", "en", "es", "fr", "pt")
# For each clause: its severity, the detector's categories that it covers, and of whom it speaks.
_CLAUSES: Mapping[str, tuple[int, tuple[str, ...], tuple[str, ...]]] = {
    "respect.insults": (2, ("insult",), ("audience", "brand")),
    "respect.hate": (3, ("hate",), ("audience", "brand")),
    "safety.threats": (4, ("threat",), ("audience", "brand")),
    "privacy.personal_data": (3, ("personal_data",), ("audience", "brand")),
    "fraud.scams": (3, ("scam",), ("audience",)),
    "advertising.spam": (1, ("spam",), ("audience",)),
}


def starter(language: str) -> dict[str, Any]:
    texts = json.loads(PLACE.read_text())[language]
    return {"language": language, "clauses": [_clause(id, *texts[id]) for id in _CLAUSES]}


def _clause(id: str, title: str, text: str, example: str) -> dict[str, Any]:
    severity, covers, speaks_of = _CLAUSES[id]
    return {
        "id": id,
        "title": title,
        "text": text,
        "severity": severity,
        "examples": [example],
        "covers": list(covers),
        "speaks_of": list(speaks_of),
    }

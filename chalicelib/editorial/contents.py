"""Reads a line from the JSON object in which it is written down, kept and shown: see schemas.LINE."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.editorial.lines import Address, Clause, Escalation, ForbiddenClaim, ForbiddenWord, Line, Required, Voice
from chalicelib.words.competitors import Competitor, Own

Json = Mapping[str, Any]


def line_of(content: Json, version: int = 0) -> Line:
    return Line(
        language=content["language"],
        clauses=tuple(Clause(**_frozen(clause)) for clause in content.get("clauses", ())),
        voice=_voice(content.get("voice", {})),
        competitors=tuple(Competitor(**_frozen(competitor)) for competitor in content.get("competitors", ())),
        own=Own(**_frozen(content.get("own", {}))),
        escalation=tuple(Escalation(**_frozen(escalation)) for escalation in content.get("escalation", ())),
        version=version,
    )


def _voice(voice: Json) -> Voice:
    parts = {
        "address": tuple(Address(language, form) for language, form in voice.get("address", {}).items()),
        "forbidden_words": tuple(ForbiddenWord(**_frozen(word)) for word in voice.get("forbidden_words", ())),
        "forbidden_claims": tuple(ForbiddenClaim(**_frozen(claim)) for claim in voice.get("forbidden_claims", ())),
        "required": tuple(Required(**_frozen(required)) for required in voice.get("required", ())),
    }
    return Voice(**{**_frozen(voice), **parts})


def _frozen(fields: Json) -> dict[str, Any]:
    """The fields with tuples in place of lists: a line must be hashable, as it is a key of caches."""
    return {name: tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            for name, value in fields.items()}  # fmt: skip

"""The rules that a brand begins with. They are in shadow: they only note what they would have done, until somebody sets
them live.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import ids
from chalicelib.trees import Tree

Json = Mapping[str, Any]
_COMMENT = {"field": "surface", "is": ["comment", "mention"]}
_HIDE, _QUEUE = {"do": "hide"}, {"do": "queue"}


def _of(category: str, *more: Tree) -> Tree:
    return {"all": [{"field": "category", "is": category}, *more, _COMMENT]}


# By clause of the starter line: the name, which messages, and what to do.
_RULES: tuple[tuple[str, str, Tree, tuple[Json, ...]], ...] = (
    ("safety.threats", "Threats", _of("threat"), (_QUEUE, {"do": "strike", "weight": 10})),
    (
        "privacy.personal_data",
        "Private data in public",
        _of("personal_data", {"field": "certainty", "is": "clear"}),
        (_HIDE,),
    ),
    ("fraud.scams", "Fraud", _of("scam"), (_HIDE, {"do": "strike", "weight": 3})),
    ("respect.hate", "Hatred", _of("hate"), (_HIDE, {"do": "strike", "weight": 3})),
    (
        "respect.insults",
        "Insults",
        _of("insult", {"field": "severity", "at_least": 2}),
        (_HIDE, {"do": "strike", "weight": 1}),
    ),
    (
        "advertising.spam",
        "Competitors in disguise",
        {"all": [{"field": "promotion", "at_least": 3}, _COMMENT]},
        (_QUEUE,),
    ),
    ("advertising.spam", "Advertising", _of("spam"), (_QUEUE,)),
)


def rules(brand: str) -> list[dict[str, Any]]:
    return [
        {
            "id": ids.of_brand(brand, "rul", brand, name), "name": name, "state": "shadow", "version": 1,
            "said": {"clause": clause, "when": when, "then": list(then)}, "live": None, "lived": None, "changed_at": 0,
        }
        for clause, name, when, then in _RULES
    ]  # fmt: skip

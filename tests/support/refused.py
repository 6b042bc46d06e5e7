"""What calls of tests tell of refusals: an example of each code, for its page.

They lie in `reference/refusals.json`; with WRITE_EXAMPLES set a richer one takes its place, and one whose words are
met no more is replaced. That one is met no more fails nothing: some come of races, which not every run has.
"""

import json
import os
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from local.reference import problems
from tests.support import shapes
from tests.support.stand_ins import StandIns

LARGEST = 1_500  # bytes
# What each has by its code, or is another each time.
_SAID = ("type", "title", "code", "request_id")
shown: set[str] = set()  # the richest of each code and detail so far
_best: dict[tuple[str, str], tuple[int, str]] = {}


def note(answer: Mapping[str, Any]) -> None:
    """Somebody was refused so."""
    if not os.environ.get("WRITE_EXAMPLES"):
        return
    code, refusal = answer["code"], example(answer, datetime.now(UTC))
    kind = code, refusal.get("detail", "")
    if shapes.size(refusal) <= LARGEST and shapes.richness(refusal) > _best.get(kind, (-1, ""))[0]:
        line = json.dumps([code, refusal], ensure_ascii=False)
        shown.discard(_best.get(kind, (0, ""))[1])
        shown.add(line)
        _best[kind] = shapes.richness(refusal), line


def example(answer: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A refusal as it is kept: what is its own, with stand-ins, and short."""
    made: dict[str, Any] = StandIns(at).of(shapes.shortened(_own(answer)))
    return made


def _own(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in _SAID}


def keep(lines: Collection[str], whole: bool) -> list[str]:
    """Writes down the examples that are better than those that are kept. There is no fault in any."""
    better = replaced(problems.refused(), [json.loads(line) for line in sorted(lines)])
    if better != problems.refused():
        problems.REFUSED.write_text(problems.written(better))
    return []


def replaced(kept: Mapping[str, Any], met: Collection[tuple[str, Any]]) -> Mapping[str, Any]:
    """The examples by code, after these were met: the richest takes the place of one that is poorer, or whose words
    were not met although its code was.
    """
    by_code: dict[str, list[Any]] = {}
    for code, refusal in met:
        by_code.setdefault(code, []).append(refusal)
    better = dict(kept)
    for code, refusals in by_code.items():
        richest = max(refusals, key=shapes.richness)
        is_current = code in kept and kept[code].get("detail") in [refusal.get("detail") for refusal in refusals]
        if not is_current or shapes.richness(richest) > shapes.richness(kept[code]):
            better[code] = richest
    return better

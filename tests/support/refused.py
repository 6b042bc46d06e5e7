"""What calls of tests tell of refusals: an example of each code, for its page.

They lie in `reference/refusals.json`; with WRITE_EXAMPLES set a richer one takes its place. That one is met no more
fails nothing: some come of races, which not every run has.
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
shown: set[str] = set()  # the richest of each code so far
_best: dict[str, tuple[int, str]] = {}


def note(answer: Mapping[str, Any]) -> None:
    """Somebody was refused so."""
    if not os.environ.get("WRITE_EXAMPLES"):
        return
    code = answer["code"]
    refusal = example(answer, datetime.now(UTC))
    if shapes.size(refusal) <= LARGEST and shapes.richness(refusal) > _best.get(code, (-1, ""))[0]:
        line = json.dumps([code, refusal], ensure_ascii=False)
        shown.discard(_best.get(code, (0, ""))[1])
        shown.add(line)
        _best[code] = shapes.richness(refusal), line


def example(answer: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A refusal as it is kept: what is its own, with stand-ins, and short."""
    made: dict[str, Any] = StandIns(at).of(shapes.shortened(_own(answer)))
    return made


def _own(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in _SAID}


def keep(lines: Collection[str], whole: bool) -> list[str]:
    """Writes down those that are richer than what is kept. There is no fault in any."""
    kept = dict(problems.refused())
    for code, refusal in map(json.loads, sorted(lines)):
        if code not in kept or shapes.richness(refusal) > shapes.richness(kept[code]):
            kept[code] = refusal
    if kept != problems.refused():
        problems.REFUSED.write_text(problems.written(kept))
    return []

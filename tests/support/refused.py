"""What calls of tests tell of refusals: an example of each code, for its page.

They lie in `reference/refusals.json`. One whose shape no refusal of a whole run had fails it; with WRITE_EXAMPLES set
a richer one takes its place.
"""

import json
import os
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from local.reference import problems
from tests.support import shapes
from tests.support.recorded import AGAIN
from tests.support.stand_ins import StandIns

LARGEST = 1_500  # bytes
# What each has by its code, or is another each time.
_SAID = ("type", "title", "code", "request_id")
shown: set[str] = set()  # the richest of each code so far, and which of those that are kept were seen
_best: dict[str, tuple[int, str]] = {}
_kept = problems.refused()


def note(answer: Mapping[str, Any]) -> None:
    """Somebody was refused so."""
    code = answer["code"]
    if code in _kept and shapes.fits(_kept[code], _own(answer)):
        shown.add(json.dumps([code]))
    if not os.environ.get("WRITE_EXAMPLES"):
        return
    found = example(answer, datetime.now(UTC))
    if shapes.size(found) <= LARGEST and shapes.richness(found) > _best.get(code, (-1, ""))[0]:
        line = json.dumps([code, found], ensure_ascii=False)
        shown.discard(_best.get(code, (0, ""))[1])
        shown.add(line)
        _best[code] = shapes.richness(found), line


def example(answer: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A refusal as it is kept: what is its own, with stand-ins, and short."""
    made: dict[str, Any] = StandIns(at).of(shapes.shortened(_own(answer)))
    return made


def _own(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in _SAID}


def bad_examples(lines: Collection[str], whole: bool) -> list[str]:
    """Those that no refusal of a whole run was like. With WRITE_EXAMPLES set, richer ones take their place first."""
    entries = [json.loads(line) for line in sorted(lines)]
    seen = {code for code, *found in entries if not found}
    kept = dict(problems.refused())
    for code, found in (entry for entry in entries if len(entry) == 2):
        is_richer = code not in kept or shapes.richness(found) > shapes.richness(kept[code])
        if is_richer or (whole and code not in seen):
            kept, seen = {**kept, code: found}, {*seen, code}
    if kept != problems.refused():
        problems.REFUSED.write_text(problems.written(kept))
    lost = sorted(set(kept) - seen) if whole else []
    return [f"Nothing that was refused is like the example of {code}; {AGAIN}." for code in lost]

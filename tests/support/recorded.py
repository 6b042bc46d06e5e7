"""What calls of tests tell of operations: with which codes they refuse, and an example of each.

Both lie in `reference/`. A code that is not there fails the run. An example whose shape no call of a whole run has
fails it; with WRITE_EXAMPLES set a better one takes its place.
"""

import json
import os
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.api import http
from local.reference import codes, examples
from tests.support import shapes
from tests.support.stand_ins import StandIns

MOST_BYTES = 2_500  # of an example's answer, if there is such a one
LARGEST = 200_000  # of what is looked at: what is longer is no example
_WORSE = 10
# What it answers is the document itself, in which an example of it would have no end.
_WITHOUT = {"show_document"}
# What it answers is all that an agency has, which is another thing in each run but in the test that makes the example.
_STEADY = {"start"}
AGAIN = "run that again with WRITE_EXAMPLES=1"
Example = Mapping[str, Any]
refused: set[str] = set()  # operation, status and code
shown: set[str] = set()  # the best example of each operation so far, and which of those that are kept were seen
_best: dict[str, tuple[int, str]] = {}
_seen: set[str] = set()
_kept = examples.read()


def note(route: http.Route | None, body: Any, query: Mapping[str, Any], status: int, raw: bytes, mime: str) -> None:
    """Somebody called it, and was answered so."""
    if route is None:
        return
    id = route.view.__name__
    if status >= 400:
        code = json.loads(raw)["code"]
        if codes.is_own(route, status, code):
            refused.add(f"{id} {status} {code}")
    elif mime.startswith("application/json") and len(raw) <= LARGEST:
        _show(id, route, {"query": dict(query), "body": body, "status": status, "answer": json.loads(raw)})


def _show(id: str, route: http.Route, call: Example) -> None:
    kept = _kept.get(id)
    if kept and id not in _seen and is_like(kept, call):
        _seen.add(id)
        shown.add(json.dumps([id]))
    if not os.environ.get("WRITE_EXAMPLES"):
        return
    candidate = example(route, call, datetime.now(UTC))
    if rank(candidate) > _best.get(id, (-1_000_000, ""))[0]:
        line = json.dumps([id, candidate], ensure_ascii=False)
        shown.discard(_best.get(id, (0, ""))[1])
        shown.add(line)
        _best[id] = rank(candidate), line


def is_like(kept: Example, call: Example) -> bool:
    is_body_like = "body" not in kept or shapes.fits(kept["body"], call["body"])
    return is_body_like and kept["status"] == call["status"] and shapes.fits(kept["answer"], call["answer"])


def example(route: http.Route, call: Example, at: datetime) -> dict[str, Any]:
    """A call as it is kept: with stand-ins, and short."""
    stand_ins = StandIns(at)
    answer = shapes.shortened(call["answer"])
    if shapes.size(answer) > MOST_BYTES:
        answer = shapes.shortened(call["answer"], 1)
    made: dict[str, Any] = {}
    if call["query"]:
        made["query"] = {name: stand_ins.of(_typed(route.query[name], part)) for name, part in call["query"].items()}
    if call["body"] is not None and route.body is not None:
        made["body"] = stand_ins.of(call["body"], route.body)
    return {**made, "status": call["status"], "answer": stand_ins.of(answer, route.answer)}


def _typed(schema: Mapping[str, Any], value: Any) -> Any:
    """A parameter as its schema has it; a test may have written it as it stands in an address."""
    if schema.get("type") == "array":
        return str(value).split(",")
    if schema.get("type") == "boolean":
        return str(value) == "true"
    return int(value) if schema.get("type") == "integer" else value


def rank(call: Example) -> int:
    """How good an example is: what shows more is better, unless it is long, a later page, or tells of failures."""
    more = shapes.size(call["answer"]) - MOST_BYTES
    worse = _WORSE * ("cursor" in call.get("query", ())) + _WORSE * ('"ok": false' in json.dumps(call["answer"]))
    return -more if more > 0 else shapes.richness(call) - worse


def unknown_codes(lines: Collection[str], whole: bool) -> list[str]:
    noted: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for id, status, code in map(str.split, lines):
        noted[id][int(status)].add(code)
    new = codes.unknown(noted, codes.read())
    return [f"{id} gives codes that local/reference/reachable.py does not find: {new[id]}" for id in sorted(new)]


def bad_examples(lines: Collection[str], whole: bool) -> list[str]:
    """Those that no call of a whole run was like. With WRITE_EXAMPLES set, better calls take their place first."""
    entries = [json.loads(line) for line in sorted(lines)]
    seen = {id for id, *calls in entries if not calls}
    kept = examples.read()
    for id, call in (entry for entry in entries if len(entry) == 2):
        is_better = id not in kept or (id not in _STEADY and rank(call) > rank(kept[id]))
        if is_better or (whole and id not in seen):
            examples.write(id, call)
            kept, seen = {**kept, id: call}, {*seen, id}
    lost = sorted({route.view.__name__ for route in http.ROUTES} - seen - _WITHOUT) if whole else []
    return [f"Nothing that happened is like the example of {id}, or there is none; {AGAIN}." for id in lost]

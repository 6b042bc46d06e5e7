"""Lists of the Graph API as its doubles answer them: fields with lists in them, pages with cursors, times.

https://developers.facebook.com/docs/graph-api/guides/field-expansion and .../results
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.networks.double import Request

Json = Mapping[str, Any]
_NAME = re.compile(r"([a-z_]+)((?:\.[a-z_]+\([^()]*\))*)")
MOST = 100


class Wrong(Exception):
    """Raised for a field or parameter that does not exist; its text is the vendor's message."""


@dataclass(frozen=True)
class Asked:
    """A field that is asked for: the modifiers of its list, and the fields of the list's items."""

    modifiers: Mapping[str, str] = field(default_factory=dict)
    inner: Mapping[str, "Asked"] = field(default_factory=dict)


def asked(text: str) -> Mapping[str, Asked]:
    """Parses `a,b{c},d.limit(5){e}`."""
    fields = {}
    for entry in _split(text):
        head, _, inner = entry.partition("{")
        name = _NAME.fullmatch(head)
        if name is None or (inner and not inner.endswith("}")):
            raise Wrong(f"Syntax error at {entry[:20]}")
        modifiers = dict(re.findall(r"\.([a-z_]+)\(([^()]*)\)", name[2]))
        fields[name[1]] = Asked(modifiers, asked(inner[:-1]) if inner else {})
    return fields


def _split(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for at, letter in enumerate(text):
        depth += {"{": 1, "}": -1, "(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def shown(row: Json, wanted: Mapping[str, Asked], known: Mapping[str, Any]) -> Json:
    """The row with the wanted fields. `known` has the existing fields, each with the fields inside it."""
    fields: dict[str, Any] = {}
    for name, wish in {"id": Asked(), **wanted}.items():
        if name not in known:
            raise Wrong(f"Tried accessing nonexisting field ({name})")
        inside, value = known[name], row.get(name)
        if isinstance(value, list):
            fields[name] = page([shown(each, wish.inner, inside) for each in value], wish.modifiers)
        elif value is not None:
            fields[name] = shown(value, wish.inner, inside) if wish.inner and isinstance(value, Mapping) else value
    return fields


def edge(request: Request, rows: Sequence[Json], known: Mapping[str, Any], *, at: str = "", more: str = "") -> Json:
    """A list by its query, as an edge of the Graph API gives it; `at` is the field with the time, for `since` and
    `until`.
    """
    query = dict(request.query)
    allowed = {"fields", "limit", "after", "appsecret_proof", *more.split(), *(("since", "until") if at else ())}
    if not set(query) <= allowed:
        raise Wrong(f"Unexpected parameter {sorted(set(query) - allowed)}")
    if at and not all(query.get(name, "0").isdecimal() for name in ("since", "until")):
        raise Wrong("since and until are seconds")
    wanted = asked(query.get("fields", "id"))
    within = [row for row in rows if not at or int(query.get("since", 0)) <= row[at] <= int(query.get("until", 2**40))]
    return page([shown(row, wanted, known) for row in within], query)


def page(rows: Sequence[Json], query: Mapping[str, str]) -> Json:
    limit, after = query.get("limit", "25"), query.get("after", "")
    if not (limit.isdecimal() and 0 < int(limit) <= MOST):
        raise Wrong("Param limit must be a number up to 100")
    start = _offset(after) if after else 0
    part = rows[start : start + int(limit)]
    if not part:
        return {"data": []}
    end = start + len(part)
    paging: dict[str, Any] = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
    if end < len(rows):
        paging["next"] = "https://graph.facebook.com/next"
    return {"data": list(part), "paging": paging}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"MTAyMTE1:{place}".encode()).decode().rstrip("=")


def _offset(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().removeprefix("MTAyMTE1:"))
    except ValueError:
        raise Wrong("Invalid cursors values") from None

"""Leaves out components of the document to which nothing refers."""

import re
from collections.abc import Iterator
from typing import Any

from local.reference import trees

Json = dict[str, Any]
_REFERENCE = re.compile(r"^#/components/(\w+)/([\w.-]+)$")


def without_leftovers(document: Json) -> Json:
    """The document without them, and without components to which only they refer."""
    page = trees.copied(document)
    outside = {name: part for name, part in page.items() if name != "components"}
    wanted, waiting = set[tuple[str, str]](), list(_references(outside))
    while waiting:
        kind, name = reference = waiting.pop()
        if reference not in wanted:
            wanted.add(reference)
            waiting += _references(page["components"][kind][name])
    for kind, parts in page["components"].items():
        if kind != "securitySchemes":
            page["components"][kind] = {name: part for name, part in parts.items() if (kind, name) in wanted}
    return page


def _references(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        reference = _REFERENCE.match(part["$ref"]) if isinstance(part.get("$ref"), str) else None
        if reference:
            yield reference[1], reference[2]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _references(inner)

"""What changed between two versions of the API's document, and which changes break programs.

`python -m local.reference.changes OLD NEW` prints it. Programs ignore what they do not know, so additions break
nothing, unless they have to be sent. Which changes of a schema break something depends on whether it is sent to us
(taken) or by us (given).
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local.reference import trees
from local.reference.shapes import Known, Use, differences, uses

Json = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Change:
    """`kind` is added, removed, changed or deprecated; `of` is what changed: an operation, a parameter, a property, a
    value, a code, a right, a scope, an event.
    """

    where: str
    of: str
    name: str
    kind: str
    breaks: bool = False


def changes(old: Json, new: Json) -> list[Change]:
    """All changes, in the order of their places."""
    return sorted({*_of_operations(old, new), *_of_events(old, new), *_of_schemas(old, new)})


def _of_operations(old: Json, new: Json) -> Iterator[Change]:
    before, after = _operations(old), _operations(new)
    yield from (Change(name, "operation", "", "removed", breaks=True) for name in before.keys() - after.keys())
    yield from (Change(name, "operation", "", "added") for name in after.keys() - before.keys())
    for name in before.keys() & after.keys():
        yield from _of_operation(name, before[name], after[name])


def _operations(document: Json) -> dict[str, Json]:
    return {
        f"{verb.upper()} {path}": operation
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    }


def _of_events(old: Json, new: Json) -> Iterator[Change]:
    """The event types that endpoints can get."""
    before, after = (set(document.get("webhooks", ())) for document in (old, new))
    return _parted("webhooks", "event", before, after, breaks=True)


def _of_operation(name: str, old: Json, new: Json) -> Iterator[Change]:
    if new.get("deprecated") and not old.get("deprecated"):
        yield Change(name, "operation", "", "deprecated")
    yield from _of_parameters(name, old, new)
    yield from _parted(name, "code", _codes(old), _codes(new))
    yield from _parted(name, "scope", _scopes(old), _scopes(new), breaks=True)
    yield from _parted(name, "answer", _answers(old), _answers(new), breaks=True)
    if set(old.get("x-permissions", ())) != set(new.get("x-permissions", ())):
        narrowed = bool(set(old.get("x-permissions", ())) - set(new.get("x-permissions", ())))
        yield Change(name, "right", ", ".join(new.get("x-permissions", ())), "changed", breaks=narrowed)
    if not old.get("requestBody", {}).get("required") and new.get("requestBody", {}).get("required"):
        yield Change(name, "body", "", "changed", breaks=True)


def _parted(where: str, about: str, old: set[str], new: set[str], *, breaks: bool = False) -> Iterator[Change]:
    yield from (Change(where, about, name, "removed", breaks) for name in old - new)
    yield from (Change(where, about, name, "added") for name in new - old)


def _codes(operation: Json) -> set[str]:
    return {code for codes in operation.get("x-codes", {}).values() for code in codes}


def _scopes(operation: Json) -> set[str]:
    """The scopes of which an app needs one; `any` if every token will do, `none` if no token is needed."""
    ways = operation.get("security")
    apps = [way["oauth"] for way in ways or () if "oauth" in way]
    return {"none"} if ways == [] else {" ".join(scopes) or "any" for scopes in apps}


def _answers(operation: Json) -> set[str]:
    """The successful answers, each with its schema."""
    done = {status: answer for status, answer in operation["responses"].items() if "200" <= status < "300"}
    return {
        f"{status} {trees.named(content['schema']) or mime}"
        for status, answer in done.items()
        for mime, content in answer.get("content", {}).items()
    }


def _of_parameters(where: str, old: Json, new: Json) -> Iterator[Change]:
    before = {parameter["name"]: parameter for parameter in trees.parameters(old)}
    after = {parameter["name"]: parameter for parameter in trees.parameters(new)}
    yield from (Change(where, "parameter", name, "removed", breaks=True) for name in before.keys() - after.keys())
    for name in after.keys() - before.keys():
        yield Change(where, "parameter", name, "added", breaks=bool(after[name].get("required")))
    for name in before.keys() & after.keys():
        for difference in differences(before[name]["schema"], after[name]["schema"], Use.TAKEN):
            yield Change(where, difference.of, f"{name}{difference.path}", difference.kind, difference.breaks)


def _of_schemas(old: Json, new: Json) -> Iterator[Change]:
    """Only of schemas in both documents; a new or removed one shows in the places that refer to it."""
    before, after, used = trees.schemas(old), trees.schemas(new), uses(new)
    for name in before.keys() & after.keys():
        for difference in differences(before[name], after[name], used.get(name, Use.GIVEN), known=Known(before, after)):
            yield Change(name, difference.of, difference.path.removeprefix("."), difference.kind, difference.breaks)


def as_json(every: list[Change]) -> list[dict[str, Any]]:
    return [asdict(change) for change in every]


def sentence(change: Change) -> str:
    """The change in words."""
    what = f"{change.of} `{change.name}`" if change.name else change.of
    return f"{change.where}: {what} {change.kind}"


def main(old: str, new: str) -> None:
    for change in changes(*(json.loads(Path(path).read_text()) for path in (old, new))):
        print(("BREAKS  " if change.breaks else "        ") + sentence(change))


if __name__ == "__main__":
    main(*sys.argv[1:3])

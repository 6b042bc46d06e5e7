"""Compares two versions of a schema; and tells which schemas are sent to us, by us, or both."""

from collections.abc import Iterator, Mapping
from enum import Flag, auto
from typing import Any, NamedTuple

from local.reference import trees

Json = Mapping[str, Any]
_REFERENCE = "#/components/schemas/"
_DEEPEST = 8
_LARGEST = ("maxLength", "maximum", "maxItems", "maxProperties", "exclusiveMaximum")
_SMALLEST = ("minLength", "minimum", "minItems", "minProperties", "exclusiveMinimum")


class Use(Flag):
    TAKEN = auto()
    GIVEN = auto()


class Known(NamedTuple):
    """The components of both documents, to resolve references."""

    old: Json
    new: Json


NOTHING = Known({}, {})


class Difference(NamedTuple):
    """A difference at `path` (`.contact.name`): of a property, a value, a type or a limit."""

    path: str
    of: str
    kind: str
    breaks: bool


def uses(document: Json) -> dict[str, Use]:
    """For each component, whether it is taken or given, directly or inside another."""
    components, used = trees.schemas(document), dict[str, Use]()
    for operation in trees.operations(document):
        taken = _referred(operation.get("requestBody", {}))
        given = _referred(operation.get("responses", {}))
        for use, names in ((Use.TAKEN, taken), (Use.GIVEN, given)):
            _reach(names, use, components, used)
    return used


def _reach(names: set[str], use: Use, components: Mapping[str, Json], used: dict[str, Use]) -> None:
    for name in names:
        known = used.get(name, Use(0))
        if name in components and use not in known:
            used[name] = known | use
            _reach(_referred(components[name]), use, components, used)


def _referred(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        own = str(value.get("$ref", ""))
        here = {own.removeprefix(_REFERENCE)} if own.startswith(_REFERENCE) else set()
        return here.union(*map(_referred, value.values()))
    return set().union(*map(_referred, value)) if isinstance(value, list) else set()


def differences(old: Json, new: Json, use: Use, path: str = "", known: Known = NOTHING) -> Iterator[Difference]:
    """All differences of the schema and of its parts. If the component's name differs, its content is compared."""
    if old.get("$ref") != new.get("$ref") and path.count(".") < _DEEPEST:
        old, new = _followed(old, known.old), _followed(new, known.new)
    if bool(old.get("anyOf")) != bool(new.get("anyOf")):
        old, new = _merged(old, known.old), _merged(new, known.new)
    if _kind(old) != _kind(new):
        is_told_first = Use.TAKEN not in use and _kind(old) == _kind({})
        yield Difference(path, "type", "changed", breaks=not is_told_first)
        return
    yield from _of_values(old, new, use, path)
    yield from _of_limits(old, new, use, path)
    yield from _of_properties(old, new, use, path, known)
    for part in ("items", "additionalProperties"):
        if isinstance(old.get(part), Mapping) and isinstance(new.get(part), Mapping):
            yield from differences(old[part], new[part], use, f"{path}[]", known)
    for part in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for before, after in zip(old.get(part, ()), new.get(part, ()), strict=False):
            yield from differences(before, after, use, path, known)


def _followed(schema: Json, components: Json) -> Json:
    target: Json = components.get(str(schema.get("$ref", "")).removeprefix(_REFERENCE), schema)
    return target


def _merged(schema: Json, components: Json) -> Json:
    """A schema that may be null, as one schema with two types."""
    several = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(several) != 1 or len(schema["anyOf"]) != 2:
        return schema
    inner = _followed(several[0], components)
    return {**inner, "type": [inner["type"], "null"]} if isinstance(inner.get("type"), str) else schema


def _kind(schema: Json) -> Any:
    """What must stay the same: type and format, or the component, and the number of alternatives."""
    kind = schema.get("type")
    several = tuple(len(schema.get(part, ())) for part in ("anyOf", "oneOf", "allOf"))
    return tuple(kind) if isinstance(kind, list) else kind, schema.get("$ref"), schema.get("format"), several


def _of_values(old: Json, new: Json, use: Use, path: str) -> Iterator[Difference]:
    before, after = (set(map(str, schema.get("enum", ()))) for schema in (old, new))
    if bool(before) != bool(after):
        # Where anything could be sent, only some values can be; or the other way round.
        yield Difference(path, "values", "changed", breaks=bool(after) and Use.TAKEN in use)
        return
    for value in before - after:
        yield Difference(f"{path}={value}", "value", "removed", breaks=Use.TAKEN in use)
    for value in after - before:
        yield Difference(f"{path}={value}", "value", "added", breaks=False)


def _of_limits(old: Json, new: Json, use: Use, path: str) -> Iterator[Difference]:
    for names, sign in ((_LARGEST, 1), (_SMALLEST, -1)):
        for name in names:
            before, after = (sign * schema.get(name, sign * float("inf")) for schema in (old, new))
            if before != after:
                yield Difference(f"{path} {name}".strip(), "limit", "changed", after < before and Use.TAKEN in use)
    if old.get("pattern") != new.get("pattern"):
        yield Difference(path, "pattern", "changed", breaks=Use.TAKEN in use and "pattern" in new)


def _of_properties(old: Json, new: Json, use: Use, path: str, known: Known) -> Iterator[Difference]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", ())), set(new.get("required", ()))
    for name in before.keys() - after.keys():
        yield Difference(f"{path}.{name}", "property", "removed", breaks=True)
    for name in after.keys() - before.keys():
        yield Difference(f"{path}.{name}", "property", "added", breaks=name in needs and Use.TAKEN in use)
    for name in before.keys() & after.keys():
        if name in needs - needed:
            yield Difference(f"{path}.{name}", "need", "added", breaks=Use.TAKEN in use)
        if name in needed - needs:
            yield Difference(f"{path}.{name}", "need", "removed", breaks=Use.GIVEN in use)
        yield from differences(before[name], after[name], use, f"{path}.{name}", known)

"""What an agency keeps of its conversations beside what was said: at most 50 attributes, each of a type, for brands.

All definitions are one item, changed only as it was read; what conversations hold already stays as it is.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Attributes

MOST, MOST_BYTES = 50, 300_000  # an item holds 400 KB
NAME = re.compile("[a-z][a-z0-9_]{0,49}")
LONGEST = 1000
Definition = Mapping[str, Any]
Definitions = Mapping[str, Definition]


def of(agency: str, brand_id: str) -> Definitions:
    """The definitions that are for the brand, by name."""
    told = kept(agency).definitions
    return {name: one for name, one in told.items() if one["brands"] is None or brand_id in one["brands"]}


def kept(agency: str) -> Attributes:
    """All definitions of the agency; version 0 if there never was one."""
    return table.get(Attributes, agency, keys.ATTRIBUTES) or Attributes(agency, keys.ATTRIBUTES, version=0)


def version_of(every: Attributes, name: str) -> int:
    """The version of a definition, 0 if there is none."""
    return int(every.definitions.get(name, {"version": 0})["version"])


def listing(actor: Actor) -> list[Mapping[str, Any]]:
    """The definitions for brands the actor works for, by name; of other brands they hear nothing."""
    found: list[Mapping[str, Any]] = []
    for name, told in sorted(kept(actor.agency).definitions.items()):
        brands = _shown(actor, told["brands"])
        if brands != []:
            found.append({"name": name, **told, "brands": brands})
    return found


def define(actor: Actor, every: Attributes, name: str, body: Mapping[str, Any], now: int) -> Mapping[str, Any]:
    """Make a definition, or another of one there is. Raises Invalid, naming the field; Conflict for one too many."""
    if not NAME.fullmatch(name):
        raise errors.Invalid("Small letters, digits and _, a letter first.", field="name")
    if (body["type"] == "choice") != ("choices" in body):
        raise errors.Invalid("A choice, and nothing else, has choices.", field="choices")
    old = every.definitions.get(name)
    _check_brands(actor, body.get("brands"))
    told = {
        "title": body["title"], "type": body["type"], "choices": body.get("choices"), "brands": body.get("brands"),
        "required_on_resolve": body.get("required_on_resolve", False), "version": version_of(every, name) + 1,
    }  # fmt: skip
    definitions = {**every.definitions, name: told}
    if len(definitions) > MOST or len(json.dumps(definitions).encode()) > MOST_BYTES:
        raise errors.Conflict("There are enough attributes.", code="too_many_attributes")
    _write(every, definitions, audit.entry(actor, "attribute.define", name, now, before=old, after=told))
    return {"name": name, **told}


def remove(actor: Actor, every: Attributes, name: str, now: int) -> None:
    """Take a definition away; NotFound if there is none. Values that conversations hold stay until they are removed."""
    old = every.definitions.get(name)
    if old is None:
        raise errors.NotFound
    rest = {other: told for other, told in every.definitions.items() if other != name}
    _write(every, rest, audit.entry(actor, "attribute.remove", name, now, before=old))


def _shown(actor: Actor, brands: list[str] | None) -> list[str] | None:
    return None if brands is None else [id for id in brands if actor.sees(id)]


def _check_brands(actor: Actor, brand_ids: list[str] | None) -> None:
    """Raises Invalid for a brand there is not."""
    for id in brand_ids or ():
        try:
            brands.get(actor, id)
        except errors.NotFound as unknown:
            raise errors.Invalid("There is no such brand.", field="brands") from unknown


def _write(old: Attributes, definitions: Definitions, told: table.Write) -> None:
    seen = Attributes.version == old.version if old.version else Attributes.pk.does_not_exist()
    made = Attributes(old.pk, old.sk, definitions=dict(definitions), version=old.version + 1)
    try:
        table.transact(table.putting(made, seen), told)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def check(definitions: Definitions, given: Mapping[str, Any], held: Mapping[str, Any]) -> None:
    """Raises Invalid, naming the first that is wrong: not defined, or not of its type. Null takes a value away."""
    for name, value in given.items():
        told = definitions.get(name)
        if value is None and (told or name in held):
            continue
        if told is None:
            raise errors.Invalid("There is no such attribute.", code="unknown_attribute", field=f"attributes.{name}")
        if not FITS[told["type"]](value) or (told["choices"] and value not in told["choices"]):
            raise errors.Invalid("Not one of its values.", code="wrong_type", field=f"attributes.{name}")


def check_required(definitions: Definitions, held: Mapping[str, Any]) -> None:
    """Raises Invalid, telling which are missing, for a conversation that cannot be resolved without."""
    missing = sorted(name for name, told in definitions.items() if told["required_on_resolve"] and name not in held)
    if missing:
        raise errors.Invalid("Something has to be noted first.", code="attribute_required", more={"missing": missing})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


FITS: Mapping[str, Callable[[Any], bool]] = {
    "text": _is_text,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_date,
    "choice": _is_text,
}

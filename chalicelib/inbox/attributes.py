"""An agency's attributes of conversations: at most 50 definitions, each with a type, for some brands or all.

All definitions are in one item. Changing one leaves the values that conversations have as they are.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Attributes

MOST_DEFINITIONS = 50
MOST_BYTES = 300_000  # an item holds 400 KB
NAME = re.compile("[a-z][a-z0-9_]{0,49}")
LONGEST_TEXT = 1000  # characters
_TOO_MANY = f"An agency has at most {MOST_DEFINITIONS} attributes, which take at most {MOST_BYTES} bytes together."
Definition = Mapping[str, Any]
Definitions = Mapping[str, Definition]


def for_brand(agency: str, brand_id: str) -> Definitions:
    definitions = load(agency).definitions
    return {
        name: definition
        for name, definition in definitions.items()
        if definition["brands"] is None or brand_id in definition["brands"]
    }


def load(agency: str) -> Attributes:
    """All definitions of the agency; version 0 if there never was one."""
    return table.get(Attributes, agency, keys.ATTRIBUTES) or Attributes(agency, keys.ATTRIBUTES, version=0)


def version_of(current: Attributes, name: str) -> int:
    """The version of a definition, 0 if there is none."""
    return int(current.definitions.get(name, {"version": 0})["version"])


def listing(actor: Actor) -> list[Mapping[str, Any]]:
    """The definitions for brands that the actor works for, by name. Other brands are left out of their `brands`."""
    shown: list[Mapping[str, Any]] = []
    for name, definition in sorted(load(actor.agency).definitions.items()):
        if concerns(actor, definition):
            brand_ids = _visible_brands(actor, definition["brands"])
            shown.append({"name": name, **definition, "brands": brand_ids})
    return shown


def define(
    actor: Actor,
    current: Attributes,
    name: str,
    now: int,
    *,
    title: str,
    type: str,
    choices: list[str] | None = None,
    brands: list[str] | None = None,
    required_on_resolve: bool = False,
) -> Mapping[str, Any]:
    """Create a definition, or replace the one of that name. `brands` None means all.

    Raises Invalid, naming the field; Conflict for too many; PreconditionFailed if definitions changed since `current`.
    """
    if not NAME.fullmatch(name):
        raise errors.Invalid(
            "The name takes small letters, digits and _, at most 50, and begins with a letter.", field="name"
        )
    if (type == "choice") != (choices is not None):
        raise errors.Invalid(
            "The type `choice` needs `choices`, and no other type takes them.", code="not_together", field="choices"
        )
    _check_brands(actor, brands or ())
    definition = {
        "title": title, "type": type, "choices": choices, "brands": brands,
        "required_on_resolve": required_on_resolve, "version": version_of(current, name) + 1,
    }  # fmt: skip
    definitions = {**current.definitions, name: definition}
    if len(definitions) > MOST_DEFINITIONS or len(json.dumps(definitions).encode()) > MOST_BYTES:
        raise errors.Conflict(_TOO_MANY, code="too_many_attributes")
    before = current.definitions.get(name)
    entry = audit.entry(actor, "attribute.define", name, now, before=before, after=definition)
    table.transact(_replacing(current, definitions), entry)
    return {"name": name, **definition}


def remove(actor: Actor, current: Attributes, name: str, now: int) -> None:
    """Raises NotFound if there is no such definition; PreconditionFailed if definitions changed since `current`."""
    before = current.definitions.get(name)
    if before is None:
        raise errors.NotFound
    others = {other: definition for other, definition in current.definitions.items() if other != name}
    table.transact(_replacing(current, others), audit.entry(actor, "attribute.remove", name, now, before=before))


def concerns(actor: Actor, definition: Definition) -> bool:
    """True if the definition is for a brand that the actor works for."""
    return _visible_brands(actor, definition["brands"]) != []


def _visible_brands(actor: Actor, brand_ids: list[str] | None) -> list[str] | None:
    return None if brand_ids is None else [id for id in brand_ids if actor.sees(id)]


def _check_brands(actor: Actor, brand_ids: Sequence[str]) -> None:
    for id in brand_ids:
        try:
            brands.get(actor, id)
        except errors.NotFound as unknown:
            raise errors.Invalid(
                "One of the brands does not exist, or you do not work for it.", code="unknown_reference", field="brands"
            ) from unknown


def _replacing(current: Attributes, definitions: Definitions) -> table.Write:
    unchanged = Attributes.version == current.version if current.version else Attributes.pk.does_not_exist()
    new = Attributes(current.pk, current.sk, definitions=dict(definitions), version=current.version + 1)
    return table.putting(new, unchanged, otherwise=errors.PreconditionFailed)


def check(definitions: Definitions, changes: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Check changes of a conversation's attribute `values`; None removes a value.

    Raises Invalid, naming the first attribute that is not defined or whose value is not of its type.
    """
    for name, value in changes.items():
        definition = definitions.get(name)
        if value is None and (definition or name in values):
            continue
        if definition is None:
            raise errors.Invalid(
                "Conversations of the brand have no such attribute.",
                code="unknown_attribute",
                field=f"attributes.{name}",
            )
        choices = definition["choices"]
        if not FITS[definition["type"]](value) or (choices and value not in choices):
            raise errors.Invalid(_WANTED[definition["type"]], code="wrong_type", field=f"attributes.{name}")


def check_required(definitions: Definitions, values: Mapping[str, Any]) -> None:
    """Raises Invalid, with the names of the attributes that a conversation needs before it may be resolved."""
    required = (name for name, definition in definitions.items() if definition["required_on_resolve"])
    missing = sorted(name for name in required if name not in values)
    if missing:
        raise errors.Invalid(
            "The conversation cannot be resolved without values for the attributes in `missing`.",
            code="attribute_required",
            more={"missing": missing},
        )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


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
_WANTED: Mapping[str, str] = {
    "text": f"The value has to be a text of at most {LONGEST_TEXT} characters.",
    "number": "The value has to be a number.",
    "boolean": "The value has to be true or false.",
    "date": "The value has to be a day such as 2026-11-27.",
    "choice": "The value has to be one of the attribute's choices.",
}

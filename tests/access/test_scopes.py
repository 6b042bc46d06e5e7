"""S10: a scope of nothing is no scope: it opens no door, and nobody can ask for it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chalicelib import errors
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from tests.support.routes import ROUTES

EVERYTHING = frozenset(permissions.PERMISSIONS)


@pytest.mark.parametrize("permission", permissions.PERMISSIONS)
def test_grant_for_no_brands_opens_no_route(permission: str) -> None:
    nobody = Actor("agc_1", "mbr_1", "Eve", grants=(Grant("owner", EVERYTHING, frozenset()),))
    with pytest.raises(errors.Forbidden):
        nobody.at([permission])
    assert not nobody.may(permission, brand=None)
    assert not nobody.may(permission, brand="")
    assert nobody.brands() == frozenset()


def test_grant_for_a_brand_does_not_count_for_what_has_no_brand() -> None:
    of_one = Actor("agc_1", "mbr_1", "Ana", grants=(Grant("owner", EVERYTHING, frozenset({"brd_1"})),))
    assert of_one.may("note.write", brand="brd_1")
    assert not of_one.may("note.write", brand="")
    assert not of_one.may("note.write", brand=None)


def scopes(schema: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every list of ids that a schema takes under the name of `brands`."""
    if isinstance(schema, Mapping):
        if path.endswith(".brands") and schema.get("type") in ("array", ["array", "null"]):
            yield path, schema
        for name, part in schema.items():
            yield from scopes(part, path if name in ("properties", "anyOf", "items") else f"{path}.{name}")
    elif isinstance(schema, list):
        for part in schema:
            yield from scopes(part, path)


def test_no_operation_takes_a_list_of_no_brands() -> None:
    taken = [scope for route in ROUTES for scope in scopes(route.body, route.view.__name__)]
    assert {path.partition(".")[0] for path, _ in taken} >= {"invite_member", "create_view", "define_attribute"}
    assert [path for path, schema in taken if not schema.get("minItems")] == []

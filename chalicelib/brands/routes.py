"""/v1: brands and their settings."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands, schemas


@route("POST", "/brands", permission="brand.create", body=schemas.NEW_BRAND, answer=schemas.BRAND, status=201)
def create_brand(call: Call) -> Json:
    """A new client brand."""
    return brands.view(brands.create(call.actor, call.body["name"], call.body.get("settings", {}), call.now))


@route("GET", "/brands/{id}", permission=SIGNED_IN, answer=schemas.BRAND)
def show_brand(call: Call) -> Json:
    """A brand and its settings."""
    return brands.view(brands.get(call.actor, call.path["id"]))


@route("PATCH", "/brands/{id}", permission="editorial_line.edit", body=schemas.EDIT_BRAND, answer=schemas.BRAND)
def change_brand(call: Call) -> Json:
    """Another name, or other settings."""
    found = brands.get(call.actor, call.path["id"])
    call.matches(found.version)
    return brands.view(brands.change(call.actor, found, call.body, call.now))


@route("POST", "/brands/{id}/archive", permission="brand.archive", body=schema.NOTHING, answer=schemas.BRAND)
def archive_brand(call: Call) -> Json:
    """Put a brand away; everything stays readable."""
    found = brands.get(call.actor, call.path["id"])
    call.matches(found.version)
    return brands.view(brands.archive(call.actor, found, call.now))


@route("POST", "/brands/{id}/restore", permission="brand.archive", body=schema.NOTHING, answer=schemas.BRAND)
def restore_brand(call: Call) -> Json:
    """Put an archived brand back to work."""
    found = brands.get(call.actor, call.path["id"])
    call.matches(found.version)
    return brands.view(brands.restore(call.actor, found, call.now))


@route("GET", "/brands", permission=SIGNED_IN, answer=schema.listing(schemas.BRAND))
def list_brands(call: Call) -> Mapping[str, Any]:
    """The brands I work for."""
    return {"items": [brands.view(found) for found in brands.visible(call.actor)], "next": None}

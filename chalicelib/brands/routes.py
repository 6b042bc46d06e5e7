"""/v1: brands and their settings."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib import clock
from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands, crises, schemas
from chalicelib.store import quota

MOST_CHANGES_PER_MINUTE = 30  # of one brand
MOST_NEW_PER_DAY = 1_000  # of one agency


@route(
    "POST", "/brands", pays="grow", permission="brand.create", body=schemas.NEW_BRAND, answer=schemas.BRAND, status=201
)
def create_brand(call: Call) -> Json:
    """Creates a client brand."""
    quota.take(call.actor.agency, "brands", MOST_NEW_PER_DAY, call.now, period=clock.DAY)
    name, initial, external_id = call.body["name"], call.body.get("settings", {}), call.body.get("external_id")
    is_sandbox = call.body.get("sandbox", False)
    return brands.view(brands.create(call.actor, name, initial, call.now, external_id, is_sandbox=is_sandbox))


@route("GET", "/brands/{id}", permission=SIGNED_IN, answer=schemas.BRAND)
def show_brand(call: Call) -> Json:
    """Shows a brand and its settings."""
    return brands.view(brands.get(call.actor, call.path["id"]))


@route(
    "PATCH",
    "/brands/{id}",
    pays="work",
    permission="editorial_line.edit",
    body=schemas.EDIT_BRAND,
    answer=schemas.BRAND,
    versioned=True,
)
def change_brand(call: Call) -> Json:
    """Changes the name or some settings of a brand; fields that you leave out do not change."""
    brand = brands.get(call.actor, call.path["id"])
    call.matches(brand.version)
    quota.take(call.actor.agency, f"settings#{brand.id}", MOST_CHANGES_PER_MINUTE, call.now)
    name, changes = call.body.get("name", brand.name), call.body.get("settings", {})
    return brands.view(brands.change(call.actor, brand, name=name, changes=changes, now=call.now))


@route(
    "POST",
    "/brands/{id}/archive",
    pays="never",
    permission="brand.archive",
    body=schema.NOTHING,
    answer=schemas.BRAND,
    versioned=True,
)
def archive_brand(call: Call) -> Json:
    """Archives a brand: it can still be read, but nothing more is sent for it."""
    brand = brands.get(call.actor, call.path["id"])
    call.matches(brand.version)
    return brands.view(brands.archive(call.actor, brand, call.now))


@route(
    "POST",
    "/brands/{id}/restore",
    pays="grow",
    permission="brand.archive",
    body=schema.NOTHING,
    answer=schemas.BRAND,
    versioned=True,
)
def restore_brand(call: Call) -> Json:
    """Restores an archived brand."""
    brand = brands.get(call.actor, call.path["id"])
    call.matches(brand.version)
    return brands.view(brands.restore(call.actor, brand, call.now))


@route(
    "PUT",
    "/brands/{id}/crisis",
    pays="protect",
    permission="rule.activate",
    body=schemas.NEW_CRISIS,
    answer=schemas.CRISIS,
)
def begin_crisis(call: Call) -> Json:
    """Sets that a brand is in a crisis until a time; rules may depend on it. Only people can do this."""
    call.actor.check_is_person()
    brand, body = brands.get(call.actor, call.path["id"]), call.body
    return brands.crisis_view(crises.begin(call.actor, brand, body.get("until"), body["reason"], call.now)) or {}


@route("DELETE", "/brands/{id}/crisis", pays="never", permission="rule.activate", answer=schema.NOTHING)
def end_crisis(call: Call) -> Json:
    """Ends the crisis of a brand before its time. Only people can do this."""
    call.actor.check_is_person()
    crises.end(call.actor, brands.get(call.actor, call.path["id"]), call.now)
    return {}


@route("GET", "/brands", permission=SIGNED_IN, query=schemas.BRANDS, answer=schema.listing(schemas.BRAND))
def list_brands(call: Call) -> Mapping[str, Any]:
    """Lists the brands you work for."""
    if "external_id" in call.query:
        return pages.by_external_id(call, "brands", brands.get, brands.view)
    return pages.answer(call, "brands", partial(brands.visible, call.actor), brands.view)

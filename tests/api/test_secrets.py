"""S12: what is shown once is kept nowhere, not even for who asks again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chalicelib.api import http, schema
from chalicelib.api.idempotency import Turn
from tests.support.route_coverage import name_of
from tests.support.routes import ROUTES
from tests.support.stack import Stack, number

POSTS = [route for route in ROUTES if route.verb == "POST"]
# Words for what must not lie about; whoever names a field so says whether it is a secret.
TELLING = ("key", "secret", "token", "ticket", "password", "credential")
# Addresses that let in whoever has them, and the code that an account moves by.
SECRET_ALL_THE_SAME = {
    "open_portal": {"url"}, "make_connect_link": {"url"}, "list_connect_links": {"url"}, "offer_channel": {"code"},
    "show_channel_offer": {"code"},
}  # fmt: skip
# The name of a network, and whether it takes tokens; an address of the user pool.
NO_SECRETS = {
    "list_networks": {"key", "with_token"},
    "list_network_statuses": {"key"},
    "read_events": {"key"},
    "describe_events": {"key"},
    "show_connect_link": {"key"},
    "show_sign_in": {"token_endpoint", "password_endpoint"},
}


def fields(part: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every property of a schema, at any depth, with its name."""
    if isinstance(part, Mapping):
        yield from (part.get("properties") or {}).items()
        for inner in part.values():
            yield from fields(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from fields(inner)


def filled(part: Any) -> Any:
    """A value with every property of the schema, and something secret where the schema says so."""
    if not isinstance(part, Mapping) or schema.SECRET in part:
        return "pal_hidden" if isinstance(part, Mapping) else "text"
    if part.get("type") == "array":
        return [filled(part.get("items"))]
    return {name: filled(inner) for name, inner in part.get("properties", {}).items()} or "text"


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_field_that_sounds_like_a_secret_is_marked_as_one(route: http.Route) -> None:
    telling = {name for name, inner in fields(route.answer) if any(word in name for word in TELLING)}
    secrets = {name for name, inner in fields(route.answer) if schema.SECRET in inner}
    name = route.view.__name__
    assert telling - NO_SECRETS.get(name, set()) | SECRET_ALL_THE_SAME.get(name, set()) == secrets


@pytest.mark.parametrize("route", POSTS, ids=name_of)
def test_kept_answer_has_no_secret(route: http.Route) -> None:
    answer, turn = filled(route.answer), Turn()
    turn.keep(route.status, answer, schema.without_secrets(route.answer, answer))
    assert turn.result() == (route.status, json.dumps(answer))
    assert "pal_hidden" not in turn.kept
    assert turn.is_whole == ("pal_hidden" not in json.dumps(answer))


def lies_in_the_table(stack: Stack, secret: str) -> bool:
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.platform.outputs["Table"])
    return any(secret in json.dumps(item, default=str) for page in pages for item in page["Items"])


GRANTS = [{"role": "client", "brands": None}]
MADE_WITH_A_SECRET = {
    "key": ("/api-keys", {"name": "Bot", "grants": GRANTS}),
    "secret": ("/channels", {"network": "telegram", "credentials": {"token": "{n}:AAHd"}}),
    "verify_token": (
        "/channels", {"network": "facebook", "account": "{n}", "credentials": {"token": "t{n}", "secret": "s{n}"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE_WITH_A_SECRET)
def test_repeat_of_what_made_a_secret_is_told_all_but_the_secret(stack: Stack, name: str) -> None:
    path, wanted = MADE_WITH_A_SECRET[name]
    body = json.loads(json.dumps(wanted).replace("{n}", number()))
    body |= {"brand": stack.ours.brand} if path == "/channels" else {}
    headers = {"Idempotency-Key": f"key-{number()}"}
    first, again = (stack.ours.owner.call("POST", path, body, headers=headers) for _ in range(2))
    assert first.status == 201, first
    assert again.problem == (409, "shown_once")
    assert {**again.json["answer"], name: first.json[name]} == first.json
    assert not lies_in_the_table(stack, first.json[name])

"""Every list has pages, but for those that cannot grow; they bring each thing once, in the same order as one page."""

import pytest

from chalicelib.api import http
from tests.support.agencies import founded
from tests.support.stack import Stack, number

# What is asked for by its ids comes at once.
NAMED = {"/messages"}
# A list of what the build or one person has, or of at most as many things as a rule allows.
SHORT = {
    "/networks", "/networks/status", "/roles", "/attributes", "/me/accounts", "/me/agencies", "/me/sessions",
    "/views/counts",
}  # fmt: skip
LISTS = {
    route.path: route
    for route in http.ROUTES
    if route.verb == "GET" and str(route.answer.get("title", "")).endswith("Page")
}


@pytest.mark.parametrize("path", sorted(set(LISTS) - SHORT - NAMED))
def test_list_has_pages(path: str) -> None:
    assert "limit" in LISTS[path].query
    assert {"cursor", "after"} & set(LISTS[path].query)


@pytest.mark.parametrize("path", ["/brands", "/members", "/colleagues", "/teams", "/channels", "/api-keys"])
def test_pages_bring_each_thing_once(stack: Stack, path: str) -> None:
    agency = founded(stack, f"Agency {number()}")
    owner, grants = agency.owner, [{"role": "client", "brands": [agency.brand]}]
    for _ in range(3):
        owner.post("/teams", {"name": f"Team {number()}", "members": []})
        owner.post("/brands", {"name": f"Brand {number()}"})
        owner.post("/api-keys", {"name": f"Key {number()}", "grants": grants})
        stack.connect("example", agency)
        stack.someone(agency, "client", [agency.brand])
    in_pages = [thing["id"] for thing in owner.every(path, limit=2)]
    assert len(in_pages) == len(set(in_pages)) >= 3
    assert in_pages == [thing["id"] for thing in owner.every(path, limit=100)]

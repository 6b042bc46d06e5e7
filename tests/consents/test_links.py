"""Somebody without a seat connects accounts by a link, and can do nothing else with it."""

from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.consents import links
from chalicelib.store import fence
from tests.support import audits, consenting
from tests.support.stack import Agency, Member, Stack


def made(agency: Agency, **more: Any) -> Any:
    return agency.owner.post("/connect-links", {"brand": agency.brand, "networks": ["example"], **more})


@pytest.fixture
def nobody(stack: Stack) -> Member:
    """Somebody who is not signed in."""
    return Member(stack.api, "")


def test_who_has_the_link_connects_an_account_and_the_agency_is_told(stack: Stack, nobody: Member) -> None:
    shown_as = {"title": "The Bakery", "language": "fr", "return_to": "https://bakery.example/"}
    link, shop = made(stack.ours, **shown_as), consenting.shop()
    assert link["url"].endswith(f"/connect#{link['token']}")
    offer = nobody.post("/connecting", {"token": link["token"]})
    assert (offer["title"], offer["language"], offer["left"]) == ("The Bakery", "fr", 10)
    assert offer["networks"] == [{"key": "example", "product": None, "name": "Example", "names_server": False}]
    begun = nobody.post("/connecting/consents", {"token": link["token"], "network": "example", "own_page": True})
    assert consenting.consented(stack, begun, shop).startswith("https://bakery.example/?consent=")
    shown = nobody.post(f"/connecting/consents/{begun['id']}", {"token": link["token"]})
    assert [account["id"] for account in shown["accounts"]] == [shop]
    chosen = {"token": link["token"], "accounts": [shop]}
    [result] = nobody.post(f"/connecting/consents/{begun['id']}/channels", chosen)["results"]
    listed = next(row for row in stack.ours.owner.every("/connect-links") if row["id"] == link["id"])
    assert (listed["channels"], listed["status"], "token" in listed) == ([result["channel"]], "open", False)
    entries = audits.recent(stack.ours.owner, target=result["channel"])
    assert {entry["performed_by"]["id"] for entry in entries} == {link["id"]}


def test_who_has_the_link_is_told_which_channel_is_lost_by_leaving_it_out(stack: Stack, nobody: Member) -> None:
    token, left, kept = {"token": made(stack.ours)["token"]}, consenting.shop(), consenting.shop()
    for shop in (left, kept):
        begun = nobody.post("/connecting/consents", {**token, "network": "example"})
        consenting.consented(stack, begun, shop, user=f"nora{left}")
        shown = nobody.post(f"/connecting/consents/{begun['id']}", token)
        if shop == left:
            nobody.post(f"/connecting/consents/{begun['id']}/channels", {**token, "accounts": [left]})
    assert [channel["name"] for channel in shown["losing"]] == [f"The {left}"]


def test_link_connects_as_many_accounts_as_it_may(stack: Stack, nobody: Member) -> None:
    link, shops = made(stack.ours, most=1), [consenting.shop(), consenting.shop()]
    begun = nobody.post("/connecting/consents", {"token": link["token"], "network": "example"})
    consenting.consented(stack, begun, *shops)
    place, token = f"/connecting/consents/{begun['id']}/channels", {"token": link["token"]}
    assert nobody.call("POST", place, {**token, "accounts": shops}).problem == (409, "link_used_up")
    assert nobody.post(place, {**token, "accounts": shops[:1]})["results"][0]["channel"]
    assert nobody.call("POST", place, {**token, "accounts": shops[1:]}).problem == (409, "link_used_up")
    again = nobody.call("POST", "/connecting/consents", {**token, "network": "example"})
    assert again.problem == (409, "link_used_up")


def test_link_that_was_revoked_opens_nothing(stack: Stack, nobody: Member) -> None:
    link = made(stack.ours)
    stack.ours.owner.delete(f"/connect-links/{link['id']}")
    stack.ours.owner.delete(f"/connect-links/{link['id']}")
    assert nobody.call("POST", "/connecting", {"token": link["token"]}).status == 404
    begin = {"token": link["token"], "network": "example"}
    assert nobody.call("POST", "/connecting/consents", begin).problem == (404, "not_found")


def test_link_shows_no_consent_that_others_began(stack: Stack, nobody: Member) -> None:
    link, begun = made(stack.ours), consenting.begun(stack.ours)
    answer = nobody.call("POST", f"/connecting/consents/{begun['id']}", {"token": link["token"]})
    assert answer.status == 404


@pytest.mark.parametrize("damage", ["agency", "id", "secret"])
def test_token_of_which_a_part_is_another_opens_nothing(stack: Stack, nobody: Member, damage: str) -> None:
    token, other = (made(agency)["token"].split(".") for agency in (stack.ours, stack.theirs))
    at = ("agency", "id", "secret").index(damage)
    token[at] = other[at]
    assert nobody.call("POST", "/connecting", {"token": ".".join(token)}).status == 404


@pytest.mark.parametrize("end", [-1, 91, "soon", ""])
def test_link_ends_within_ninety_days(stack: Stack, end: int | str) -> None:
    asked = {"brand": stack.ours.brand, "networks": ["example"]}
    asked["ends_at"] = end if isinstance(end, str) else clock.text(clock.now() + end * clock.DAY)
    assert stack.ours.owner.call("POST", "/connect-links", asked).problem == (422, "bad_times")


def test_link_is_for_networks_that_have_a_page(stack: Stack) -> None:
    asked = {"brand": stack.ours.brand, "networks": ["example", "telegram"]}
    assert stack.ours.owner.call("POST", "/connect-links", asked).problem == (422, "no_consent_page")


def test_link_is_for_networks_that_it_names(stack: Stack, nobody: Member) -> None:
    link = made(stack.ours)
    asked = {"token": link["token"], "network": "messenger"}
    assert nobody.call("POST", "/connecting/consents", asked).problem == (422, "unknown_reference")


def test_two_at_once_connect_no_more_than_the_link_allows(stack: Stack) -> None:
    token = made(stack.ours, most=1)["token"]
    with fence.within(stack.ours.id):
        link, other = links.held(token, clock.now()), links.held(token, clock.now())
        claimed = links.store_outcomes(link, {"shop1": ""})
        with pytest.raises(errors.Conflict):
            links.store_outcomes(other, {"shop2": ""})
        links.store_outcomes(claimed, {"shop1": None})  # it could not be connected, so another may be
        assert links.store_outcomes(other, {"shop2": "chn_1"}).connected == {"shop2": "chn_1"}

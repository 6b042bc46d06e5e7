"""A network with several logins: each has its apps, its page and its scopes. Instagram has one that takes no Page."""

from typing import Any

import pytest

from tests.support import consenting
from tests.support.stack import Member, Stack

PRODUCT = "instagram_login"
UNKNOWN = (422, "unknown_reference")


def test_account_without_a_page_says_its_own_scopes_and_renews_itself(stack: Stack) -> None:
    begun = consenting.begun(stack.ours, network="instagram", product=PRODUCT)
    consenting.consented(stack, begun, without="instagram_business_manage_comments")
    [account] = stack.ours.owner.get(f"/consents/{begun['id']}")["accounts"]
    [result] = consenting.connected(stack.ours, begun["id"], account["id"])
    shown = stack.ours.owner.get(f"/channels/{result['channel']}/health")
    assert set(shown["consent"]["scopes"]) == {"instagram_business_basic", "instagram_business_manage_messages"}
    assert (shown["consent"]["missing"], bool(shown["consent"]["renewed_at"])) == ([], True)
    assert "quote" in shown["can"]
    assert "hide" not in shown["can"]


def test_link_offers_each_login_that_has_an_app(stack: Stack) -> None:
    nobody = Member(stack.api, "")
    link = stack.ours.owner.post("/connect-links", {"brand": stack.ours.brand, "networks": ["instagram"]})
    usual, other = nobody.post("/connecting", {"token": link["token"]})["networks"]
    assert (usual["name"], usual["product"]) == ("Instagram (Facebook Login)", None)
    assert (other["name"], other["product"]) == ("Instagram (Instagram Login)", PRODUCT)
    begin = {"token": link["token"], "network": other["key"], "product": other["product"]}
    begun = nobody.post("/connecting/consents", begin)
    assert "/oauth/authorize?" in begun["url"]
    assert "instagram_business_basic" in begun["url"]


def test_own_app_is_of_one_login(stack: Stack) -> None:
    owner, place = stack.theirs.owner, "/network-apps/instagram"
    app: dict[str, Any] = {"secret": "s", "brand": stack.theirs.brand}
    owner.put(place, {**app, "app_id": "usual-app"})
    assert owner.put(place, {**app, "app_id": "other-app", "product": PRODUCT})["product"] == PRODUCT
    urls = [consenting.begun(stack.theirs, network="instagram", **more)["url"] for more in ({}, {"product": PRODUCT})]
    assert ["client_id=usual-app" in urls[0], "client_id=other-app" in urls[1]] == [True, True]
    owner.delete(f"{place}?brand={stack.theirs.brand}&product={PRODUCT}")
    kept = [app["app_id"] for app in owner.every("/network-apps") if app["network"] == "instagram"]
    assert ("usual-app" in kept, "other-app" in kept) == (True, False)
    owner.delete(f"{place}?brand={stack.theirs.brand}")


@pytest.mark.parametrize("network", ["instagram", "example"])
def test_login_that_the_network_has_not_is_refused(stack: Stack, network: str) -> None:
    asked = {"brand": stack.ours.brand, "network": network, "product": "other_login"}
    answer = stack.ours.owner.call("POST", "/consents", asked)
    assert (answer.problem, answer.json["field"]) == (UNKNOWN, "product")
    app = {"app_id": "a", "secret": "s", "product": "other_login"}
    assert stack.ours.owner.call("PUT", f"/network-apps/{network}", app).problem == UNKNOWN


def test_networks_tell_how_their_accounts_are_connected(stack: Stack) -> None:
    networks = {network["key"]: network["connecting"] for network in stack.ours.owner.get("/networks")["items"]}
    assert [login["product"] for login in networks["instagram"]["logins"]] == [None, PRODUCT]
    assert [login["title"] for login in networks["threads"]["logins"]] == ["Threads"]
    assert (networks["telegram"]["logins"], networks["telegram"]["with_token"]) == ([], True)
    assert [key for key, how in networks.items() if how["names_server"]] == ["bluesky", "mastodon"]
    for key, how in networks.items():
        app = {"app_id": "own", "secret": "s", "brand": stack.theirs.brand}
        answer = stack.theirs.owner.call("PUT", f"/network-apps/{key}", app)
        assert (answer.status == 200) == how["takes_own_app"]
        stack.theirs.owner.call("DELETE", f"/network-apps/{key}?brand={stack.theirs.brand}")

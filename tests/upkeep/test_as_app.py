"""A channel by consent is looked after as its app is told: what is posted to it, and what its token may do by now."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.networks.double import number
from chalicelib.networks.facebook import past
from chalicelib.store import fence
from chalicelib.upkeep import probes
from tests.support import audits, consenting, feed
from tests.support.background import time_passes
from tests.support.stack import Agency, Channel, Stack, ask, eventually
from tests.upkeep.test_probes import health, repaired, stored


def by_consent(stack: Stack, network: str = "facebook", agency: Agency | None = None) -> Channel:
    """A Page that somebody consented to, or the account that is linked to it."""
    agency = agency or stack.ours
    begun, page = consenting.begun(agency, network=network), f"10150{number()}"
    consenting.consented(stack, begun, page, user=str(number()))
    account = page if network == "facebook" else f"1784{page}"
    [made] = consenting.connected(agency, begun["id"], account)
    return Channel(stack, agency, made["channel"], network, account, hook="", secret="", token=f"EAAB{page}page")


def posts(stack: Stack, app: str, object: str, address: str, fields: str = "feed,mention,ratings") -> None:
    """Somebody sets in its dashboard where the app is posted to."""
    query = {"app": app, "object": object, "callback_url": address, "fields": fields}
    assert ask("POST", f"{stack.double}/facebook/control/app?{urlencode(query)}").status == 200


def posted_to(stack: Stack, app: str, object: str) -> Any:
    """Where the app is posted to by now."""
    place = f"{stack.double}/facebook/graph.facebook.com/v25.0/{app}/subscriptions?access_token={app}%7Csecret"
    [hook] = [hook for hook in ask("GET", place).json["data"] if hook["object"] == object]
    return hook["callback_url"]


def asked_of_posts(channel: Channel) -> list[int]:
    """Since when (ms) the Page's posts were asked for, each time."""
    calls = [call for call in channel.calls(but=()) if call["path"].endswith("/published_posts")]
    return [int(call["query"]["since"]) * 1000 + 999 for call in calls]


def looked_after(stack: Stack, channel: Channel) -> Any:
    """By itself, as nobody asked for it."""
    now = clock.now()
    with fence.within(channel.agency.id):
        probes.begin(actors.system(channel.agency.id), channel.id, now, now, stack.hooks)
    return health(channel)


def test_app_of_ours_that_posts_elsewhere_is_set_right_for_all_of_its_channels(stack: Stack) -> None:
    first, other = by_consent(stack), by_consent(stack)
    posts(stack, "facebook-app", "page", "https://old.example/hook")
    since = feed.end(stack.ours.owner)
    time_passes(26 * clock.HOUR, first.id)
    eventually(lambda: posted_to(stack, "facebook-app", "page") == f"{stack.hooks}/facebook")
    assert health(first)["alert"] is None
    [entry] = eventually(lambda: audits.recent(stack.ours.owner, target=first.id, action="channel.repair"))
    assert entry["after"] == {"missing": ["address"]}
    time_passes(26 * clock.HOUR, other.id)  # which may have missed something as well
    newest = stored(other).created_at - past.OLDEST
    eventually(lambda: [moment for moment in asked_of_posts(other) if moment >= newest])
    assert health(other)["alert"] is None
    assert "channel.in_trouble" not in {event["type"] for event in feed.news(stack.ours.owner, since)}


def test_app_that_cannot_be_set_right_is_told_of_once_until_it_posts_here(stack: Stack) -> None:
    channel = by_consent(stack, "instagram")
    posts(stack, "instagram-app", "instagram", "https://old.example/hook", "comments")
    since = feed.end(stack.ours.owner)
    stack.behave("instagram", "rejected", path="/subscriptions", method="POST", times=2)
    for _ in range(2):
        assert repaired(channel)["alert"] == "hook.missing: address"
    assert repaired(channel)["alert"] is None
    events = [event for event in feed.until_told(stack.ours.owner, since, ["channel.recovered"]) if event["id"]]
    assert [event["type"] for event in events if "in_trouble" in event["type"]] == ["channel.in_trouble"]


def test_app_of_an_agencys_own_is_set_to_the_hook_of_one_channel_after_another(stack: Stack) -> None:
    agency, app = stack.brand(), f"own{number()}"
    known = {"brand": agency.brand, "app_id": app, "secret": "their-secret"}
    agency.owner.put("/network-apps/facebook", known)
    posts(stack, app, "page", "https://crm.example/meta")
    first, other = by_consent(stack, agency=agency), by_consent(stack, agency=agency)
    assert looked_after(stack, first)["alert"] == "hook.missing: address"  # somebody may live on what is posted there
    assert repaired(first)["alert"] is None
    assert posted_to(stack, app, "page") == f"{stack.hooks}/facebook/{first.id}"
    assert (looked_after(stack, other)["alert"], repaired(other)["alert"]) == (None, None)
    agency.owner.delete(f"/channels/{first.id}")
    assert looked_after(stack, other)["alert"] is None
    assert posted_to(stack, app, "page") == f"{stack.hooks}/facebook/{other.id}"


PAGES = ("pages_show_list", "pages_read_engagement", "pages_manage_metadata")
READS = "r_basicprofile,rw_organization_admin,r_organization_social,r_organization_social_feed"
# Where each network is asked what a token may do, what it says of one that lost a right, and what the channel lacks.
LOST: dict[str, tuple[str, Any, list[str], str]] = {
    "facebook": ("/debug_token", {"data": {"is_valid": True, "scopes": PAGES}}, ["pages_read_user_content"], "hide"),
    "linkedin": ("/introspectToken", {"active": True, "scope": f"{READS},w_organization_social"}, [], "reply"),
    "tiktok": ("/token_info/", {"code": 0, "data": {"scope": "user.info.basic"}}, ["comment.list"], "hide"),
    "youtube": ("/tokeninfo", {"scope": "openid"}, ["https://www.googleapis.com/auth/youtube.force-ssl"], ""),
}


def of_all_scopes(stack: Stack, network: str) -> Channel:
    if network == "facebook":
        return by_consent(stack)
    begun, id = consenting.begun(stack.ours, network=network), f"open-{number()}"
    consenting.consented(stack, begun, id)
    account = stack.ours.owner.get(f"/consents/{begun['id']}")["accounts"][-1]["id"]
    [made] = consenting.connected(stack.ours, begun["id"], account)
    return Channel(stack, stack.ours, made["channel"], network, account, hook="", secret="", token="")


@pytest.mark.parametrize("network", LOST)
def test_right_that_was_taken_back_is_missed_before_a_call_fails(stack: Stack, network: str) -> None:
    path, answer, missing, ability = LOST[network]
    channel = of_all_scopes(stack, network)
    stack.behave(network, "serve", body=json.dumps(answer), path=path, times=2)
    since = feed.end(stack.ours.owner)
    shown = [repaired(channel), repaired(channel)][-1]
    lost = ("expired", "token.scope_lost") if missing else ("alert", "scope.lost: w_organization_social_feed")
    assert ((shown["health"], shown["alert"]), shown["consent"]["missing"]) == (lost, missing)
    assert ability not in shown["can"]
    shown = repaired(channel)
    assert (shown["health"], shown["consent"]["missing"]) == ("ok", [])
    assert ability in (*shown["can"], "")
    told_of = feed.until_told(stack.ours.owner, since, ["channel.recovered"])
    kinds = [
        event["type"] for event in told_of if event["target"] == channel.id and event["type"] != "channel.connected"
    ]
    assert kinds == ["channel.expired" if missing else "channel.in_trouble", "channel.recovered"]

"""Accounts are connected on the network's own page, once for each time that somebody was sent there."""

import pytest

from chalicelib import clock
from chalicelib.consents import apps, consents
from chalicelib.networks.base import App
from chalicelib.store import fence, table
from chalicelib.store.models.channels import StoredConsent
from tests.support import audits, consenting
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack, number

BACK = "https://frontend.example/back?tab=1"


def test_who_consents_connects_an_account_that_receives_and_is_shown_without_a_token(stack: Stack) -> None:
    begun, shop = consenting.begun(stack.ours, return_to=BACK), consenting.shop()
    assert stack.ours.owner.get(f"/consents/{begun['id']}")["status"] == "open"
    back = consenting.consented(stack, begun, shop)
    assert back.startswith(BACK)
    assert consenting.told(back) == {"tab": "1", "consent": begun["id"], "status": "granted"}
    shown = stack.ours.owner.get(f"/consents/{begun['id']}")
    assert shown["accounts"] == [
        {"id": shop, "name": f"The {shop}", "picture": None, "channel": None, "is_taken": False}
    ]
    [result] = consenting.connected(stack.ours, begun["id"], shop)
    channel = stack.ours.owner.get(f"/channels/{result['channel']}")
    assert (channel["account"], channel["name"], channel["health"]) == (shop, f"The {shop}", "ok")
    again = stack.ours.owner.get(f"/consents/{begun['id']}")
    assert again["accounts"][0]["channel"] == channel["id"]
    assert "granted" not in consenting.text_of([shown["accounts"], again["accounts"], result])


def test_several_accounts_of_one_consent_are_chosen_from(stack: Stack) -> None:
    shops = [consenting.shop() for _ in range(3)]
    begun = consenting.begun(stack.ours)
    back = consenting.consented(stack, begun, *shops)
    assert back.endswith(f"/connect?consent={begun['id']}&status=granted")
    results = consenting.connected(stack.ours, begun["id"], shops[0], shops[2])
    assert [result["account"] for result in results if result["channel"]] == [shops[0], shops[2]]
    unknown = stack.ours.owner.call("POST", f"/consents/{begun['id']}/channels", {"accounts": ["shop"]})
    assert unknown.problem == (422, "unknown_reference")


def test_consenting_again_gives_a_channel_its_token_and_loses_nothing(stack: Stack) -> None:
    shop = consenting.shop()
    first = consenting.begun(stack.ours)
    consenting.consented(stack, first, shop)
    [made] = consenting.connected(stack.ours, first["id"], shop)
    second = consenting.begun(stack.ours)
    consenting.consented(stack, second, shop)
    [again] = consenting.connected(stack.ours, second["id"], shop)
    assert again == made
    audited = audits.recent(stack.ours.owner, target=made["channel"])
    assert "channel.reconnect" in {entry["action"] for entry in audited}


def test_account_of_another_agency_is_taken(stack: Stack) -> None:
    shop = consenting.shop()
    stack.connect("example", stack.theirs, account=shop, credentials={"token": f"token{shop.removeprefix('shop')}"})
    begun = consenting.begun(stack.ours)
    consenting.consented(stack, begun, shop)
    assert stack.ours.owner.get(f"/consents/{begun['id']}")["accounts"][0]["is_taken"] is True
    [result] = consenting.connected(stack.ours, begun["id"], shop)
    assert (result["channel"], result["code"]) == (None, "account_taken")


def test_state_counts_once(stack: Stack) -> None:
    begun = consenting.begun(stack.ours)
    ours = consenting.local(stack, consenting.followed(begun["url"]))
    consenting.followed(ours)
    assert consenting.page(ours).status == 400
    assert stack.ours.owner.get(f"/consents/{begun['id']}")["status"] == "granted"


@pytest.mark.parametrize("state", ["", "x", "agc_0.con_0.x", "agc_00000000000000000000000000.con_0.secret"])
def test_state_that_is_none_leads_nowhere(stack: Stack, state: str) -> None:
    assert consenting.page(f"{stack.api.removesuffix('/v1')}/connected?code=1&state={state}").status == 400


def test_who_says_no_is_told_so_and_may_begin_again(stack: Stack) -> None:
    begun = consenting.begun(stack.ours)
    assert consenting.told(consenting.consented(stack, begun, deny="1"))["status"] == "refused"
    shown = stack.ours.owner.get(f"/consents/{begun['id']}")
    assert (shown["status"], shown["reason"], shown["accounts"]) == ("refused", "They said no.", [])
    answer = stack.ours.owner.call("POST", f"/consents/{begun['id']}/channels", {"accounts": ["shop1"]})
    assert answer.problem == (409, "not_granted")


def test_scope_that_is_needed_and_missing_is_named(stack: Stack) -> None:
    begun, shop = consenting.begun(stack.ours), consenting.shop()
    consenting.consented(stack, begun, shop, without="messages")
    assert stack.ours.owner.get(f"/consents/{begun['id']}")["missing"] == ["messages"]
    answer = stack.ours.owner.call("POST", f"/consents/{begun['id']}/channels", {"accounts": [shop]})
    assert answer.problem == (409, "scopes_missing")


def test_channel_that_another_consent_of_the_same_person_leaves_out_is_named_before(stack: Stack) -> None:
    kept, left = consenting.shop(), consenting.shop()
    first = consenting.begun(stack.ours)
    consenting.consented(stack, first, left, user=f"nora{left}")
    [made] = consenting.connected(stack.ours, first["id"], left)
    second = consenting.begun(stack.ours)
    consenting.consented(stack, second, kept, user=f"nora{left}")
    shown = stack.ours.owner.get(f"/consents/{second['id']}")
    assert shown["losing"] == [{"channel": made["channel"], "name": f"The {left}"}]


def of_page(stack: Stack, brand: Agency, network: str, page: str, user: str) -> Channel:
    """The channel of a Page for which somebody consented on that network."""
    begun = consenting.begun(brand, network=network)
    consenting.consented(stack, begun, page, user=user)
    [account] = brand.owner.get(f"/consents/{begun['id']}")["accounts"]
    [made] = consenting.connected(brand, begun["id"], account["id"])
    app = stack.networks[network]
    return Channel(stack, brand, made["channel"], network, account["id"], app["hook"], app["app_secret"], "")


def test_one_person_with_several_brands_is_told_whom_they_would_lose_and_the_others_still_hear(stack: Stack) -> None:
    user, first, second = number(), stack.brand(), stack.brand()
    pages = [f"10150{number()}" for _ in range(3)]
    heard = of_page(stack, first, "messenger", pages[0], user)
    lost = of_page(stack, first, "instagram", pages[1], user)
    begun = consenting.begun(second, network="facebook")
    consenting.consented(stack, begun, pages[0], pages[2], user=user)
    shown = second.owner.get(f"/consents/{begun['id']}")
    assert [loss["channel"] for loss in shown["losing"]] == [lost.id]
    [made] = consenting.connected(second, begun["id"], pages[2])
    assert made["code"] is None
    assert heard.message(Fan(heard).says("Still there?"))["text"] == "Still there?"


def test_consent_of_another_agency_does_not_exist(stack: Stack) -> None:
    begun = consenting.begun(stack.ours)
    assert stack.theirs.owner.call("GET", f"/consents/{begun['id']}").status == 404


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"network": "telegram"}, (422, "no_consent_page")),
        ({"network": "nowhere"}, (422, "unknown_reference")),
        ({"network": "playground"}, (422, "sandbox_only")),
        ({"server": "example.social"}, (422, "server")),
        ({"return_to": "http://elsewhere.example/"}, (422, "address_scheme")),
    ],
)
def test_what_does_not_fit_is_refused_before_anybody_is_sent_away(
    stack: Stack, more: dict[str, str], problem: tuple[int, str]
) -> None:
    asked = {"brand": stack.ours.brand, "network": "example", **more}
    assert stack.ours.owner.call("POST", "/consents", asked).problem == problem


def test_own_app_is_the_one_that_people_consent_to(stack: Stack) -> None:
    owner = stack.theirs.owner
    owner.put("/network-apps/example", {"app_id": "their-app", "secret": "their-secret"})
    assert "client_id=their-app" in consenting.begun(stack.theirs)["url"]
    [shown] = owner.get("/network-apps")["items"]
    with fence.within(stack.theirs.id):
        key, _ = apps.chosen(stack.theirs.id, "example", stack.theirs.brand) or ("", None)
    owner.put("/network-apps/example", {"app_id": "their-app", "secret": "newer-secret"})
    owner.put("/network-apps/example", {"app_id": "another-app", "secret": "another-secret"})
    assert (shown["app_id"], shown["brand"], "secret" in shown) == ("their-app", None, False)
    owner.delete("/network-apps/example")
    assert "client_id=example-app" in consenting.begun(stack.theirs)["url"]
    with fence.within(stack.theirs.id):
        assert apps.find(stack.theirs.id, "example", key) == App(id="their-app", secret="newer-secret")
    assert owner.call("DELETE", "/network-apps/example").status == 404


@pytest.mark.parametrize(("network", "code"), [("telegram", "no_consent_page"), ("x", "only_our_app")])
def test_app_that_could_not_be_used_is_not_taken(stack: Stack, network: str, code: str) -> None:
    body = {"app_id": "app", "secret": "secret"}
    answer = stack.theirs.owner.call("PUT", f"/network-apps/{network}", body)
    assert answer.problem == (422, code)


def test_answer_over_which_somebody_died_is_lost_after_a_minute_and_another_consent_works(stack: Stack) -> None:
    begun, shop = consenting.begun(stack.ours), consenting.shop()
    with fence.within(stack.ours.id):
        consent = consents.get(stack.ours.id, begun["id"], clock.now())
        table.update(consent, [StoredConsent.status.set("returning")])
        assert consents.status_of(consent, clock.now()) == "returning"
        assert consents.status_of(consent, clock.now() + 2 * clock.MINUTE) == "lost"
    consenting.consented(stack, again := consenting.begun(stack.ours), shop)
    assert consenting.connected(stack.ours, again["id"], shop)[0]["channel"]

"""On every network that has a consent page, whoever opens it here comes back with accounts that become channels."""

import pytest

from chalicelib import networks
from tests.networks.folders import of
from tests.support import consenting
from tests.support.stack import Stack

PAGES = [key for key in networks.names() if of(key).consent]
OTHERS = [(key, product) for key in PAGES for product in getattr(of(key).consent, "products", ())]
SERVERS = {"bluesky": "bsky.example", "mastodon": "mastodon.example"}


@pytest.mark.parametrize(("network", "product"), [*((key, "") for key in PAGES), *OTHERS])
def test_accounts_are_connected_on_the_page_of_their_network(stack: Stack, network: str, product: str) -> None:
    owner = stack.ours.owner
    if network == "bluesky":  # the id of an app is there where it is described
        owner.put(f"/network-apps/{network}", {"app_id": "https://palabre.example/client.json", "secret": "none"})
    server = {"server": SERVERS[network]} if network in SERVERS else {}
    begun = consenting.begun(stack.ours, network=network, **server, **({"product": product} if product else {}))
    assert consenting.told(consenting.consented(stack, begun))["status"] == "granted"
    accounts = [account["id"] for account in owner.get(f"/consents/{begun['id']}")["accounts"]]
    results = consenting.connected(stack.ours, begun["id"], *accounts)
    assert accounts and [result.get("code") for result in results] == [None] * len(accounts), results
    made = [result["channel"] for result in results]
    shown = [owner.get(f"/channels/{id}") for id in made]
    assert [(channel["network"], channel["account"], channel["health"]) for channel in shown] == [
        (network, account, "ok") for account in accounts
    ]

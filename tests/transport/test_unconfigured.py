"""S17: that a secret is missing is told for an account that needs it, so that no stranger keeps an alarm red."""

from dataclasses import replace

import pytest

from chalicelib import errors, networks
from chalicelib.channels.channels import Owner
from chalicelib.networks.base import Network
from chalicelib.store import lookups, table
from chalicelib.store.models.channels import Route
from chalicelib.transport import intake
from tests.support.stack import number


@pytest.fixture
def network() -> Network:
    """A network of whose app nobody has told us the secret."""
    known = networks.get("facebook")
    assert known
    return replace(known, key=f"n{number()}", siblings=())


def alarm(network: Network, account: str, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether somebody is told, once anybody posts unsigned news of the account."""
    capsys.readouterr()
    with pytest.raises(errors.Unauthenticated):
        intake.accept(network, "", f'{{"object":"page","entry":[{{"id":"{account}"}}]}}'.encode(), {}, 0)
    return "ingress_unconfigured" in capsys.readouterr().out


def connected(owner: Owner, network: Network, signer: str) -> str:
    account = number()
    route = Route(
        lookups.route(network.key, account), lookups.ROUTE, agency=owner.agency, channel=owner.channel,
        brand=owner.brand, network=network.key, connected_at=0, signer=signer,
    )  # fmt: skip
    table.put(route, Route.pk.does_not_exist())
    return account


def test_stranger_raises_no_alarm(owner: Owner, network: Network, capsys: pytest.CaptureFixture[str]) -> None:
    for account in (number(), "", "x" * 5000):
        assert not alarm(network, account, capsys)


def test_account_of_our_app_does_and_one_of_its_own_app_does_not(
    owner: Owner, network: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    assert alarm(network, connected(owner, network, ""), capsys)
    assert not alarm(network, connected(owner, network, "another"), capsys)


def test_hand_shake_raises_no_alarm(network: Network, stack: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert intake.hook_secrets(network, "", 0).verify == ()
    assert "ingress_unconfigured" not in capsys.readouterr().out

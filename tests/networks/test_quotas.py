"""How many calls a look takes that finds nothing."""

from collections.abc import Sequence

import pytest

from chalicelib import networks
from local.double import Server
from tests.networks.folders import of
from tests.networks.test_contract_calls import connected

POLLED: Sequence[str] = [key for key in networks.names() if of(key).polling]


@pytest.mark.parametrize("key", POLLED)
def test_look_that_finds_nothing_takes_as_many_calls_as_the_quotas_are_reckoned_with(key: str, server: Server) -> None:
    polling, credentials = of(key).polling, connected(key)
    assert polling
    mark = polling.pull(credentials, {}).mark
    before = len(server.state.requests)
    pulled = polling.pull(credentials, mark)
    assert (pulled.bodies, pulled.mark) == ([], mark)
    assert (pulled.calls, len(server.state.requests) - before) == (polling.calls, polling.calls)

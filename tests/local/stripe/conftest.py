import threading
from collections.abc import Iterator

import pytest

from local.double import Server
from tests.support.stripe_side import Account, on


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def account(stripe_server: Server) -> Account:
    """An account that sells, and nobody else's."""
    return on(stripe_server)

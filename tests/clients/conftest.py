"""The clients as they are made from the document that is here. Making them takes half a minute, once."""

import pytest

from local import clients

# `make check` makes the others as well, with tools that a newcomer's machine need not have.
MADE = ("python", "typescript")


@pytest.fixture(scope="session")
def missing() -> dict[str, str]:
    """By client, the tool without which it could not be made; none for most."""
    return clients.made(MADE)

"""What a provider is set with fits its kind, and a person sets it."""

from typing import Any

import pytest

from chalicelib import errors, ids
from chalicelib.access.actors import Actor
from chalicelib.sso import providers

URL = "https://idp.example/metadata"
OIDC = {"kind": "oidc", "issuer": "https://idp.example", "client_id": "c", "client_secret": "s"}


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "saml"},
        {"kind": "saml", "metadata_url": URL, "metadata": "<EntityDescriptor/>"},
        {"kind": "saml", "metadata_url": URL, "client_secret": "s"},
        {"kind": "oidc", "issuer": "https://idp.example", "client_id": "c"},
        {**OIDC, "metadata_url": URL},
    ],
    ids=["nothing", "twice", "of both kinds", "no secret", "of the other kind"],
)
def test_settings_that_do_not_fit_the_kind_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid):
        providers.put(Actor("agc_1", "mbr_1", "Ana"), asked, 0, came_by_it=False)


BY = [Actor("agc_1", "key_1", "K", "key"), Actor("agc_1", "m", "A", app="app_1")]


@pytest.mark.parametrize("by", BY, ids=["key", "app"])
def test_neither_key_nor_app_sets_or_removes_a_provider(by: Actor) -> None:
    with pytest.raises(errors.Forbidden):
        providers.put(by, OIDC, 0, came_by_it=False)
    with pytest.raises(errors.Forbidden):
        providers.remove(by, 0)


def test_name_of_a_provider_is_one_that_the_pool_takes() -> None:
    name = providers.name_of(ids.new("agc"))
    assert len(name) <= 32
    assert "_" not in name

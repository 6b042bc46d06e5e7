"""Identity providers of agencies in the user pool."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from chalicelib import errors
from chalicelib.aws import user_pool

LONGEST_IDENTIFIER = 40  # what the pool takes; addresses of longer domains are led by the provider's name alone
_MAPPED = {"email": "email", "email_verified": "email_verified", "name": "name"}


def put(name: str, kind: str, details: Mapping[str, str], domains: Sequence[str]) -> None:
    """Makes the provider, or changes it. Raises Invalid for details that the user pool refuses, and Unavailable."""
    fields = {"ProviderDetails": dict(details), "AttributeMapping": _MAPPED, "IdpIdentifiers": _identifiers(domains)}
    with user_pool.asking(
        errors.Invalid("The user pool has refused the settings of the identity provider.", code="provider_refused")
    ):
        try:
            user_pool.client().create_identity_provider(**_provider_key(name), ProviderType=kind, **fields)
        except user_pool.client().exceptions.DuplicateProviderException:
            user_pool.client().update_identity_provider(**_provider_key(name), **fields)


def set_domains(name: str, domains: Sequence[str]) -> None:
    """Sets the domains for whose addresses the provider signs people in. Raises Unavailable."""
    with user_pool.asking():
        user_pool.client().update_identity_provider(**_provider_key(name), IdpIdentifiers=_identifiers(domains))


def remove(name: str) -> None:
    """A repeat does nothing. Raises Unavailable."""
    with user_pool.asking(), suppress(user_pool.client().exceptions.ResourceNotFoundException):
        user_pool.client().delete_identity_provider(**_provider_key(name))


def _provider_key(name: str) -> Mapping[str, str]:
    return {"UserPoolId": user_pool.id(), "ProviderName": name}


def _identifiers(domains: Sequence[str]) -> list[str]:
    return [domain for domain in domains if len(domain) <= LONGEST_IDENTIFIER]

"""Identity providers of agencies in the user pool, and the clients through which these sign people in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from chalicelib import errors, settings
from chalicelib.aws import clients

LONGEST_IDENTIFIER = 40  # what the pool takes; addresses of longer domains are led by the provider's name alone
_MAPPED = {"email": "email", "email_verified": "email_verified", "name": "name"}


@cache
def _client() -> Any:
    return clients.make("cognito-idp")


def put(name: str, kind: str, details: Mapping[str, str], domains: Sequence[str]) -> None:
    """Makes the provider, or changes it. Raises Invalid for details that the pool does not take, and Unavailable."""
    told = {"ProviderDetails": dict(details), "AttributeMapping": _MAPPED, "IdpIdentifiers": _identifiers(domains)}
    with _asking():
        try:
            _client().create_identity_provider(**_named(name), ProviderType=kind, **told)
        except _client().exceptions.DuplicateProviderException:
            _client().update_identity_provider(**_named(name), **told)


def tell_domains(name: str, domains: Sequence[str]) -> None:
    """Says which domains the provider speaks for. Raises Unavailable."""
    with _asking():
        _client().update_identity_provider(**_named(name), IdpIdentifiers=_identifiers(domains))


def remove(name: str) -> None:
    """A repeat does nothing. Raises Unavailable."""
    with _asking(), suppress(_client().exceptions.ResourceNotFoundException):
        _client().delete_identity_provider(**_named(name))


def make_client(provider: str, callbacks: Sequence[str], scopes: Sequence[str]) -> str:
    """Makes a client through which that provider alone signs people in; gives its id. Raises Unavailable."""
    with _asking():
        made = _client().create_user_pool_client(ClientName=provider, GenerateSecret=False, **_options(
            provider, callbacks, scopes
        ))  # fmt: skip
    return str(made["UserPoolClient"]["ClientId"])


def change_client(client: str, provider: str, callbacks: Sequence[str], scopes: Sequence[str]) -> None:
    """Gives the client what `make_client` would: pages may have others addresses since. Raises Unavailable."""
    with _asking():
        _client().update_user_pool_client(ClientId=client, **_options(provider, callbacks, scopes))


def _options(provider: str, callbacks: Sequence[str], scopes: Sequence[str]) -> Mapping[str, Any]:
    current = settings.get()
    return {
        "UserPoolId": current.user_pool, "CallbackURLs": list(callbacks), "LogoutURLs": list(callbacks),
        "AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": list(scopes),
        "SupportedIdentityProviders": [provider], "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "AccessTokenValidity": current.token_minutes, "IdTokenValidity": current.token_minutes,
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        "EnableTokenRevocation": True, "PreventUserExistenceErrors": "ENABLED",
    }  # fmt: skip


def _named(name: str) -> Mapping[str, str]:
    return {"UserPoolId": settings.get().user_pool, "ProviderName": name}


def _identifiers(domains: Sequence[str]) -> list[str]:
    return [domain for domain in domains if len(domain) <= LONGEST_IDENTIFIER]


@contextmanager
def _asking() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == "InvalidParameterException":
            raise errors.Invalid("The user pool does not take this provider.", code="provider_refused") from error
        raise errors.Unavailable(code="pool_unavailable") from error
    except BotoCoreError as error:
        raise errors.Unavailable(code="pool_unavailable") from error

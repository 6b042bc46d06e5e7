"""Clients of the user pool through which people sign in with a code and PKCE: for apps, and for agencies' own
providers.

Each call may be repeated, except that `make` makes another client. All raise Unavailable.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chalicelib import settings
from chalicelib.aws import user_pool

OWN = "COGNITO"  # the pool itself: people sign in with its passwords


@dataclass(frozen=True)
class Client:
    """The settings of a client: which provider signs people in, where they come back to, and the scopes of their
    tokens.
    """

    provider: str
    callbacks: Sequence[str]
    scopes: Sequence[str]


def make(name: str, wanted: Client) -> str:
    """Makes a client and gives its id."""
    with user_pool.asking():
        made = user_pool.client().create_user_pool_client(ClientName=name, GenerateSecret=False, **_options(wanted))
    return str(made["UserPoolClient"]["ClientId"])


def change(id: str, wanted: Client) -> None:
    """Gives the client the settings that `make` would give it."""
    with user_pool.asking():
        user_pool.client().update_user_pool_client(ClientId=id, **_options(wanted))


def remove(id: str) -> None:
    """Deletes the client, with all sessions that came by it. A repeat does nothing."""
    client = user_pool.client()
    with user_pool.asking(), suppress(client.exceptions.ResourceNotFoundException):
        client.delete_user_pool_client(UserPoolId=user_pool.id(), ClientId=id)


def _options(wanted: Client) -> Mapping[str, Any]:
    minutes = settings.get().token_minutes
    return {
        "UserPoolId": user_pool.id(), "CallbackURLs": list(wanted.callbacks), "LogoutURLs": list(wanted.callbacks),
        "AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": list(wanted.scopes), "SupportedIdentityProviders": [wanted.provider],
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "AccessTokenValidity": minutes,
        "IdTokenValidity": minutes, "RefreshTokenValidity": 30,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        "EnableTokenRevocation": True, "PreventUserExistenceErrors": "ENABLED",
    }  # fmt: skip

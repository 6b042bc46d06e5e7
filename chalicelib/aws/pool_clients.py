"""Clients of the user pool through which people sign in with a code and PKCE: of apps, and of agencies' own providers.

Each may be asked for again: what is there already is changed, what is gone stays gone. All raise Unavailable.
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
    """What a client is for: who signs people in, where they come back to, and what their tokens are good for."""

    provider: str
    callbacks: Sequence[str]
    scopes: Sequence[str]


def make(name: str, wanted: Client) -> str:
    """Gives the id of a new client."""
    with user_pool.asking():
        made = user_pool.client().create_user_pool_client(ClientName=name, GenerateSecret=False, **_options(wanted))
    return str(made["UserPoolClient"]["ClientId"])


def change(id: str, wanted: Client) -> None:
    """Gives the client the settings that `make` would give it today."""
    with user_pool.asking():
        user_pool.client().update_user_pool_client(ClientId=id, **_options(wanted))


def remove(id: str) -> None:
    """Takes the client away, with all that may be refreshed through it. A repeat does nothing."""
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

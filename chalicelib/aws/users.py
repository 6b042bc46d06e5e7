"""Who a signed-in subject is: what the user pool has verified of them, asked only where a token does not tell."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3

from chalicelib import errors, settings


@dataclass(frozen=True)
class User:
    """A signed-in person. `email` is empty unless it is verified."""

    subject: str
    name: str
    email: str


@cache
def _client() -> Any:

    return boto3.client("cognito-idp", region_name=settings.get().region)


def get(subject: str) -> User:
    """Raises Unauthenticated if the pool does not know the subject any more, or has disabled them."""
    found = _client().list_users(UserPoolId=settings.get().user_pool, Filter=f'sub = "{subject}"', Limit=1)["Users"]
    if not found or not found[0].get("Enabled", True):
        raise errors.Unauthenticated
    told = {entry["Name"]: entry["Value"] for entry in found[0]["Attributes"]}
    email = normal_email(told.get("email", "")) if told.get("email_verified") == "true" else ""
    return User(subject, told.get("name") or email.partition("@")[0], email)


def normal_email(email: str) -> str:
    """One spelling of an address, whatever case or look-alike characters it was typed with."""
    return unicodedata.normalize("NFKC", email).strip().casefold()

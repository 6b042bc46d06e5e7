"""Asks the user pool who a signed-in subject is, where a token does not say enough."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib import errors, settings
from chalicelib.aws import clients


@dataclass(frozen=True)
class User:
    """A signed-in person. `email` is empty unless it is verified."""

    subject: str
    name: str
    email: str


@cache
def _client() -> Any:
    return clients.make("cognito-idp")


def invite(email: str) -> None:
    """Makes an account for who has none, which the pool mails a first password. Who has one hears nothing.

    An account with that address which nobody ever proved to be theirs makes way: who made it may be somebody else, and
    knows its password. Raises Invalid for an address that the pool does not take, Unavailable if it cannot do so now.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if not _create(email) and _is_unproven(email):
            _client().admin_delete_user(UserPoolId=settings.get().user_pool, Username=email)
            _create(email)
    except ClientError as error:
        if error.response["Error"]["Code"] == "InvalidParameterException":
            raise errors.Invalid("No account can have this address.", field="email") from error
        raise errors.Unavailable(code="pool_unavailable") from error
    except BotoCoreError as error:
        raise errors.Unavailable(code="pool_unavailable") from error


def _create(email: str) -> bool:
    """False if there is an account with that address."""
    verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        _client().admin_create_user(
            UserPoolId=settings.get().user_pool, Username=email, UserAttributes=verified,
            DesiredDeliveryMediums=["EMAIL"],
        )  # fmt: skip
    except _client().exceptions.UsernameExistsException:
        return False
    return True


def _is_unproven(email: str) -> bool:
    user = _client().admin_get_user(UserPoolId=settings.get().user_pool, Username=email)
    return bool(user["UserStatus"] == "UNCONFIRMED")


def sign_out(subject: str) -> None:
    """Ends all sessions of the person: no token of theirs is refreshed any more. Raises Unavailable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().admin_user_global_sign_out(UserPoolId=settings.get().user_pool, Username=subject)
    except (BotoCoreError, ClientError) as error:
        raise errors.Unavailable(code="pool_unavailable") from error


def get(subject: str) -> User:
    """Raises Unauthenticated if the user pool does not know the person any more, or has disabled them."""
    users = _client().list_users(UserPoolId=settings.get().user_pool, Filter=f'sub = "{subject}"', Limit=1)["Users"]
    if not users or not users[0].get("Enabled", True):
        raise errors.Unauthenticated
    attributes = {entry["Name"]: entry["Value"] for entry in users[0]["Attributes"]}
    email = attributes.get("email", "") if attributes.get("email_verified") == "true" else ""
    return User(subject, attributes.get("name") or email.partition("@")[0], email)

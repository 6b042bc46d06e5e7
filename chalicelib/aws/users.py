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

    Raises Invalid for an address that the pool does not take, Unavailable if it cannot do so now.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        _client().admin_create_user(
            UserPoolId=settings.get().user_pool, Username=email, UserAttributes=verified,
            DesiredDeliveryMediums=["EMAIL"],
        )  # fmt: skip
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "InvalidParameterException":
            raise errors.Invalid("No account can have this address.", field="email") from error
        if code != "UsernameExistsException":
            raise errors.Unavailable(code="pool_unavailable") from error
    except BotoCoreError as error:
        raise errors.Unavailable(code="pool_unavailable") from error


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

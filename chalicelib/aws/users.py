"""The user pool's accounts: invites people, and tells who a signed-in subject is where a token does not say enough."""

from dataclasses import dataclass

from chalicelib import errors, log
from chalicelib.aws import user_pool


@dataclass(frozen=True)
class User:
    """A signed-in person. `email` is empty unless it is verified."""

    subject: str
    name: str
    email: str


def invite(email: str) -> None:
    """Makes an account for somebody who has none; the pool mails them a first password. Somebody with an account gets
    no mail.

    An account with this address that was never confirmed is deleted first: whoever made it may be somebody else, and
    knows its password. Raises Invalid for an address that the pool refuses, Unavailable if the pool fails.
    """
    with user_pool.asking(
        errors.Invalid("The e-mail address cannot be the address of an account.", code="bad_email", field="email")
    ):
        if not _create(email) and _is_unproven(email):
            user_pool.client().admin_delete_user(UserPoolId=user_pool.id(), Username=email)
            _create(email)


def _create(email: str) -> bool:
    """False if there is an account with that address."""
    verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        user_pool.client().admin_create_user(
            UserPoolId=user_pool.id(), Username=email, UserAttributes=verified,
            DesiredDeliveryMediums=["EMAIL"],
        )  # fmt: skip
    except user_pool.client().exceptions.UsernameExistsException:
        return False
    return True


def _is_unproven(email: str) -> bool:
    user = user_pool.client().admin_get_user(UserPoolId=user_pool.id(), Username=email)
    return bool(user["UserStatus"] == "UNCONFIRMED")


def is_enabled(subject: str) -> bool:
    """False for somebody who was disabled or deleted. True if the pool does not answer."""
    client = user_pool.client()
    try:
        with user_pool.asking():
            user = client.admin_get_user(UserPoolId=user_pool.id(), Username=subject)
    except errors.Unavailable as refusal:
        log.problem("pool_unreachable", refusal)
        return not isinstance(refusal.__cause__, client.exceptions.UserNotFoundException)
    return bool(user["Enabled"])


def sign_out(subject: str) -> None:
    """Ends all sessions of the person: none of their tokens can be refreshed any more. Raises Unavailable."""
    with user_pool.asking():
        user_pool.client().admin_user_global_sign_out(UserPoolId=user_pool.id(), Username=subject)


def get(subject: str) -> User:
    """Raises Unauthenticated if the user pool no longer has the person, or has disabled them."""
    users = user_pool.client().list_users(UserPoolId=user_pool.id(), Filter=f'sub = "{subject}"', Limit=1)["Users"]
    if not users or not users[0].get("Enabled", True):
        raise errors.Unauthenticated
    attributes = {entry["Name"]: entry["Value"] for entry in users[0]["Attributes"]}
    email = attributes.get("email", "") if attributes.get("email_verified") == "true" else ""
    return User(subject, attributes.get("name") or email.partition("@")[0], email)

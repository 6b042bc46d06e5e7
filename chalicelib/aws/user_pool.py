"""Access to the user pool: one client per process, and how its errors are translated."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from chalicelib import errors, settings
from chalicelib.aws import clients


@cache
def client() -> Any:
    return clients.make("cognito-idp")


def id() -> str:
    return settings.get().user_pool


@contextmanager
def asking(invalid: errors.Problem | None = None) -> Iterator[None]:
    """Raises `invalid` if the pool refuses a value of the call inside, Unavailable if the call fails."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if invalid and error.response["Error"]["Code"] == "InvalidParameterException":
            raise invalid from error
        raise errors.Unavailable(code="pool_unavailable") from error
    except BotoCoreError as error:
        raise errors.Unavailable(code="pool_unavailable") from error

"""How the user pool is asked: one client of a process, and what becomes of its refusals."""

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
    """Raises `invalid` if what is asked inside has a value that the pool does not take, Unavailable if it fails."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if invalid and error.response["Error"]["Code"] == "InvalidParameterException":
            raise invalid from error
        raise errors.Unavailable(code="pool_unavailable") from error
    except BotoCoreError as error:
        raise errors.Unavailable(code="pool_unavailable") from error

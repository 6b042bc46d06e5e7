"""A client of the Palabre API. Its operations are in `generated.api`, what they take and give in `generated.models`."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx

from palabre_client.transport import Problem, Transport

__all__ = ["Problem", "Transport", "connect", "each"]


def connect(
    address: str,
    token: str | Callable[[], str],
    *,
    agency: str = "",
    patience: float = 30.0,
    attempts: int = 4,
) -> Any:
    """What every operation takes as `client`. `address` ends with `/v1`; `token` is a key, a token, or what gives one.

    `agency` is for members of several. An answer is waited for `patience` seconds, then asked for again.
    """
    from palabre_client.generated import Client

    transport = Transport(httpx.HTTPTransport(), token, agency=agency, attempts=attempts)
    return Client(base_url=address, timeout=httpx.Timeout(patience), httpx_args={"transport": transport})


def each(operation: Callable[..., Any], **arguments: Any) -> Iterator[Any]:
    """Every item of a list, page by page: `each(list_brands.sync, client=client)`."""
    page = operation(**arguments)
    while page:
        yield from page.items
        page = operation(**arguments, cursor=page.next_) if page.next_ else None

"""Posts frames to open sockets, and closes them, through the HTTP interface of their gateway.

Requests are signed here with botocore's signer: a room has hundreds of sockets, and a boto3 client takes nearly twice
the CPU.
"""

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, Literal, Protocol
from urllib.parse import quote, urlsplit

from chalicelib import log, settings

Outcome = Literal["sent", "gone", "failed"]
AT_ONCE = 24  # threads that post, each with a connection of its own
_SECONDS = 2.0
# A connection id that never was one is refused with 400, one that ended with 410.
_GONE = (400, 410)


class Gateway(Protocol):
    """The gateway of open sockets. Neither method raises: a socket may end at any moment."""

    def post(self, socket: str, frame: bytes) -> Outcome:
        """Sends the frame. After `failed` nobody knows whether it arrived."""

    def close(self, socket: str) -> None:
        """Ends the socket if it is still open."""


class SignedGateway:
    """The gateway at an address; `credentials` come from a botocore provider, which renews them by itself."""

    def __init__(self, url: str, region: str, credentials: Any) -> None:
        self._url, self._region, self._credentials = url, region, credentials
        self._path = urlsplit(url).path

    def post(self, socket: str, frame: bytes) -> Outcome:
        status = self._ask("POST", socket, frame)
        if status in _GONE:
            return "gone"
        return "sent" if 200 <= status < 300 else "failed"

    def close(self, socket: str) -> None:
        self._ask("DELETE", socket, b"")

    def _ask(self, verb: str, socket: str, body: bytes) -> int:
        """The status of the answer, 0 if there was none."""
        import urllib3

        place = f"/{quote(socket, safe='')}"
        headers = self.signed(verb, f"{self._url}{place}", body)
        try:
            answer = self._pool.urlopen(verb, f"{self._path}{place}", body=body, headers=headers, retries=False)
        except urllib3.exceptions.HTTPError as error:
            log.problem("socket_unreachable", error)
            return 0
        status: int = answer.status
        if status >= 300 and status not in _GONE:
            log.line("socket_refused", verb=verb, status=status)
        return status

    def signed(self, verb: str, url: str, body: bytes) -> Mapping[str, str]:
        """The headers of the request, with our signature."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        request = AWSRequest(verb, url, data=body)
        SigV4Auth(self._credentials.get_frozen_credentials(), "execute-api", self._region).add_auth(request)
        return dict(request.headers.items())

    @cached_property
    def _pool(self) -> Any:
        import urllib3

        patience = urllib3.Timeout(connect=1, read=_SECONDS)
        return urllib3.connection_from_url(self._url, maxsize=AT_ONCE, timeout=patience)


@cache
def opened() -> Gateway:
    """The gateway of this stage."""
    from botocore.session import get_session

    current = settings.get()
    return SignedGateway(current.callbacks_url, current.region, get_session().get_credentials())

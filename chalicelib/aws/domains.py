"""Calls an OpenSearch domain over HTTP, signed with botocore's signer."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from chalicelib import errors, log

SERVICE = "es"
LARGEST_ANSWER_BYTES = 32 << 20
_AT_ONCE = 8


class SignedDomain:
    """The OpenSearch domain at an address; `credentials` come from a botocore provider, which renews them by itself."""

    def __init__(self, url: str, region: str, credentials: Any, seconds: float = 8.0) -> None:
        self._url, self._region, self._credentials, self._seconds = url.rstrip("/"), region, credentials, seconds

    def ask(
        self, verb: str, path: str, body: bytes = b"", mime: str = "application/json", *, fine: tuple[int, ...] = (200,)
    ) -> Mapping[str, Any]:
        """The JSON of an answer with one of the statuses in `fine`. Raises Unavailable for any other status, or no
        answer.
        """
        import urllib3

        url = f"{self._url}{path}"
        headers = self.signed(verb, url, body, mime)
        try:
            answer = self._pool.urlopen(verb, _path(url), body=body, headers=headers, retries=False, redirect=False)
            content = answer.data[:LARGEST_ANSWER_BYTES]
        except urllib3.exceptions.HTTPError as error:
            log.problem("search_unreachable", error)
            raise errors.Unavailable from error
        if answer.status not in fine:
            log.line("search_refused", verb=verb, status=answer.status)
            raise errors.Unavailable
        fields: Mapping[str, Any] = json.loads(content) if content else {}
        return fields

    def signed(self, verb: str, url: str, body: bytes, mime: str) -> Mapping[str, str]:
        """The headers of the request, with our signature."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        request = AWSRequest(verb, url, data=body, headers={"Content-Type": mime, "Host": urlsplit(url).netloc})
        SigV4Auth(self._credentials.get_frozen_credentials(), SERVICE, self._region).add_auth(request)
        return dict(request.headers.items())

    @cached_property
    def _pool(self) -> Any:
        import urllib3

        patience = urllib3.Timeout(connect=2, read=self._seconds)
        return urllib3.connection_from_url(self._url, maxsize=_AT_ONCE, timeout=patience)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def opened(url: str, region: str) -> SignedDomain:
    """The OpenSearch domain at that address, called with the credentials of this process."""
    from botocore.session import get_session

    return SignedDomain(url, region, get_session().get_credentials())

"""Signs requests to DynamoDB. The signature is that of botocore's own signer, for the headers that must be signed, in a
third of the time, as the key of a day is derived once.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import time
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.client import BaseClient
from botocore.credentials import Credentials

_ALGORITHM, _SERVICE, _END = "AWS4-HMAC-SHA256", "dynamodb", "aws4_request"


def sign_by(client: BaseClient, credentials: Credentials | None) -> None:
    """Makes this client sign its requests here. Without credentials botocore's signer stays, and refuses."""
    if credentials is None:
        return
    region = client.meta.region_name

    def sign(request: Any, **_: object) -> None:
        add(request, credentials, region, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))

    client.meta.events.register(f"choose-signer.{_SERVICE}", lambda **_: UNSIGNED)
    client.meta.events.register_last(f"request-created.{_SERVICE}", sign)


def add(request: Any, credentials: Credentials, region: str, moment: str) -> None:
    """Adds a signature's headers to a request. It must be a POST with a body, to the root of an address, without a
    query.
    """
    current = credentials.get_frozen_credentials()
    signed = {
        "content-type": request.headers["Content-Type"], "host": _host(request.url), "x-amz-date": moment,
        **({"x-amz-security-token": current.token} if current.token else {}),
        "x-amz-target": request.headers["X-Amz-Target"],
    }  # fmt: skip
    body = request.data if isinstance(request.data, bytes) else request.body  # which prepares the whole request first
    names = ";".join(signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    day = moment[:8]
    scope = f"{day}/{region}/{_SERVICE}/{_END}"
    text = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(_key(current.secret_key, day, region), text.encode(), "sha256").hex()
    del request.headers["Authorization"], request.headers["X-Amz-Date"], request.headers["X-Amz-Security-Token"]
    request.headers["X-Amz-Date"] = moment
    if current.token:
        request.headers["X-Amz-Security-Token"] = current.token
    request.headers["Authorization"] = (
        f"{_ALGORITHM} Credential={current.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )


@lru_cache(maxsize=4)
def _host(url: str) -> str:
    """The value of the Host header: without the port if that is the scheme's default."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    return f"{parts.hostname}{port}"


@lru_cache(maxsize=4)
def _key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, _SERVICE, _END):
        key = hmac.digest(key, part.encode(), "sha256")
    return key

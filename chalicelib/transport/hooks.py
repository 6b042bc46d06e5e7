"""The door to which the networks post. A body is verified and queued; one that does not verify is not told why.

The hooks have a gateway of their own, an HTTP API, which knows their addresses and verbs: docs/decisions/0025.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Response

from chalicelib import clock, errors, networks
from chalicelib.api import http
from chalicelib.networks import base
from chalicelib.transport import intake

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """What somebody asked of a hook. Names of headers are in lower case.

    `channel` is "" at the hook that a network's accounts share. `context` is what errors and log lines are made with.
    """

    method: str
    network: str
    channel: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    context: Mapping[str, str]
    raw: bytes


def handle(event: Json) -> Json:
    """Answers a request that is in payload format 2.0, as HTTP APIs and function URLs hand it to Lambda."""
    request = read(event)
    response = http.answered(request, lambda: VERBS[request.method](request, _named(request.network)))
    return {"statusCode": response.status_code, "headers": response.headers, "body": response.body}


def read(event: Json) -> Request:
    """The request, with its body byte for byte as posted, because signatures are over these bytes.

    The gateway hands a body of a textual content type as text, any other in base 64.
    """
    method, _, path = event["routeKey"].partition(" ")
    named, body = event["pathParameters"], event.get("body") or ""
    return Request(
        method, named["network"], named.get("channel", ""),
        headers={name.lower(): value for name, value in event["headers"].items()},
        query=dict(parse_qsl(event["rawQueryString"], keep_blank_values=True)),
        context={"resourcePath": path, "requestId": event["requestContext"]["requestId"]},
        raw=base64.b64decode(body) if event["isBase64Encoded"] else body.encode("utf-8", "replace"),
    )  # fmt: skip


def _take(request: Request, network: base.Network) -> Response:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in network.content_types:
        raise errors.UnsupportedMedia
    try:
        intake.accept(network, request.channel, request.raw, request.headers, clock.now())
    except errors.Unauthenticated:
        return Response("", http.SAFE, 401)
    return Response("", http.SAFE, 200)


def _shake(request: Request, network: base.Network) -> Response:
    secrets = intake.hook_secrets(network, request.channel, clock.now())
    answer = network.handshake(request.query, secrets)
    if answer is None:
        return Response("", http.SAFE, 403)
    return Response(answer, {**http.SAFE, "Content-Type": "text/plain"}, 200)


def _named(key: str) -> base.Network:
    network = networks.get(key)
    if network is None:
        raise errors.NotFound
    return network


VERBS: Mapping[str, Callable[[Request, base.Network], Response]] = {"GET": _shake, "POST": _take}

"""The endpoint to which the networks post. A body is verified and queued; a refusal does not say why.

The hooks have a gateway of their own, an HTTP API, which knows their addresses and methods: docs/decisions/0025.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalice.app import Response

from chalicelib import clock, errors, networks
from chalicelib.api import answers, http, posted
from chalicelib.api.posted import Request
from chalicelib.networks import base
from chalicelib.transport import intake

Json = Mapping[str, Any]


def handle(event: Json) -> Json:
    request = posted.read(event)
    return posted.answer(http.answer_or_problem(request, lambda: VERBS[request.method](request, _network(request))))


def _receive(request: Request, network: base.Network) -> Response:
    if request.content_type not in network.content_types:
        raise errors.UnsupportedMedia
    try:
        intake.accept(network, _channel(request), request.raw, _headers_and_query(request), clock.now())
    except errors.Unauthenticated:
        return Response("", answers.SAFE, 401)
    return Response("", answers.SAFE, 200)


def _headers_and_query(request: Request) -> Mapping[str, str]:
    """The headers, and the query parameters as `?name`, which no header can be called; some networks sign these."""
    return {**request.headers, **{f"?{name}": value for name, value in request.query.items()}}


def _answer_handshake(request: Request, network: base.Network) -> Response:
    secrets = intake.hook_secrets(network, _channel(request), clock.now())
    try:
        answer = network.handshake(request.query, secrets)
    except base.Unreadable:
        return Response("", answers.SAFE, 400)
    if answer is None:
        return Response("", answers.SAFE, 403)
    return Response(answer, {**answers.SAFE, "Content-Type": network.handshake_type}, 200)


def _network(request: Request) -> base.Network:
    network = networks.get(request.parts["network"])
    if network is None:
        raise errors.NotFound
    return network


def _channel(request: Request) -> str:
    """Empty for the hook that all accounts of a network share."""
    return request.parts.get("channel", "")


VERBS: Mapping[str, Callable[[Request, base.Network], Response]] = {"GET": _answer_handshake, "POST": _receive}

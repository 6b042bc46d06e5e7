"""The routes to which the networks post. A body is verified and queued; a refusal has no body and tells no reason."""

from collections.abc import Callable

from chalice.app import Chalice, Request, Response

from chalicelib import clock, errors, networks
from chalicelib.api import http, requests
from chalicelib.networks import base
from chalicelib.transport import intake


def mount(app: Chalice) -> None:
    """Adds the routes of the hand-shake and of webhooks, per network and per channel with a hook of its own."""
    for path in ("/hooks/{network}", "/hooks/{network}/{channel}"):
        app.route(path, methods=["POST"], content_types=["*/*"], name=f"take {path}")(_handler(app, _take))
        app.route(path, methods=["GET"], content_types=["*/*"], name=f"shake {path}")(_handler(app, _shake))


def _handler(app: Chalice, perform: Callable[[Request, str, str], Response]) -> Callable[..., Response]:
    def handle(network: str, channel: str = "") -> Response:
        request = requests.current(app)
        return http.answered(request, lambda: perform(request, network, channel))

    return handle


def _take(request: Request, key: str, channel: str) -> Response:
    network = _named(key)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in network.content_types:
        raise errors.UnsupportedMedia
    try:
        intake.accept(network, channel, requests.raw_body(request), request.headers, clock.now())
    except errors.Unauthenticated:
        return Response("", http.SAFE, 401)
    return Response("", http.SAFE, 200)


def _shake(request: Request, key: str, channel: str) -> Response:
    network = _named(key)
    secrets = intake.hook_secrets(network, channel, clock.now())
    answer = network.handshake(dict(request.query_params or {}), secrets)
    if answer is None:
        return Response("", http.SAFE, 403)
    return Response(answer, {**http.SAFE, "Content-Type": "text/plain"}, 200)


def _named(key: str) -> base.Network:
    network = networks.get(key)
    if network is None:
        raise errors.NotFound
    return network

"""`on_socket` answers the WebSocket gateway when somebody opens a socket, sends a message on it, or is gone."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, log
from chalicelib.aws import gateway
from chalicelib.sockets import sockets

Json = Mapping[str, Any]
DONE = 200


def handle(event: Json) -> Json:
    """The answer's status says whether a socket opens; for all other events the gateway ignores it."""
    context = event["requestContext"]
    kind, status, code = context["eventType"], DONE, ""
    try:
        HANDLERS[kind](event, context["connectionId"])
    except errors.Problem as problem:
        status, code = problem.status, problem.code
    except Exception as error:  # noqa: BLE001 - callers must not see what went wrong inside
        log.problem("socket_failed", error, event_type=kind)
        status, code = errors.Unavailable.status, "internal"
    log.line("socket", event_type=kind, socket=context["connectionId"], status=status, code=code)
    return {"statusCode": status}


def _connect(event: Json, id: str) -> None:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    secret = (event.get("queryStringParameters") or {}).get("ticket", "")
    source = event["requestContext"]["identity"]["sourceIp"]
    sockets.connect(id, secret, headers.get("origin", ""), source, clock.now())


def _disconnect(event: Json, id: str) -> None:
    sockets.disconnect(id)


def _receive(event: Json, id: str) -> None:
    text = "" if event.get("isBase64Encoded") else event.get("body") or ""
    sockets.receive(id, text, gateway.opened(), clock.now())


HANDLERS = {"CONNECT": _connect, "DISCONNECT": _disconnect, "MESSAGE": _receive}

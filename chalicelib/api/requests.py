"""The app, and the request that it serves.

Lambda hands a process one request after another. Elsewhere the app may be called from several threads at once, so each
thread has a current request of its own.
"""

import threading

from chalice.app import Chalice, Request

from chalicelib import errors, ids, settings


class App(Chalice):
    """Chalice's app keeps the current request in an attribute that all threads share; this one keeps it per thread."""

    def __init__(self, app_name: str) -> None:
        self._served = threading.local()
        super().__init__(app_name, configure_logs=False)

    @property
    def current_request(self) -> Request | None:
        request: Request | None = getattr(self._served, "request", None)
        return request

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        self._served.request = request


def current(app: Chalice) -> Request:
    """The request that this thread serves. Raises Unavailable if there is none."""
    request: Request | None = app.current_request
    if request is None:
        raise errors.Unavailable
    return request


def raw_body(request: Request) -> bytes:
    body = request.raw_body
    return body if isinstance(body, bytes) else body.encode()


def source(request: Request) -> str:
    """The IP address that API Gateway saw; a header could be forged by the caller."""
    return str((request.context.get("identity") or {}).get("sourceIp", ""))


def api(request: Request) -> str:
    """The address at which the API was called, with the stage; all addresses of the API begin with it."""
    known = {"domain": request.context.get("domainName", ""), "api": request.context.get("apiId", "")}
    address = settings.get().api_url
    for name, value in {**known, "stage": request.context.get("stage", "")}.items():
        address = address.replace(f"{{{name}}}", str(value))
    return address


def caused_by(request: Request) -> str:
    """The webhook endpoint whose receiver makes the call, if it says so; that endpoint gets no events of what the call
    does.
    """
    endpoint = request.headers.get("palabre-caused-by", "")
    return endpoint if ids.is_id(endpoint, "whk") else ""

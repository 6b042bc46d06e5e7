"""The app, and the request that it serves: one per thread, so that whoever drives it from threads gets no other's."""

import threading

from chalice.app import Chalice, Request

from chalicelib import errors


class App(Chalice):
    """Chalice keeps the current request on the app, where the next one replaces it; here each thread has its own."""

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
    request: Request | None = app.current_request
    if request is None:
        raise errors.Unavailable
    return request


def raw_body(request: Request) -> bytes:
    body = request.raw_body
    return body if isinstance(body, bytes) else body.encode()

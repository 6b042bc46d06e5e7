"""The pages to which networks lead people back, and the page of connect links. They are public: a state or a token is
the key.

The page of a connect link reads the token from the address's fragment, which browsers do not send.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode

from chalice.app import Chalice, Response

from chalicelib import clock, errors
from chalicelib.api import answers, http, requests
from chalicelib.api.texts import Text

if TYPE_CHECKING:
    from chalicelib.consents.withdrawals import Door

LARGEST_FORM_BYTES = 16 << 10
FILES = Path(__file__).parent / "page"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src https:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
PLACES = {"/connect": "connect.html", "/connect/page.js": "connect.js", "/connect/page.css": "connect.css"}


def mount(app: Chalice) -> None:
    for place, name in PLACES.items():
        _serve(app, place, lambda request, name=name: answers.success(200, _page(name)))
    _serve(app, "/connected", _come_back)
    for door in ("/meta", "/meta/apps/{agency}/{app_id}"):
        _serve(app, f"{door}/deauthorise", _deauthorise, "POST")
        _serve(app, f"{door}/deletion", _delete, "POST")
        _serve(app, f"{door}/deletion/{{code}}", _show_deletion)


def _serve(app: Chalice, place: str, answer: Any, verb: str = "GET") -> None:
    def entry(**parts: str) -> Response:
        request = requests.current(app)
        return http.answer_or_problem(request, lambda: answer(request))

    verbs = ["GET", "HEAD"] if verb == "GET" else [verb]
    app.route(place, methods=verbs, content_types=["*/*"])(entry)


def _page(name: str) -> Text:
    kind = Path(name).suffix
    return Text((FILES / name).read_text(), _KINDS[kind], policy=POLICY if kind == ".html" else "")


def _come_back(request: Any) -> Response:
    """Redirects to the address chosen by whoever began the consent, with its id and status, or else to a page that
    shows them. A browser that comes twice, or too late, is led to a page that says so.
    """
    from chalicelib.consents import consents

    if request.method != "GET":
        raise errors.NotAllowed(verbs=("GET",))
    page = f"{requests.api(request)}/connect"
    try:
        consent = consents.come_back(dict(request.query_params or {}), clock.now())
    except errors.Malformed:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return _leading_to(page, {"status": "over"})
    return _leading_to(consent.return_to or page, {"consent": consent.id, "status": consent.status})


def _leading_to(address: str, query: Mapping[str, str]) -> Response:
    joined = f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
    return Response("", {**answers.SAFE, "Location": joined, "Referrer-Policy": "no-referrer"}, 303)


def _deauthorise(request: Any) -> Response:
    from chalicelib.consents import withdrawals

    now, door = clock.now(), _door(request)
    user, _ = withdrawals.read(_signed_request(request), door, now)
    withdrawals.withdraw(user, door, now)
    return Response("", answers.SAFE, 200)


def _delete(request: Any) -> Response:
    """https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback"""
    from chalicelib.consents import withdrawals

    now, door = clock.now(), _door(request)
    user, secret = withdrawals.read(_signed_request(request), door, now)
    withdrawals.withdraw(user, door, now)
    code = withdrawals.code(secret, now)
    answer = {"url": f"{requests.api(request)}{door.path}/deletion/{code}", "confirmation_code": code}
    return Response(json.dumps(answer), {**answers.SAFE, "Content-Type": "application/json"}, 200)


def _show_deletion(request: Any) -> Response:
    from chalicelib.consents import withdrawals

    code = _parts(request).get("code", "")
    at = clock.text(withdrawals.confirmed_at(code, _door(request), clock.now()))
    text = f"Request {code} was done at {at}. All data that depended on your consent has been deleted.\n"
    return Response(text, {**answers.SAFE, "Content-Type": "text/plain; charset=utf-8"}, 200)


def _door(request: Any) -> "Door":
    """The door of an agency's own app, if the path names one. What the path names is not checked here."""
    from chalicelib.consents.withdrawals import Door

    parts = _parts(request)
    return Door(parts.get("agency", ""), unquote(parts.get("app_id", "")))


def _parts(request: Any) -> Mapping[str, str]:
    return request.uri_params or {}


def _signed_request(request: Any) -> str:
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        raise errors.UnsupportedMedia
    raw = requests.raw_body(request)
    if len(raw) > LARGEST_FORM_BYTES:
        raise errors.TooLarge
    return dict(parse_qsl(raw.decode("utf-8", "replace"))).get("signed_request", "")

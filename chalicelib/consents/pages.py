"""Where networks lead people back to, and the page of connect links. For everybody: a state or a token is the key.

The page gets the token of its link from the part of its address that browsers send to nobody.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice.app import Chalice, Response

from chalicelib import clock, errors
from chalicelib.api import answers, http, requests
from chalicelib.api.texts import Text

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
    """Serves them."""
    for place, name in PLACES.items():
        _serve(app, place, lambda request, name=name: answers.success(200, _page(name)))
    _serve(app, "/connected", _come_back)


def _serve(app: Chalice, place: str, answer: Any) -> None:
    def entry() -> Response:
        request = requests.current(app)
        return http.answered(request, lambda: answer(request))

    app.route(place, methods=["GET", "HEAD"], content_types=["*/*"])(entry)


def _page(name: str) -> Text:
    kind = Path(name).suffix
    return Text((FILES / name).read_text(), _KINDS[kind], policy=POLICY if kind == ".html" else "")


def _come_back(request: Any) -> Response:
    """To where whoever began it wants them, with the id of the consent and its status, or to a page that says so."""
    from chalicelib.consents import consents

    if request.method != "GET":
        raise errors.NotAllowed(verbs=("GET",))
    consent = consents.come_back(dict(request.query_params or {}), clock.now())
    told = urlencode({"consent": consent.id, "status": consent.status})
    back = consent.return_to or f"{requests.api(request)}/connect"
    joined = f"{back}{'&' if '?' in back else '?'}{told}"
    return Response("", {**answers.SAFE, "Location": joined, "Referrer-Policy": "no-referrer"}, 303)

"""The pages about the API below /docs, for people, and /llms.txt, for programs that read on their behalf. They are
public.
"""

import re
from typing import Any

from chalice.app import Chalice, Response

from chalicelib import errors, settings
from chalicelib.api import answers, http, requests, texts
from chalicelib.api.texts import Text
from chalicelib.reference import files

PLACES = ("/docs", "/docs/{proxy+}", "/llms.txt", "/llms-full.txt")
# Compiled when somebody reads: most processes never serve a page.
_NAME = r"[a-z0-9_-]+(/[a-z0-9_-]+)*(\.[a-z0-9_-]+)*"
_HASHED = r"\.[0-9a-f]{10}\."
_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}
# A page loads its style, and nothing else.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The page of operations calls this API, and the user pool for a token; Scalar writes styles into the page.
TRYING = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self' {}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TRIED = ("docs/index.html", "docs/signed-in.html")


def mount(app: Chalice) -> None:
    for place in PLACES:

        def entry(proxy: str = "") -> Response:
            request = requests.current(app)
            return http.answer_or_problem(request, lambda: _answer(request))

        app.route(place, methods=["GET", "HEAD"], content_types=["*/*"])(entry)


def _answer(request: Any) -> Response:
    _, _, *path = request.context["path"].split("/", 2)
    page = page_at("".join(path), requests.api(request))
    response = answers.success(200, page)
    return answers.or_not_modified(response, request.headers.get("if-none-match", ""))


def page_at(path: str, api: str) -> Text:
    """The page at that path, with the address at which the API was called. Raises NotFound."""
    if not re.fullmatch(_NAME, path):
        raise errors.NotFound
    for name in (path,) if "." in path else (f"{path}.html", f"{path}/index.html"):
        try:
            text = files.text(name, api)
        except FileNotFoundError:
            continue
        policy = _policy(name) if name.endswith("html") else ""
        cache = texts.FOREVER if re.search(_HASHED, name) else texts.KEPT
        return Text(text, _KINDS[name.rpartition(".")[2]], cache, policy)
    raise errors.NotFound


def _policy(name: str) -> str:
    return TRYING.format(settings.get().sign_in_url) if name in _TRIED else POLICY

"""What Meta tells about an app: where its events are posted, and which scopes a token has by now."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.networks import base
from chalicelib.networks._meta import apps, double_app
from chalicelib.networks._meta.hook import handshake
from chalicelib.networks._meta.tests_login import APP, KEYS, of, tokens
from local.double import Server

ADDRESS = "https://palabre.example/hooks/facebook"
OBJECTS = {"facebook": "page", "messenger": "page", "instagram": "instagram", "whatsapp": "whatsapp_business_account"}
NEEDED = {"facebook": "feed", "instagram": "comments"}


def posting(key: str, app: base.App = APP) -> base.Posting:
    _, consent = of(key)
    assert consent.posting
    return consent.posting(app)


def posted(key: str, fields: str = "", *, active: bool = True) -> None:
    object = OBJECTS[key]
    double_app.posts(APP.id, object, ADDRESS, fields or double_app.FIELDS[object], active=active)


@contextmanager
def hook(verify: str) -> Iterator[str]:
    """The address of a running hook that shakes hands with that token."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = dict(parse_qsl(urlsplit(self.path).query))
            answer = handshake(query, base.Secrets(verify=(verify,)))
            self.send_response(200 if answer else 403)
            self.end_headers()
            self.wfile.write((answer or "").encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/hooks/facebook"
        running.shutdown()


@pytest.mark.parametrize("key", KEYS)
def test_app_that_is_told_all_says_where(key: str, server: Server) -> None:
    posted(key)
    assert posting(key) == base.Posting(address=ADDRESS)
    [call] = server.state.requests
    assert (call["method"], call["path"]) == ("GET", "/v25.0/77/subscriptions")


@pytest.mark.parametrize("key", KEYS)
def test_what_an_app_is_not_told_is_named(key: str, server: Server) -> None:
    posted(key, active=False)
    assert posting(key).missing == ("active",)
    posted(key, fields="ratings")
    assert NEEDED.get(key, "messages") in posting(key).missing
    assert "ratings" not in posting(key).missing


def test_app_that_meta_does_not_know_tells_nothing(server: Server) -> None:
    for id in ("78", "../me"):
        with pytest.raises(base.Rejected):
            posting("facebook", base.App(id=id, secret="hush"))
    assert [call["path"] for call in server.state.requests] == ["/v25.0/78/subscriptions", "/v25.0/0/subscriptions"]


@pytest.mark.parametrize("key", KEYS)
def test_app_is_told_all_at_a_hook_that_shakes_hands_and_keeps_what_it_was_told_before(
    key: str, server: Server
) -> None:
    _, consent = of(key)
    assert consent.post_to
    others = {"page": "ratings", "instagram": "standby"}.get(OBJECTS[key], "security")
    posted(key, fields=others, active=False)
    with hook("word") as address:
        with pytest.raises(base.Rejected, match="403"):
            consent.post_to(APP, address, "another word")
        assert posting(key).address == ADDRESS
        consent.post_to(APP, address, "word")
        assert posting(key) == base.Posting(address=address)
    [sent] = [call for call in server.state.requests if call["method"] == "POST" and call["status"] == 200]
    assert others in sent["query"]["fields"].split(",")


def test_hook_that_meta_does_not_take_without_saying_why_is_refused(server: Server) -> None:
    _, consent = of("facebook")
    assert consent.post_to
    posted("facebook")
    server.state.behaviours.append({"network": "facebook", "do": "no_success", "times": 1, "method": "POST"})
    with pytest.raises(base.Rejected):
        consent.post_to(APP, ADDRESS, "word")


@pytest.mark.parametrize("key", KEYS)
def test_rights_are_those_that_the_accounts_token_has_by_now(key: str, server: Server) -> None:
    _, consent = of(key)
    assert consent.granted
    for without in ("", consent.needed[0]):
        [account] = consent.accounts(tokens(consent, **{"as": "10150771", "without": without}))
        known = base.Credentials(account=account.id, token=account.token)
        assert set(consent.granted(APP, known)) == set(consent.scopes) - {without}
    assert list(consent.granted(APP, base.Credentials(account="1", token="gone"))) == []


@pytest.mark.parametrize("scopes", ["all", None, [""], {}])
def test_rights_that_cannot_be_read_are_none(scopes: object, server: Server) -> None:
    body = json.dumps({"data": {"is_valid": True, "scopes": scopes}})
    server.state.behaviours.append({"network": "facebook", "do": "serve", "times": 1, "body": body})
    assert list(apps.scopes("facebook", APP, base.Credentials(account="1", token="EAAB1page"))) == []

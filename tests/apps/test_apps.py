"""Apps that others make: somebody approves them, they may what the person and their scopes may, and are out at once."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from chalicelib.access import permissions, scopes
from local import seed
from tests.people.test_sign_in import FORM, Browser
from tests.support.people import Fan
from tests.support.stack import Member, Stack, number

BACK = "https://app.example/back"
SCOPES = ["inbox.read", "reply.send"]


def registered(stack: Stack) -> Any:
    """An app that the other agency makes."""
    return stack.theirs.owner.post("/apps", {"name": f"App {number()}", "callbacks": [BACK], "scopes": SCOPES})


def through(stack: Stack, app: Any, email: str, asked: Iterable[str] = SCOPES) -> Member:
    """The person, signed in to the app with a code and PKCE."""
    browser, verifier = Browser(stack), secrets.token_urlsafe(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK, "state": "s1",
        "scope": " ".join(["openid", *(f"palabre/{name}" for name in asked)]),
        "code_challenge_method": "S256", "code_challenge": digest,
    }  # fmt: skip
    page = urllib3.request("GET", f"{browser.auth['authorization_endpoint']}?{urlencode(query)}", redirect=False)
    back = browser.fills(page, username=email, password=seed.PASSWORD).headers["Location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    form = {
        "grant_type": "authorization_code", "client_id": app["client_id"], "code": code, "redirect_uri": BACK,
        "code_verifier": verifier,
    }  # fmt: skip
    answer = urllib3.request("POST", browser.auth["token_endpoint"], body=urlencode(form), headers=FORM)
    assert answer.status == 200, answer.data
    return Member(stack.api, answer.json()["access_token"])


def colleague(stack: Stack, role: str = "conversation_manager") -> str:
    email = f"{role}{number()}@apps.example"
    stack.someone(stack.ours, role, [stack.ours.brand], email=email)
    return email


def test_app_may_what_its_person_and_its_scopes_may_once_it_is_approved(stack: Stack, fan: Fan) -> None:
    conversation, owner, app = fan.starts()["id"], stack.ours.owner, registered(stack)
    member = through(stack, app, colleague(stack))
    refused = member.call("GET", "/me")
    assert (refused.problem, refused.json["id"]) == ((403, "app_not_approved"), app["id"])
    shown = owner.get(f"/apps/{app['id']}")
    assert (shown["name"], shown["scopes"]) == (app["name"], sorted(SCOPES))
    owner.put(f"/approved-apps/{app['id']}", {"scopes": SCOPES})
    assert [approval["id"] for approval in owner.every("/approved-apps") if approval["id"] == app["id"]]
    assert member.get(f"/conversations/{conversation}")["id"] == conversation
    assert member.post(f"/conversations/{conversation}/replies", {"text": "From an app"})["status"] in (
        "queued",
        "sent",
    )
    assert member.call("POST", f"/conversations/{conversation}/notes", {"text": "No"}).problem == (403, "forbidden")
    assert member.call("GET", "/members").problem == (403, "forbidden")
    owner.delete(f"/approved-apps/{app['id']}")
    assert member.call("GET", "/me").problem == (403, "app_not_approved")


def test_app_gets_no_more_than_was_approved_and_no_more_than_it_asked_for(stack: Stack, fan: Fan) -> None:
    conversation, owner, app = fan.starts()["id"], stack.ours.owner, registered(stack)
    asks_little = through(stack, app, colleague(stack), ["inbox.read"])
    asks_all = through(stack, app, colleague(stack))
    owner.put(f"/approved-apps/{app['id']}", {"scopes": ["reply.send"]})
    assert asks_little.call("GET", f"/conversations/{conversation}").problem == (403, "forbidden")
    owner.put(f"/approved-apps/{app['id']}", {"scopes": SCOPES})
    assert asks_little.get(f"/conversations/{conversation}")
    path, words = f"/conversations/{conversation}/replies", {"text": "Hello"}
    assert asks_little.call("POST", path, words).problem == (403, "forbidden")
    assert asks_all.call("POST", path, words).status == 202
    assert owner.call("PUT", f"/approved-apps/{app['id']}", {"scopes": ["admin"]}).problem == (422, "unknown_reference")


def test_app_that_its_maker_removes_is_out_everywhere(stack: Stack) -> None:
    app = registered(stack)
    stack.ours.owner.put(f"/approved-apps/{app['id']}", {"scopes": SCOPES})
    member = through(stack, app, colleague(stack))
    assert member.get("/me")["kind"] == "member"
    assert stack.ours.owner.call("DELETE", f"/apps/{app['id']}").problem == (404, "not_found")
    assert app["id"] in [row["id"] for row in stack.theirs.owner.every("/apps")]
    stack.theirs.owner.delete(f"/apps/{app['id']}")
    assert member.call("GET", "/me").problem == (401, "app_gone")
    assert stack.ours.owner.call("GET", f"/apps/{app['id']}").problem == (404, "not_found")


def test_app_makes_nothing_that_outlives_it(stack: Stack) -> None:
    everything = list(scopes.SCOPES)
    app = stack.theirs.owner.post("/apps", {"name": "All", "callbacks": [BACK], "scopes": everything})
    stack.ours.owner.put(f"/approved-apps/{app['id']}", {"scopes": everything})
    member = through(stack, app, colleague(stack, "owner"), everything)
    grants = [{"role": "client", "brands": [stack.ours.brand]}]
    assert member.call("POST", "/api-keys", {"name": "K", "grants": grants}).problem == (403, "keys_do_not_make_keys")
    assert member.call("PUT", f"/approved-apps/{app['id']}", {"scopes": ["admin"]}).status == 403
    assert member.call("GET", "/me/sessions").problem == (403, "people_only")
    assert member.call("POST", "/socket-tickets").problem == (403, "not_for_apps")


@pytest.mark.parametrize("permission", permissions.PERMISSIONS)
def test_permission_is_in_one_scope(permission: str) -> None:
    assert [name for name, held in scopes.SCOPES.items() if permission in held] == [
        next(name for name in scopes.SCOPES if permission in scopes.SCOPES[name])
    ]
    assert set(scopes.SAYS) == set(scopes.SCOPES)


def test_app_that_only_answers_approves_nothing() -> None:
    assert not {"reply.approve", "content.approve", "reply.official"} & scopes.permissions_of(["reply.send"])


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("openid palabre/inbox.read", {"inbox.read"}),
        ("inbox.read other/inbox.read palabre/nothing", set()),
        ("", set()),
    ],
)
def test_scopes_of_a_token_are_ours_alone(claim: str, names: set[str]) -> None:
    assert scopes.of_token(claim) == names

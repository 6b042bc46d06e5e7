"""What is asked of Reddit, against its double: calls, errors, and the consent page."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.base import Act, App, Asked, Begun, Credentials, Granted, Media, Say
from chalicelib.networks.reddit import NETWORK
from chalicelib.networks.reddit.consent import CONSENT
from local.double import Server

US = Credentials(account="shop1", token="token1", details={"id": "ushop1"})
SAY = Say(thread="t1_c1", to="Ines_P", surface="comment", text="Yes", reply_to="t1_c1")
OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "throttled": (base.Throttled, "RATELIMIT"),
    "throttled_in_words": (base.Throttled, "RATELIMIT"),
    "busy": (base.Throttled, "429"),
    "gone": (base.Gone, "DELETED_COMMENT"),
    "lost": (base.Gone, "404"),
    "rejected": (base.Rejected, "TOO_LONG"),
    "locked": (base.Rejected, "THREAD_LOCKED"),
    "forbidden": (base.Rejected, "403"),
    "unavailable": (base.Unknown, "503"),
}
PAUSES = {"throttled": 172.5, "throttled_in_words": 540, "busy": 37}


@pytest.mark.parametrize(
    ("say", "thing"),
    [(SAY, "t1_c1"), (replace(SAY, reply_to="t1_c3"), "t1_c3"), (Say(thread="t4_m1", text="Yes"), "t4_m1")],
    ids=["a comment", "another comment of the thread", "a private message"],
)
def test_answer_is_one_call_with_a_name_of_our_own(server: Server, say: Say, thing: str) -> None:
    sent = NETWORK.send(US, say)
    [call] = server.state.requests
    assert (call["host"], call["path"]) == ("oauth.reddit.com", "/api/comment")
    assert call["json"] == {"thing_id": thing, "text": "Yes", "api_type": "json"}
    assert call["headers"]["user-agent"] == "server:palabre:1.0 (by /u/shop1)"
    assert sent.id == call["answer"]["json"]["data"]["things"][0]["data"]["name"]


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    server.state.behaviours.append({"network": "reddit", "do": name, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, SAY)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == PAUSES.get(name, 0)


@pytest.mark.parametrize(
    "body", ["{}", '{"json": {"errors": [], "data": {"things": [7]}}}', "<html>", '{"json": {"data": null}}']
)
def test_answer_without_a_name_is_unknown(server: Server, body: str) -> None:
    server.state.behaviours.append({"network": "reddit", "do": "serve", "body": body, "times": 1})
    with pytest.raises(base.Unknown):
        NETWORK.send(US, SAY)


@pytest.mark.parametrize(
    "error", ["[]", "7", '["RATELIMIT"]', '[["RATELIMIT"]]', '[[{"a": 1}]]', '[["RATELIMIT", "soon"]]']
)
def test_errors_of_any_form_are_outcomes(server: Server, error: str) -> None:
    body = f'{{"json": {{"errors": {error}, "ratelimit": "soon"}}}}'
    server.state.behaviours.append({"network": "reddit", "do": "serve", "body": body, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, SAY)
    assert raised.value.after in (0, 60)


@pytest.mark.parametrize(
    ("act", "path", "form"),
    [
        (Act(verb="hide", thread="t1_c1", id="t1_c3", surface="comment"), "remove", {"id": "t1_c3", "spam": "false"}),
        (Act(verb="unhide", thread="t1_c1", id="t1_c3", surface="comment"), "approve", {"id": "t1_c3"}),
        (Act(verb="read", thread="t4_m1", id="t4_m1"), "read_message", {"id": "t4_m1"}),
        (Act(verb="ban", thread="t4_m1", to="Ines_P"), "block_user", {"name": "Ines_P"}),
        (
            Act(verb="unban", thread="t4_m1", to="Ines_P"),
            "unfriend",
            {"name": "Ines_P", "type": "enemy", "container": "t2_ushop1"},
        ),
    ],
    ids=["hide", "unhide", "read", "ban", "unban"],
)
def test_act_is_one_call(server: Server, act: Act, path: str, form: dict[str, str]) -> None:
    NETWORK.act(US, act)
    [call] = server.state.requests
    assert (call["path"], call["json"]) == (f"/api/{path}", {**form, "api_type": "json"})


@pytest.mark.parametrize(
    "act",
    [
        Act(verb="like", thread="t1_c1", id="t1_c1"),
        Act(verb="hide", thread="t1_c1", id="t5_x"),
        Act(verb="ban", thread="t1_c1", to="a b"),
    ],
    ids=["a vote", "no comment", "nobody"],
)
def test_what_programs_cannot_do_is_rejected_without_a_call(server: Server, act: Act) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, act)
    assert server.state.requests == []


def test_files_are_rejected(server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(US, replace(SAY, attachments=(Media(kind="image", url="https://m/1"),)))


def test_account_is_its_name_in_small_letters(server: Server) -> None:
    found = NETWORK.check(replace(US, account=""))
    assert (found.account, found.name, found.details) == ("shop1", "Shop1", {"id": "ushop1"})


def test_post_that_a_comment_hangs_on_is_told(server: Server) -> None:
    assert NETWORK.publication
    told = NETWORK.publication(US, base.Origin(id="t3_bread"))
    assert (told.text, told.url) == ("New shoes\n\nOut today", "https://www.reddit.com/r/shoes/comments/bread/new/")
    with pytest.raises(base.Gone):
        NETWORK.publication(US, base.Origin(id="t3_gone"))


APP, BACK = App(id="app1", secret="secret1"), "https://palabre.test/back"
ASKED = Asked(redirect=BACK, state="s1", challenge="c", scopes=CONSENT.scopes)


def granted(begun: Begun) -> Granted:
    """Opens the page and says yes."""
    answer = urllib3.request("GET", begun.address, redirect=False)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s1"]
    return Granted(code=back["code"][0], redirect=BACK, verifier="v")


def test_account_is_connected_by_the_consent_page_and_its_token_renewed(server: Server) -> None:
    tokens = CONSENT.finish(APP, granted(CONSENT.begin(APP, ASKED)))
    [account] = CONSENT.accounts(tokens)
    assert (account.id, tokens.lives, set(CONSENT.needed) <= set(tokens.scopes)) == ("shop7", 86400, True)
    assert CONSENT.renew
    us = Credentials(account=account.id, token=tokens.token, refresh=tokens.refresh)
    new = CONSENT.renew(APP, us)
    assert (NETWORK.check(replace(us, token=new.token)).account, new.refresh) == ("shop7", "")
    with pytest.raises(base.Expired):
        CONSENT.renew(APP, replace(us, refresh="another"))


@pytest.mark.parametrize(
    "change", [{"code": "other"}, {"redirect": "https://evil.example"}], ids=["another code", "another address"]
)
def test_what_was_not_granted_gives_no_token(server: Server, change: dict[str, Any]) -> None:
    with pytest.raises(base.Expired):
        CONSENT.finish(APP, replace(granted(CONSENT.begin(APP, ASKED)), **change))


def test_app_that_reddit_does_not_know_is_rejected(server: Server) -> None:
    with pytest.raises(base.Rejected) as raised:
        CONSENT.finish(replace(APP, secret=""), granted(CONSENT.begin(APP, ASKED)))
    assert raised.value.code == "app"

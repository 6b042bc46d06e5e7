"""The exact calls to TikTok for each message and act, connecting an account, and the meaning of its answers."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, App, Asked, Loaded, Media, Say
from chalicelib.networks.tiktok import NETWORK, double
from local.double import Server
from tests.networks.consents import BACK, granted, query

US = base.Credentials(account="open-1", token="act.1-business", details={"app": "77"})
ROOT = "/open_api/v1.3/business"
CHAT = {"business_id": "open-1", "recipient_type": "CONVERSATION", "recipient": "conv-1"}
PIC = Loaded(kind="image", url="", mime="image/png", name="a.png", content=b"\x89PNG")
DM = Say(thread="conv-1", to="user-1", text="Hi")
COMMENT = Say(thread="7311", surface="comment", text="Ten euros", reply_to="7312", origin="7300")
SAYS: dict[str, tuple[Say, str, dict[str, Any]]] = {
    "message": (DM, "/message/send/", {**CHAT, "message_type": "TEXT", "text": {"body": "Hi"}}),
    "quote": (
        replace(DM, reply_to="m1"),
        "/message/send/",
        {
            **CHAT,
            "message_type": "TEXT",
            "text": {"body": "Hi"},
            "referenced_message_info": {"referenced_message_id": "m1"},
        },
    ),
    "comment": (
        COMMENT,
        "/comment/reply/create/",
        {"business_id": "open-1", "video_id": "7300", "comment_id": "7312", "text": "Ten euros"},
    ),
}


@pytest.mark.parametrize("name", SAYS)
def test_saying_is_one_call(name: str, server: Server) -> None:
    say, path, body = SAYS[name]
    assert NETWORK.send(US, say).id
    [call] = server.state.requests
    assert (call["method"], call["path"], call["json"]) == ("POST", ROOT + path, body)
    assert call["headers"]["access-token"] == "act.1-business"
    assert "authorization" not in call["headers"]


def test_picture_is_uploaded_and_then_sent(server: Server) -> None:
    NETWORK.send(US, replace(DM, text="", attachments=(PIC,)))
    upload, sent = server.state.requests
    assert (upload["json"]["business_id"], upload["json"]["media_type"]) == ("open-1", "IMAGE")
    media = {"media_id": upload["answer"]["data"]["media_id"]}
    assert sent["json"] == {**CHAT, "message_type": "IMAGE", "image": media}


def test_upload_that_fails_may_be_tried_again_and_one_without_bytes_never(server: Server) -> None:
    server.state.behaviours.append({"network": "tiktok", "do": "timeout", "times": 1, "path": "/upload"})
    with pytest.raises(base.Unreachable):
        NETWORK.send(US, replace(DM, attachments=(PIC,)))
    with pytest.raises(base.Rejected):
        NETWORK.send(US, replace(DM, attachments=(Media(kind="image", url="https://a.test/a.png"),)))
    with pytest.raises(base.Rejected):
        NETWORK.send(US, replace(COMMENT, attachments=(PIC,)))


def test_pictures_go_one_by_one_after_the_text() -> None:
    parts = NETWORK.parts(replace(DM, attachments=(PIC, PIC), reply_to="m1"))
    assert [(part.text, len(part.attachments), part.reply_to) for part in parts] == [
        ("Hi", 0, "m1"), ("", 1, ""), ("", 1, "")
    ]  # fmt: skip
    alone = NETWORK.parts(replace(DM, text="", attachments=(PIC,), reply_to="m1"))
    assert [(part.text, len(part.attachments), part.reply_to) for part in alone] == [("", 1, "m1")]


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "40105"),
    "expired_too": (base.Expired, "40102"),
    "throttled": (base.Throttled, "40100"),
    "window_closed": (base.WindowClosed, "40002"),
    "gone": (base.Gone, "40002"),
    "blocked": (base.Gone, "40001"),
    "rejected": (base.Rejected, "40002"),
    "forbidden": (base.Rejected, "40001"),
    "unavailable": (base.Unknown, "50000"),
    "broken": (base.Unknown, "502"),
    "too_fast": (base.Throttled, "429"),
    "silent": (base.Unknown, "no_id"),
}


def test_every_failure_is_tried() -> None:
    assert OUTCOMES.keys() == double.FAILURES.keys()


@pytest.mark.parametrize("failure", OUTCOMES)
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    server.state.behaviours.append({"network": "tiktok", "do": failure, "times": 1})
    kind, code = OUTCOMES[failure]
    with pytest.raises(kind) as raised:
        NETWORK.send(US, DM)
    assert (type(raised.value), raised.value.code) == (kind, code)


ON_COMMENT = {"business_id": "open-1", "comment_id": "7312", "video_id": "7300"}
ACTS: dict[base.Verb, tuple[base.Surface, str, dict[str, Any]]] = {
    "hide": ("comment", "/comment/hide/", {**ON_COMMENT, "action": "HIDE"}),
    "unhide": ("comment", "/comment/hide/", {**ON_COMMENT, "action": "UNHIDE"}),
    "like": ("comment", "/comment/like/", {**ON_COMMENT, "action": "LIKE"}),
    "typing": ("dm", "/message/send/", {**CHAT, "message_type": "SENDER_ACTION", "sender_action": "TYPING"}),
    "read": ("dm", "/message/send/", {**CHAT, "message_type": "SENDER_ACTION", "sender_action": "MARK_READ"}),
}


@pytest.mark.parametrize("verb", ACTS)
def test_acting_is_one_call(verb: base.Verb, server: Server) -> None:
    surface, path, body = ACTS[verb]
    NETWORK.act(US, Act(verb=verb, thread="conv-1", id="7312", surface=surface, context={"video": "7300"}))
    [call] = server.state.requests
    assert (call["path"], call["json"], call["answer"]["code"]) == (ROOT + path, body, 0)


def test_what_tiktok_does_not_know_is_refused() -> None:
    for act in (
        Act(verb="delete", thread="1", id="1", surface="comment"),
        Act(verb="hide", thread="1", id="1"),
        Act(verb="typing", thread="1", surface="comment"),
    ):
        with pytest.raises(base.Rejected):
            NETWORK.act(US, act)


def test_connecting_needs_the_name_of_the_account(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="open-1", name="Our shop", details={"app": "77"})
    with pytest.raises(base.Rejected):
        NETWORK.check(replace(US, account=""))


def test_only_an_app_of_ones_own_is_told_its_address(server: Server) -> None:
    NETWORK.subscribe(US, "https://palabre.test/hooks/tiktok", "")
    assert server.state.requests == []
    NETWORK.subscribe(replace(US, secret="hush"), "https://palabre.test/hooks/tiktok/chn_1", "")
    bodies = [call["json"] for call in server.state.requests]
    assert [body["event_type"] for body in bodies] == ["DIRECT_MESSAGE", "COMMENT"]
    assert {body["callback_url"] for body in bodies} == {"https://palabre.test/hooks/tiktok/chn_1"}
    assert {(body["app_id"], body["secret"]) for body in bodies} == {("77", "hush")}


def test_picture_is_asked_for_by_where_it_stands(server: Server) -> None:
    assert NETWORK.download
    where = {"conversation": "conv-1", "message": "tm-3"}
    download = NETWORK.download(US, base.Attachment(kind="image", media="md-9", details=where))
    assert download.url == "https://p16.tiktokcdn.com/md-9"
    with pytest.raises(base.Gone):
        NETWORK.download(US, base.Attachment(kind="image", media="gone", details=where))


APP = App(id="tiktok-app", secret="hush")
ASKED = Asked(redirect=BACK, state="s1", challenge="c", scopes=("user.info.basic", "comment.list"))


def test_consent_gives_tokens_that_renew_themselves(server: Server) -> None:
    consent = NETWORK.consent
    assert consent and consent.renew
    begun = consent.begin(APP, ASKED)
    shown = query(begun)
    assert (shown["client_key"], shown["scope"], shown["state"]) == (APP.id, "user.info.basic,comment.list", "s1")
    given = granted(begun)
    tokens = consent.finish(APP, given)
    assert (tokens.lives, tokens.refresh_lives, tokens.user) == (86400, 31536000, "open-1")
    assert (tokens.details, tokens.scopes) == ({"app": APP.id}, ("user.info.basic", "comment.list"))
    assert [(account.id, account.name) for account in consent.accounts(tokens)] == [("open-1", "Our shop")]
    before = base.Credentials(account="open-1", token=tokens.token, refresh=tokens.refresh)
    assert consent.renew(APP, before).refresh not in ("", tokens.refresh)
    with pytest.raises(base.Expired):
        consent.renew(APP, before)
    with pytest.raises(base.Rejected):  # a code works once
        consent.finish(APP, given)


def test_scopes_are_those_that_a_token_has_by_now(server: Server) -> None:
    consent = NETWORK.consent
    assert consent and consent.granted
    for without, left in (("", ("user.info.basic", "comment.list")), ("comment.list", ("user.info.basic",))):
        tokens = consent.finish(APP, granted(consent.begin(APP, ASKED), without=without))
        assert consent.granted(APP, base.Credentials(account="open-1", token=tokens.token)) == tokens.scopes == left
    with pytest.raises(base.Expired):
        consent.granted(APP, base.Credentials(account="open-1", token="act.gone"))


def test_code_of_another_address_or_app_is_refused(server: Server) -> None:
    assert NETWORK.consent
    other: dict[str, Any] = {"redirect": "https://elsewhere.test"}
    for app, wrong in ((APP, other), (App(id=APP.id), {}), (App(id="other", secret="hush"), {})):
        given = granted(NETWORK.consent.begin(APP, ASKED))
        with pytest.raises(base.Rejected):
            NETWORK.consent.finish(app, replace(given, **wrong))

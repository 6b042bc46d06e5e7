"""The exact calls to X for each message and act, connecting an account, and the meaning of X's answers."""

from dataclasses import replace
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.base import Act, App, Asked, Loaded, Media, Say
from chalicelib.networks.double import number
from chalicelib.networks.http import Response
from chalicelib.networks.x import NETWORK, connect, double
from chalicelib.networks.x.outbound import outcome_of
from local.double import Server
from tests.networks.consents import BACK, CHALLENGE, granted, query

US = base.Credentials(account="11", token="x-11-user", details={"webhook": "99"})
PIC = Loaded(kind="image", url="", mime="image/png", name="a.png", content=b"\x89PNG")
DM = Say(thread="22", to="22", text="Hi")
SAYS: dict[str, tuple[Say, str, dict[str, Any]]] = {
    "direct message": (DM, "/2/dm_conversations/with/22/messages", {"text": "Hi"}),
    "answer to a comment": (
        Say(thread="100", surface="comment", text="Ten euros", reply_to="102"),
        "/2/tweets",
        {"text": "Ten euros", "reply": {"in_reply_to_tweet_id": "102"}},
    ),
    "answer to a mention": (
        Say(thread="101", to="22", surface="mention", text="Thanks"),
        "/2/tweets",
        {"text": "Thanks", "reply": {"in_reply_to_tweet_id": "101"}},
    ),
}


@pytest.mark.parametrize("name", SAYS)
def test_saying_is_one_call(name: str, server: Server) -> None:
    say, path, body = SAYS[name]
    sent = NETWORK.send(US, say)
    [call] = server.state.requests
    assert (call["method"], call["path"], call["json"]) == ("POST", path, body)
    assert call["headers"]["authorization"] == "Bearer x-11-user"
    assert sent.id in call["answer"]["data"].values()


def test_pictures_are_uploaded_and_named(server: Server) -> None:
    NETWORK.send(US, Say(thread="101", surface="mention", text="Look", attachments=(PIC, PIC)))
    first, second, post = server.state.requests
    assert [call["path"] for call in (first, second)] == ["/2/media/upload"] * 2
    assert first["json"]["media_category"] == "tweet_image"
    assert post["json"]["media"] == {"media_ids": [call["answer"]["data"]["id"] for call in (first, second)]}
    NETWORK.send(US, replace(DM, attachments=(PIC,)))
    upload, message = server.state.requests[3:]
    assert upload["json"]["media_category"] == "dm_image"
    assert message["json"] == {"text": "Hi", "attachments": [{"media_id": upload["answer"]["data"]["id"]}]}


def test_upload_that_fails_may_be_tried_again_and_one_without_bytes_never(server: Server) -> None:
    server.state.behaviours.append({"network": "x", "do": "timeout", "times": 1, "path": "/upload"})
    with pytest.raises(base.Unreachable):
        NETWORK.send(US, replace(DM, attachments=(PIC,)))
    with pytest.raises(base.Rejected):
        NETWORK.send(US, replace(DM, attachments=(Media(kind="image", url="https://a.test/a.png"),)))


def test_four_pictures_go_with_a_post_and_one_with_a_message() -> None:
    many = Say(thread="1", surface="mention", text="Look", attachments=(PIC,) * 5)
    assert [(part.text, len(part.attachments)) for part in NETWORK.parts(many)] == [("Look", 4), ("", 1)]
    direct = replace(many, surface="dm", attachments=(PIC,) * 2)
    assert [(part.text, len(part.attachments)) for part in NETWORK.parts(direct)] == [("Look", 1), ("", 1)]
    assert list(NETWORK.parts(DM)) == [DM]


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "throttled": (base.Throttled, "429"),
    "daily": (base.Throttled, "429"),
    "gone": (base.Gone, "403"),
    "deleted": (base.Gone, "403"),
    "not_found": (base.Gone, "404"),
    "rejected": (base.Rejected, "400"),
    "duplicate": (base.Rejected, "403"),
    "not_summoned": (base.Rejected, "403"),
    "no_credits": (base.Rejected, "402"),
    "partial": (base.Gone, "200"),
    "unavailable": (base.Unknown, "503"),
    "silent": (base.Unknown, "no_id"),
}


def test_every_failure_is_tried() -> None:
    assert OUTCOMES.keys() == double.FAILURES.keys()


@pytest.mark.parametrize("failure", OUTCOMES)
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    server.state.behaviours.append({"network": "x", "do": failure, "times": 1})
    kind, code = OUTCOMES[failure]
    with pytest.raises(kind) as raised:
        NETWORK.send(US, DM)
    assert (type(raised.value), raised.value.code) == (kind, code)


def test_limit_lasts_until_the_time_that_x_names() -> None:
    answer = Response(429, {"x-rate-limit-reset": "1790000600"})
    assert outcome_of(answer, "POST", now=1790000000).after == 600
    assert outcome_of(answer, "POST", now=1790009999).after == 1
    assert outcome_of(Response(429, {}), "POST", now=1790000000).after == 60


def test_reply_is_hidden_and_shown_and_a_person_kept_out(server: Server) -> None:
    for verb in ("hide", "unhide", "ban", "unban"):
        NETWORK.act(US, Act(verb=verb, thread="22", id="102", to="22", surface="comment"))
    calls = [(call["method"], call["path"], call["json"]) for call in server.state.requests]
    assert calls == [
        ("PUT", "/2/tweets/102/hidden", {"hidden": True}),
        ("PUT", "/2/tweets/102/hidden", {"hidden": False}),
        ("POST", "/2/users/22/dm/block", {}),
        ("POST", "/2/users/22/dm/unblock", {}),
    ]
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="like", thread="22", id="102"))


def test_each_kind_of_event_is_subscribed_to_once_and_ended(server: Server) -> None:
    us = replace(US, account=str(number()))
    us = replace(us, token=f"x-{us.account}-user")
    for _ in range(2):
        NETWORK.subscribe(us, "https://palabre.test/hooks/x", "")
    asked = [call["json"] for call in server.state.requests if call["method"] == "POST"]
    assert [body["event_type"] for body in asked] == list(connect.EVENTS)
    assert asked[0] == {"event_type": "post.create", "filter": {"user_id": us.account}, "webhook_id": "99"}
    assert NETWORK.unheard
    assert NETWORK.unheard(us, "https://palabre.test/hooks/x") == []
    NETWORK.unsubscribe(us)
    assert NETWORK.unheard(us, "https://palabre.test/hooks/x") == list(connect.EVENTS)
    assert [call["method"] for call in server.state.requests].count("DELETE") == len(connect.EVENTS)
    with pytest.raises(base.Rejected):
        NETWORK.subscribe(replace(us, details={}), "https://palabre.test/hooks/x", "")


def test_account_person_and_post_are_asked_for(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="11", name="our_shop", details={"webhook": "99"})
    assert NETWORK.profile and NETWORK.publication
    assert NETWORK.profile(US, "22").username == "ana"
    post = NETWORK.publication(US, base.Origin(id="100"))
    assert (post.text, post.author, post.picture, post.at) == (
        "New shoes", "our_shop", "https://pbs.twimg.com/1.jpg", 1790000000000
    )  # fmt: skip
    for ask in (lambda: NETWORK.profile(US, "404"), lambda: NETWORK.publication(US, base.Origin(id="404"))):
        with pytest.raises(base.Gone):
            ask()
    with pytest.raises(base.Rejected):
        NETWORK.profile(US, "../me")


def test_picture_of_a_message_opens_with_the_token_which_goes_to_x_alone(server: Server) -> None:
    assert NETWORK.download
    picture = base.Attachment(kind="image", media="https://ton.twitter.com/1.1/ton/data/dm/3/1/a.jpg")
    download = NETWORK.download(US, picture)
    assert download.url.endswith("/ton.twitter.com/1.1/ton/data/dm/3/1/a.jpg")
    assert urllib3.request("GET", download.url, headers=dict(download.headers)).status == 200
    for media in ("https://evil.test/a.jpg", "https://ton.twitter.com.evil.test/a", "http://ton.twitter.com/a", ""):
        with pytest.raises(base.Gone):
            NETWORK.download(US, base.Attachment(kind="image", media=media))


APP = App(id="x-app", secret="hush", config="1146654567674912769")


def asked(*scopes: str) -> Asked:
    return Asked(redirect=BACK, state="s1", challenge=CHALLENGE, scopes=scopes)


def test_consent_is_asked_for_with_a_challenge_and_renews_itself(server: Server) -> None:
    consent = NETWORK.consent
    assert consent and consent.renew
    begun = consent.begin(APP, asked("tweet.read", "dm.read"))
    shown = query(begun)
    assert (shown["code_challenge"], shown["code_challenge_method"]) == (CHALLENGE, "S256")
    assert (shown["scope"], shown["state"], shown["client_id"]) == ("tweet.read dm.read", "s1", APP.id)
    given = granted(begun)
    tokens = consent.finish(APP, given)
    assert (tokens.lives, tokens.scopes) == (7200, ("tweet.read", "dm.read"))
    assert tokens.details == {"webhook": APP.config}
    assert [account.id for account in consent.accounts(tokens)] == ["11"]
    with pytest.raises(base.Rejected):  # a code works once
        consent.finish(APP, given)
    before = base.Credentials(account="11", token=tokens.token, refresh=tokens.refresh)
    again = consent.renew(APP, before)
    assert again.refresh not in ("", tokens.refresh)
    with pytest.raises(base.Expired):  # so does what renews
        consent.renew(APP, before)


@pytest.mark.parametrize("wrong", [{"verifier": "guessed"}, {"redirect": "https://elsewhere.test"}, {"code": "?"}])
def test_code_of_somebody_else_is_refused(server: Server, wrong: dict[str, Any]) -> None:
    assert NETWORK.consent
    given = granted(NETWORK.consent.begin(APP, asked("tweet.read")))
    with pytest.raises(base.Rejected):
        NETWORK.consent.finish(APP, replace(given, **wrong))

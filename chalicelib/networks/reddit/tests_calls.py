"""The exact calls to Reddit for each message and act, connecting an account, and the meaning of its answers."""

from dataclasses import replace

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, App, Asked, Say
from chalicelib.networks.http import Response
from chalicelib.networks.reddit import NETWORK, double
from chalicelib.networks.reddit.outbound import outcome_of
from local.double import Server
from tests.networks.consents import BACK, granted, query

US = base.Credentials(account="t2_11", token="reddit-11-token")
SAY = Say(thread="t1_k1", surface="comment", text="Ten euros", reply_to="t1_k2")


@pytest.mark.parametrize(
    ("say", "thing"),
    [
        (SAY, "t1_k2"),
        (replace(SAY, surface="mention", reply_to=""), "t1_k1"),
        (Say(thread="t4_m1", text="Ten euros"), "t4_m1"),
        (Say(thread="t4_m1", text="Ten euros", reply_to="t4_m3"), "t4_m3"),
    ],
    ids=["comment", "mention", "message", "message that is quoted"],
)
def test_saying_is_one_call_by_a_program_that_says_who_it_is(say: Say, thing: str, server: Server) -> None:
    sent = NETWORK.send(US, say)
    [call] = server.state.requests
    assert (call["method"], call["path"]) == ("POST", "/api/comment")
    assert call["headers"]["user-agent"].startswith("web:dev.palabre:")
    made = call["answer"]["json"]["data"]["things"][0]["data"]
    assert (made["name"], made["parent_id"]) == (sent.id, thing)


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "throttled": (base.Throttled, "RATELIMIT"),
    "throttled_in_words": (base.Throttled, "RATELIMIT"),
    "too_many": (base.Throttled, "429"),
    "gone": (base.Gone, "DELETED_COMMENT"),
    "blocked": (base.Gone, "NOT_WHITELISTED_BY_USER_MESSAGE"),
    "rejected": (base.Rejected, "TOO_LONG"),
    "locked": (base.Rejected, "THREAD_LOCKED"),
    "forbidden": (base.Rejected, "403"),
    "not_found": (base.Gone, "404"),
    "unavailable": (base.Unknown, "503"),
    "silent": (base.Unknown, "no_id"),
}
PAUSES = {"throttled": 540.5, "throttled_in_words": 180, "too_many": 77}


def test_every_failure_is_tried() -> None:
    assert OUTCOMES.keys() == double.FAILURES.keys()


@pytest.mark.parametrize("failure", OUTCOMES)
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    server.state.behaviours.append({"network": "reddit", "do": failure, "times": 1})
    kind, code = OUTCOMES[failure]
    with pytest.raises(kind) as raised:
        NETWORK.send(US, SAY)
    assert (type(raised.value), raised.value.code, raised.value.after) == (kind, code, PAUSES.get(failure, 0))


def test_limit_of_which_nothing_is_told_is_waited_for_a_minute() -> None:
    assert outcome_of(Response(429), "POST").after == 60


ACTS: dict[base.Verb, str] = {
    "hide": "/api/remove",
    "unhide": "/api/approve",
    "report": "/api/report",
    "read": "/api/read_message",
    "ban": "/api/block_user",
    "unban": "/api/unfriend",
}


@pytest.mark.parametrize("verb", ACTS)
def test_acting_is_one_call(verb: base.Verb, server: Server) -> None:
    NETWORK.act(US, Act(verb=verb, thread="t1_k1", id="t1_k1", to="t2_ines", surface="comment"))
    [call] = server.state.requests
    assert (call["method"], call["path"], call["status"], call["answer"]) == ("POST", ACTS[verb], 200, {})


def test_report_says_why_and_what_somebody_adds(server: Server) -> None:
    why = base.Report(reason="spam", note="Sells copies " * 200)
    NETWORK.act(US, Act(verb="report", thread="t1_k1", id="t1_k2", to="t2_ines", surface="comment", report=why))
    [call] = server.state.requests
    assert (call["json"]["thing_id"], call["json"]["reason"]) == ("t1_k2", "spam")
    assert call["json"]["additional_info"] == why.note[:2000]


def test_what_reddit_does_not_know_is_refused() -> None:
    for act in (Act(verb="like", thread="t1_k1", id="t1_k1"), Act(verb="hide", thread="t4_m1", id="t4_m1")):
        with pytest.raises(base.Rejected):
            NETWORK.act(US, act)


def test_account_and_post_are_asked_for(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="t2_11", name="our_shop", details={"name": "our_shop"})
    assert NETWORK.publication
    post = NETWORK.publication(US, base.Origin(id=double.POST))
    assert (post.text, post.author, post.at) == ("New shoes\n\nOut today", "our_shop", 1790000000000)
    with pytest.raises(base.Gone):
        NETWORK.publication(US, base.Origin(id="t3_9"))
    with pytest.raises(base.Rejected):
        NETWORK.publication(US, base.Origin(id="t3_9,t3_8"))


APP = App(id="reddit-app", secret="hush")
ASKED = Asked(redirect=BACK, state="s1", challenge="c", scopes=("identity", "read"))


def test_consent_lasts_and_its_tokens_are_renewed_again_and_again(server: Server) -> None:
    consent = NETWORK.consent
    assert consent and consent.renew
    begun = consent.begin(APP, ASKED)
    shown = query(begun)
    assert (shown["duration"], shown["scope"], shown["state"]) == ("permanent", "identity read", "s1")
    given = granted(begun)
    tokens = consent.finish(APP, given)
    assert (tokens.lives, tokens.scopes) == (3600, ("identity", "read"))
    assert [account.id for account in consent.accounts(tokens)] == ["t2_11"]
    before = base.Credentials(account="t2_11", token=tokens.token, refresh=tokens.refresh)
    for _ in range(2):
        again = consent.renew(APP, before)
        assert again.token and not again.refresh  # what is not given stays as it was
    with pytest.raises(base.Rejected):  # a code works once
        consent.finish(APP, given)


def test_what_is_not_granted_is_refused(server: Server) -> None:
    consent = NETWORK.consent
    assert consent and consent.renew
    with pytest.raises(base.Expired):
        consent.renew(APP, replace(US, refresh="?"))
    given = granted(consent.begin(APP, ASKED))
    for app, wrong in ((APP, replace(given, redirect="https://elsewhere.test")), (App(id=APP.id), given)):
        with pytest.raises(base.Rejected):
            consent.finish(app, wrong)

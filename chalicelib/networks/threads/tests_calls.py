"""The exact calls to Threads for each answer and act, connecting a profile, and the meaning of its answers."""

from dataclasses import replace

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, App, Asked, Say
from chalicelib.networks.threads import NETWORK, double
from local.double import Server
from tests.networks.consents import BACK, granted, query

US = base.Credentials(account="7900001", token="THLL7900001-abc", secret="app-secret")
SAY = Say(thread="17900", surface="comment", text="Ten euros", reply_to="18001")
APP = App(id="threads-app", secret="hush")
ASKED = Asked(redirect=BACK, state="s1", challenge="c", scopes=("threads_basic", "threads_read_replies"))


def test_reply_is_made_and_then_published(server: Server) -> None:
    sent = NETWORK.send(US, SAY)
    made, published = server.state.requests
    assert (made["method"], made["path"]) == ("POST", "/v1.0/me/threads")
    assert made["json"] == {"media_type": "TEXT", "text": "Ten euros", "reply_to_id": "18001"}
    assert (published["path"], published["json"]) == ("/v1.0/me/threads_publish", {"creation_id": made["answer"]["id"]})
    assert sent.id == published["answer"]["id"]
    assert "appsecret_proof" not in made["query"]


def test_only_publishing_leaves_unknown_what_happened(server: Server) -> None:
    for path, outcome in (("/threads$", base.Unreachable), ("_publish", base.Unknown)):
        server.state.behaviours[:] = [{"network": "threads", "do": "timeout", "times": 1, "path": path}]
        with pytest.raises(outcome):
            NETWORK.send(US, SAY)


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "190/463"),
    "throttled": (base.Throttled, "4"),
    "spent": (base.Throttled, "613"),
    "gone": (base.Gone, "100/33"),
    "rejected": (base.Rejected, "100"),
    "forbidden": (base.Rejected, "10"),
    "unavailable": (base.Unknown, "503"),
}


def test_every_failure_is_tried() -> None:
    assert OUTCOMES.keys() == double.FAILURES.keys()


@pytest.mark.parametrize("failure", OUTCOMES)
def test_failure_to_publish_becomes_its_outcome(failure: str, server: Server) -> None:
    server.state.behaviours.append({"network": "threads", "do": failure, "times": 1, "path": "_publish"})
    kind, code = OUTCOMES[failure]
    with pytest.raises(kind) as raised:
        NETWORK.send(US, SAY)
    assert (type(raised.value), raised.value.code) == (kind, code)


def test_reply_is_hidden_and_shown_again(server: Server) -> None:
    for verb in ("hide", "unhide"):
        NETWORK.act(US, Act(verb=verb, thread="17900", id="18001", surface="comment"))
    calls = [(call["method"], call["path"], call["query"]) for call in server.state.requests]
    assert calls == [("POST", "/v1.0/18001/manage_reply", {"hide": hide}) for hide in ("true", "false")]


@pytest.mark.parametrize(("verb", "surface"), [("like", "comment"), ("hide", "mention"), ("ban", "comment")])
def test_what_threads_does_not_know_is_refused(verb: base.Verb, surface: base.Surface) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb=verb, thread="1", id="1", surface=surface))


def test_connecting_tells_whose_token_it_is(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="7900001", name="our.shop")
    with pytest.raises(base.Expired):
        NETWORK.check(replace(US, token="?"))


def test_what_may_be_published_in_a_day_is_counted(server: Server) -> None:
    assert NETWORK.quotas
    assert NETWORK.quotas(US) == [
        base.Quota(name="publications", used=4, most=250), base.Quota(name="replies", used=7, most=1000)
    ]  # fmt: skip


def test_post_and_file_are_asked_for(server: Server) -> None:
    assert NETWORK.publication and NETWORK.download
    post = NETWORK.publication(US, base.Origin(id="17900"))
    assert (post.text, post.author, post.at) == ("New shoes", "our.shop", 1790000000000)
    assert NETWORK.download(US, base.Attachment(kind="image", media="17900")).url == post.picture
    for media in ("404", "405", "../me"):
        with pytest.raises(base.Gone):
            NETWORK.download(US, base.Attachment(kind="image", media=media))
    with pytest.raises(base.Rejected):
        NETWORK.publication(US, base.Origin(id="../me"))


def test_consent_gives_a_token_that_lasts_and_renews_itself(server: Server) -> None:
    consent = NETWORK.consent
    assert consent and consent.renew
    begun = consent.begin(APP, ASKED)
    assert query(begun) == {
        "client_id": APP.id, "redirect_uri": BACK, "scope": "threads_basic,threads_read_replies",
        "response_type": "code", "state": "s1",
    }  # fmt: skip
    given = granted(begun)
    tokens = consent.finish(APP, replace(given, code=f"{given.code}#_"))
    assert (tokens.lives, tokens.user) == (5_183_944, "7900001")
    assert tokens.token.startswith("THLL")
    assert [account.id for account in consent.accounts(tokens)] == ["7900001"]
    again = consent.renew(APP, base.Credentials(account="7900001", token=tokens.token))
    assert again.token not in ("", tokens.token)
    with pytest.raises(base.Rejected):  # a code works once
        consent.finish(APP, given)


def test_token_that_ended_needs_a_new_consent(server: Server) -> None:
    assert NETWORK.consent and NETWORK.consent.renew
    with pytest.raises(base.Expired):
        NETWORK.consent.renew(APP, base.Credentials(account="1", token="?"))


def test_code_of_another_address_is_refused(server: Server) -> None:
    assert NETWORK.consent
    given = granted(NETWORK.consent.begin(APP, ASKED))
    with pytest.raises(base.Rejected):
        NETWORK.consent.finish(APP, replace(given, redirect="https://elsewhere.test"))

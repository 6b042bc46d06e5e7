"""The calls for each comment and act that we send, and the meaning of LinkedIn's answers."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, App, Asked, Media, Say
from chalicelib.networks.double import number
from chalicelib.networks.linkedin import NETWORK, consent, double
from local.double import Server
from tests.networks.consents import BACK, granted, query

ORGANIZATION, POST = "urn:li:organization:9607", "urn:li:activity:7201000000000000001"
TOP, SHARE = f"urn:li:comment:({POST},7201)", "urn:li:share:7300"
US = base.Credentials(
    account=ORGANIZATION, token="AQ-test", refresh="AQ-refresh", details={"app": "5150", "person": "aDm1n"}
)
HELLO = Say(thread=TOP, surface="comment", text="Hello")


def encoded(urn: str) -> str:
    return quote(urn, safe="")


def called(server: Server) -> tuple[str, str, Any, Any]:
    [request] = server.state.requests
    assert request["headers"]["linkedin-version"] == "202609"
    assert (request["headers"]["authorization"], request["status"] < 300) == ("Bearer AQ-test", True)
    return request["method"], request["path"], request["query"], request["json"]


SAYS: dict[str, tuple[Say, str, dict[str, Any]]] = {
    "an answer": (HELLO, TOP, {"object": POST, "parentComment": TOP}),
    "an answer to an answer": (
        Say(thread=TOP, surface="comment", text="Hello", reply_to=f"urn:li:comment:({POST},9)"),
        TOP,
        {"object": POST, "parentComment": TOP},
    ),
    "an answer to a mention": (Say(thread=SHARE, surface="mention", text="Hello"), SHARE, {"object": SHARE}),
}


@pytest.mark.parametrize("name", SAYS)
def test_saying_is_one_call(name: str, server: Server) -> None:
    say, target, more = SAYS[name]
    sent = NETWORK.send(US, say)
    assert sent.id.startswith(f"urn:li:comment:({more['object']},")
    body = {"actor": ORGANIZATION, "message": {"text": "Hello"}, **more}
    assert called(server) == ("POST", f"/rest/socialActions/{encoded(target)}/comments", {}, body)


REACTED = ("POST", "/rest/reactions", {"actor": ORGANIZATION})
ACTS: dict[str, tuple[Act, tuple[str, str, Any, Any]]] = {
    "delete": (
        Act(verb="delete", thread=TOP, id=TOP, surface="comment"),
        ("DELETE", f"/rest/socialActions/{encoded(POST)}/comments/7201", {"actor": ORGANIZATION}, {}),
    ),
    "like": (Act(verb="like", thread=TOP, id=TOP), (*REACTED, {"root": TOP, "reactionType": "LIKE"})),
    "react": (Act(verb="react", thread=TOP, id=TOP, emoji="💡"), (*REACTED, {"root": TOP, "reactionType": "INTEREST"})),
    "unreact": (
        Act(verb="unreact", thread=SHARE, id=SHARE),
        ("DELETE", f"/rest/reactions/(actor:{encoded(ORGANIZATION)},entity:{encoded(SHARE)})", {}, {}),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_acting_is_one_call(name: str, server: Server) -> None:
    act, call = ACTS[name]
    NETWORK.act(US, act)
    assert called(server) == call


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "throttled": (base.Throttled, "429"),
    "throttled_for_seconds": (base.Throttled, "429"),
    "gone": (base.Gone, "404"),
    "rejected": (base.Rejected, "400"),
    "forbidden": (base.Rejected, "403"),
    "duplicate": (base.Rejected, "422"),
    "conflict": (base.Rejected, "409"),
    "unavailable": (base.Unknown, "503"),
    "broken": (base.Unknown, "500"),
    "nameless": (base.Unknown, "no_id"),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_becomes_its_outcome(name: str, server: Server) -> None:
    server.state.behaviours.append({"network": "linkedin", "do": name, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, HELLO)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == {"throttled": 900, "throttled_for_seconds": 120}.get(name, 0)


@pytest.mark.parametrize(
    "say",
    [
        Say(thread="urn:li:person:1", surface="comment", text="Hello"),
        Say(thread=TOP + "/../me", surface="comment", text="Hello"),
        Say(thread=TOP, surface="comment", text="x" * 1251),
        Say(thread=TOP, surface="comment"),
        Say(thread=TOP, surface="comment", text="Look", attachments=(Media(kind="image", url="https://a.test/a"),)),
    ],
    ids=["a person", "a path", "too long", "nothing", "a file"],
)
def test_what_linkedin_does_not_take_is_rejected(say: Say, server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(US, say)


@pytest.mark.parametrize(("verb", "id"), [("hide", TOP), ("react", TOP), ("delete", POST), ("like", "me")])
def test_what_an_organization_cannot_do_is_rejected(verb: Any, id: str, server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb=verb, thread=TOP, id=id, surface="comment", emoji="🐙"))
    assert server.state.requests == []


def test_connecting_names_the_organization_and_who_listens(server: Server) -> None:
    asked = base.Credentials(account="9607", token="AQ-test", details={"app": "5150"})
    connected = NETWORK.check(asked)
    assert (connected.account, connected.name, connected.also) == (ORGANIZATION, "Bella Pasta", ("9607",))
    assert connected.details == US.details
    NETWORK.subscribe(US, "https://palabre.test/hooks/linkedin", "")
    NETWORK.unsubscribe(US)
    on, off = server.state.requests[-2:]
    assert (on["method"], on["json"]) == ("PUT", {"webhook": "https://palabre.test/hooks/linkedin"})
    assert (off["method"], off["path"], off["status"]) == ("DELETE", on["path"], 204)


def test_account_and_app_have_to_be_named(server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.check(base.Credentials(account="urn:li:person:1", token="AQ-test"))
    with pytest.raises(base.Rejected):
        NETWORK.subscribe(base.Credentials(account=ORGANIZATION, token="AQ-test"), "https://palabre.test", "")
    server.state.behaviours.append({"network": "linkedin", "do": "nobody", "times": 1})
    with pytest.raises(base.Rejected):
        NETWORK.check(US)


def test_author_and_post_are_asked_for(server: Server) -> None:
    assert NETWORK.profile and NETWORK.publication
    ana = base.Person(id="urn:li:person:a1", name="Ana Silva", username="anasilva")
    assert NETWORK.profile(US, "urn:li:person:a1") == ana
    post = NETWORK.publication(US, base.Origin(id=SHARE))
    assert (post.text, post.at) == ("Our new menu", 1790000000000)
    assert post.ad is None
    assert NETWORK.publication(US, base.Origin(id="urn:li:share:70666")).ad == base.Ad(title="Autumn")
    with pytest.raises(base.Gone):
        NETWORK.profile(US, ORGANIZATION)
    with pytest.raises(base.Rejected):
        NETWORK.publication(US, base.Origin(id=POST))


def test_hook_that_is_another_one_is_not_heard(server: Server) -> None:
    assert NETWORK.unheard
    us = replace(US, account=f"urn:li:organization:{number()}")
    assert NETWORK.unheard(us, "https://palabre.test/hooks/linkedin") == ("notifications",)
    NETWORK.subscribe(us, "https://palabre.test/hooks/linkedin", "")
    assert NETWORK.unheard(us, "https://palabre.test/hooks/linkedin") == ()
    assert NETWORK.unheard(us, "https://elsewhere.test/hooks/linkedin") == ("notifications",)


def test_what_was_missed_is_asked_for_page_by_page(server: Server) -> None:
    assert NETWORK.past
    us = replace(US, account=f"urn:li:organization:{number()}")
    rows = [double.comment(text=str(at), account=us.account, at=1_790_000_000_000 + at) for at in range(120)]
    double.missed[us.account] = [body["notifications"][0] for body in rows]
    since, pages, more = 1_790_000_000_000 + 10, 0, True
    events: list[base.Event] = []
    mark: base.Json = {}
    while more:
        pulled = NETWORK.past(us, base.Stretch(since=since, mark=mark, is_history=True))
        mark, more, pages = pulled.mark, pulled.more, pages + 1
        events += [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]
    assert pages == 3
    assert sorted(int(event.text) for event in events if isinstance(event, base.Message)) == list(range(10, 120))
    assert all(event.history for event in events if isinstance(event, base.Message))


APP = App(id="client77", secret="hush", config="5150")
ASKED = Asked(redirect=BACK, state="s/1", challenge="c", scopes=consent.SCOPES)


def test_consent_leads_there_and_back_once(server: Server) -> None:
    begun = consent.begin(APP, ASKED)
    shown = query(begun)
    assert (shown["client_id"], shown["state"], shown["scope"]) == (APP.id, "s/1", " ".join(consent.SCOPES))
    given = granted(begun)
    tokens = consent.finish(APP, given)
    assert (tokens.refresh, tokens.lives, tokens.refresh_lives) == ("AQ-refresh", 5_184_000, 31_536_000)
    assert (tokens.scopes, tokens.details) == (consent.SCOPES, {"app": "5150"})
    for wrong in (given, replace(granted(consent.begin(APP, ASKED)), redirect="https://elsewhere.test")):
        with pytest.raises(base.Rejected):
            consent.finish(APP, wrong)
    accounts = consent.accounts(tokens)
    assert [(account.id, account.name) for account in accounts] == [
        (ORGANIZATION, "Restaurant 9607"), ("urn:li:organization:9608", "Restaurant 9608"),
    ]  # fmt: skip
    assert consent.accounts(base.Tokens(token="AQ-nobody")) == []


def test_scopes_are_those_that_a_token_has_by_now(server: Server) -> None:
    for without in ("", "w_organization_social"):
        tokens = consent.finish(APP, granted(consent.begin(APP, ASKED), without=without))
        us = base.Credentials(account=ORGANIZATION, token=tokens.token)
        assert set(consent.granted(APP, us)) == set(tokens.scopes) == set(consent.SCOPES) - {without}
    assert list(consent.granted(APP, base.Credentials(account=ORGANIZATION, token="AQ-gone"))) == []
    with pytest.raises(base.Expired):
        consent.granted(App(id="other"), us)


def test_token_is_renewed_until_somebody_has_to_consent_again(server: Server) -> None:
    assert consent.renew(APP, US).token.startswith("AQ-token")
    with pytest.raises(base.Expired):
        consent.renew(APP, base.Credentials(account=ORGANIZATION, token="AQ-test", refresh="old"))
    with pytest.raises(base.Rejected):
        consent.renew(App(id="other"), US)
    server.state.behaviours.append({"network": "linkedin", "do": "unavailable", "times": 1})
    with pytest.raises(base.Unknown):
        consent.renew(APP, US)

import json
from pathlib import Path
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials, Media, Person, Say, Secrets
from chalicelib.networks.double import wire
from chalicelib.networks.example import NETWORK, double
from local.double import Server

FIXTURES = {path.name.removesuffix(".in.json"): path for path in (Path(__file__).parent / "fixtures").glob("*.in.json")}
ANA = Person(id="ana", name="Ana")
POST = base.Origin(id="p1", url="https://example.com/p1", title="Our new shoes")
AT = 1764000000000
US = Credentials(account="shop", token="token-of-the-shop")

EXPECTED: dict[str, list[base.Event]] = {
    "dm_text": [base.Message(thread="ana", id="m1", at=AT, person=ANA, text="Hello")],
    "dm_with_image_answering_another": [
        base.Message(
            thread="ana",
            id="m2",
            at=AT,
            person=ANA,
            text="Look",
            reply_to="m1",
            attachments=(base.Attachment(kind="image", media="f1", mime="image/png", expires=True),),
        )
    ],
    "echo_of_our_message": [
        base.Message(thread="ana", id="m3", at=AT, direction="out", person=ANA, text="Hello Ana", correlation="msg_1")
    ],
    "comment_created": [
        base.Message(thread="c1", id="c1", at=AT, surface="comment", person=ANA, text="How much?", origin=POST)
    ],
    "comment_of_our_own": [
        base.Message(
            thread="c1", id="c2", at=AT, surface="comment", direction="out", text="Ten euros",
            reply_to="c1", origin=POST
        )
    ],
    "mention_created": [
        base.Message(thread="n1", id="n1", at=AT, surface="mention", person=ANA, text="Thanks @shop", origin=POST)
    ],
    "review_created": [
        base.Message(
            thread="r1", id="r1", at=AT, surface="review", person=ANA, text="Good", kind="review",
            context={"rating": "4"}
        )
    ],
    "comment_edited": [
        base.Edit(thread="c1", id="c1", at=AT + 5, text="How much are they?", surface="comment")
    ],
    "dm_deleted": [base.Delete(thread="ana", ids=("m1",), at=AT + 5)],
    "comment_hidden": [base.Hide(thread="c1", id="c1", at=AT + 5, hidden=True)],
    "reaction_added": [base.Reaction(thread="ana", id="m3", at=AT + 5, by=ANA, emoji="❤")],
    "receipt_failed": [
        base.Receipt(
            thread="ana",
            id="m3",
            at=AT + 5,
            status="failed",
            code="person_gone",
            error="This person closed their account.",
            correlation="msg_1",
        )
    ],
    "account_expired": [
        base.AccountEvent(name="account.expired", at=AT, health="expired", detail="The owner changed the password.")
    ],
    "batch_with_one_unreadable_and_one_unknown": [
        base.Unhandled(reason="malformed"),
        base.Unhandled(reason="unknown_type"),
        base.Message(thread="ana", id="7", at=0, person=ANA, text="Still here"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(json.loads(FIXTURES[name].read_bytes())))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {"shop"}


@pytest.mark.parametrize("name", double.EVENTS)
def test_what_the_double_posts_is_read(name: str) -> None:
    [inbound] = NETWORK.parse(double.EVENTS[name](account="another"))
    assert inbound.account == "another" and not isinstance(inbound.event, base.Unhandled)


def test_only_the_right_signature_verifies() -> None:
    raw = wire(double.EVENTS["dm"]())
    headers = double.sign(raw, "new")
    assert NETWORK.verify(raw, headers, Secrets(signing=("old", "new")))
    assert not NETWORK.verify(raw + b" ", headers, Secrets(signing=("new",)))
    assert not NETWORK.verify(raw, headers, Secrets(signing=("old", "")))
    assert not NETWORK.verify(raw, headers, Secrets())
    assert not NETWORK.verify(raw, {"x-example-signature": "é"}, Secrets(signing=("new",)))
    assert not NETWORK.verify(raw, {}, Secrets(signing=("new",)))


def test_handshake_echoes_plain_challenges_to_those_who_know() -> None:
    secrets = Secrets(verify=("word",))
    assert NETWORK.handshake({"token": "word", "challenge": "42"}, secrets) == "42"
    assert NETWORK.handshake({"token": "other", "challenge": "42"}, secrets) is None
    assert NETWORK.handshake({"token": "other", "challenge": "<script>"}, secrets) is None
    with pytest.raises(base.Unreadable):
        NETWORK.handshake({"token": "word", "challenge": "<script>"}, secrets)
    assert NETWORK.handshake({"token": "", "challenge": "42"}, Secrets(verify=("",))) is None


def _called(server: Server) -> tuple[str, str, Any]:
    [request] = server.state.requests
    assert request["headers"]["authorization"] == "Bearer token-of-the-shop"
    return request["method"], request["path"], request["json"]


SAYS = {
    "text": (
        Say(thread="ana", to="ana", text="Hi", reply_to="m1", correlation="msg_1"),
        ("POST", "/v1/dms", {"to": "ana", "text": "Hi", "reply_to": "m1", "correlation": "msg_1"}),
    ),
    "image": (
        Say(thread="ana", to="ana", text="Look", attachments=(Media(kind="image", url="https://files.test/a.png"),)),
        (
            "POST",
            "/v1/dms",
            {"to": "ana", "text": "Look", "attachments": [{"kind": "image", "url": "https://files.test/a.png"}]},
        ),
    ),
    "comment": (
        Say(thread="c1", surface="comment", text="Ten euros", reply_to="c/2"),
        ("POST", "/v1/comments/c%2F2/replies", {"text": "Ten euros"}),
    ),
    "mention": (Say(thread="n1", surface="mention", text="Hi"), ("POST", "/v1/mentions/n1/replies", {"text": "Hi"})),
    "review": (Say(thread="r1", surface="review", text="Hi"), ("POST", "/v1/reviews/r1/replies", {"text": "Hi"})),
    "private answer": (
        Say(thread="c1", surface="comment", text="Hi", reply_to="c1", private=True),
        ("POST", "/v1/comments/c1/private_replies", {"text": "Hi"}),
    ),
}


@pytest.mark.parametrize("name", SAYS)
def test_saying_is_one_call(name: str, server: Server) -> None:
    say, call = SAYS[name]
    assert NETWORK.send(US, say).id
    assert _called(server) == call


ACTS = {
    "hide": (Act(verb="hide", thread="c1", id="c1", surface="comment"), ("PUT", "/v1/comments/c1/hidden", {})),
    "unhide": (Act(verb="unhide", thread="c1", id="c1", surface="comment"), ("DELETE", "/v1/comments/c1/hidden", {})),
    "delete": (Act(verb="delete", thread="ana", id="m1"), ("DELETE", "/v1/dms/m1", {})),
    "react": (Act(verb="react", thread="ana", id="m1", emoji="👍"), ("PUT", "/v1/dms/m1/reaction", {"emoji": "👍"})),
    "unreact": (Act(verb="unreact", thread="ana", id="m1"), ("DELETE", "/v1/dms/m1/reaction", {})),
    "read": (Act(verb="read", thread="ana", id="m1"), ("PUT", "/v1/dms/m1/read", {})),
    "typing": (Act(verb="typing", thread="ana", to="ana"), ("PUT", "/v1/people/ana/typing", {})),
}


@pytest.mark.parametrize("name", ACTS)
def test_acting_is_one_call(name: str, server: Server) -> None:
    act, call = ACTS[name]
    NETWORK.act(US, act)
    assert _called(server) == call


OUTCOMES = {
    "expired": base.Expired,
    "revoked": base.Revoked,
    "scope_missing": base.ScopeLost,
    "throttled": base.Throttled,
    "window_closed": base.WindowClosed,
    "gone": base.Gone,
    "rejected": base.Rejected,
    "forbidden": base.Rejected,
    "unavailable": base.Unreachable,
    "broken": base.Unknown,
    "timeout": base.Unknown,
}


@pytest.mark.parametrize("failure", [*double.FAILURES, "timeout"])
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    server.state.behaviours.append({"network": "example", "do": failure, "times": 1})
    with pytest.raises(OUTCOMES[failure]) as raised:
        NETWORK.send(US, Say(thread="ana", to="ana", text="Hi"))
    assert type(raised.value) is OUTCOMES[failure]
    assert raised.value.after == (30 if failure == "throttled" else 0)


def test_text_over_the_limit_is_refused(server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(US, Say(thread="ana", to="ana", text="x" * 2001))


def test_connecting_tells_whose_token_it_is(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="shop", name="The shop")
    with pytest.raises(base.Expired):
        NETWORK.check(Credentials(account="shop", token="?"))


def test_hook_is_turned_on_and_off(server: Server) -> None:
    NETWORK.subscribe(US, "https://palabre.test/hooks/example", "secret")
    NETWORK.unsubscribe(US)
    on, off = server.state.requests
    assert (on["method"], on["path"]) == ("PUT", "/v1/hook")
    assert on["json"] == {"url": "https://palabre.test/hooks/example", "secret": "secret"}
    assert (off["method"], off["path"], off["status"]) == ("DELETE", "/v1/hook", 200)


def test_attachment_can_be_downloaded(server: Server) -> None:
    assert NETWORK.download
    download = NETWORK.download(US, base.Attachment(kind="image", media="f1"))
    answer = urllib3.request("GET", download.url, headers=dict(download.headers))
    assert (answer.status, answer.data) == (200, double.PIXEL)
    assert urllib3.request("GET", download.url).status == 401


def test_what_was_published_is_asked_for(server: Server) -> None:
    assert NETWORK.publication
    post = NETWORK.publication(US, POST)
    assert (post.text, post.author, post.at) == ("Our new shoes, out today", "The shop", AT)
    with pytest.raises(base.Gone):
        NETWORK.publication(US, base.Origin(id="gone"))

"""The calls of a server of the AT Protocol, against its double."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials, Loaded, Say
from chalicelib.networks.bluesky import NETWORK, calls, double, outbound
from chalicelib.networks.bluesky.double_records import RECORDS
from local.double import Server

US = Credentials(account="did:plc:shop1", token="pass-1", details={"server": "bsky.example"})
ROOT, ANA = "at://did:plc:shop1/app.bsky.feed.post/3kroot", "did:plc:ana"
POST = f"at://{ANA}/app.bsky.feed.post/3kone"
OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "AuthenticationRequired"),
    "throttled": (base.Throttled, "RateLimitExceeded"),
    "gone": (base.Gone, "InvalidRequest"),
    "blocked": (base.Gone, "InvalidRequest"),
    "rejected": (base.Rejected, "InvalidRequest"),
    "upstream": (base.Unknown, "UpstreamFailure"),
    "unavailable": (base.Unknown, "NotEnoughResources"),
}
MENTION = Say(thread=POST, to=ANA, surface="mention", text="Thank you", reply_to=POST, correlation="msg_1")
DM = Say(thread="3cana", to=ANA, text="Yes, see https://a.example")


@pytest.fixture(autouse=True)
def forgetful(server: Server) -> None:
    double.forget()
    calls.forget()
    calls.session_of(US)
    server.state.clear()


def hears(event: str, **fields: Any) -> base.Message:
    body = double.EVENTS[event](account=US.account, **fields)
    double.posted(body)
    [inbound] = NETWORK.parse(body)
    assert isinstance(inbound.event, base.Message)
    return inbound.event


def written(server: Server, name: str = "putRecord") -> list[Any]:
    return [call["json"] for call in server.state.requests if call["path"].endswith(name)]


def test_answer_names_what_it_answers_and_the_root(server: Server) -> None:
    comment = hears("comment", root=ROOT, parent=ROOT)
    sent = NETWORK.send(US, replace(MENTION, thread=ROOT, surface="comment", reply_to=comment.id))
    [body] = written(server)
    record = body["record"]
    assert (record["text"], record["reply"]["parent"]["uri"]) == ("Thank you", comment.id)
    assert record["reply"]["root"] == {"uri": ROOT, "cid": "bafyroot"}
    assert sent.id == f"at://{US.account}/app.bsky.feed.post/{body['rkey']}"
    assert {call["host"] for call in server.state.requests} == {"pds.bsky.example"}


def test_answer_below_our_own_post_goes_to_the_latest_word_of_the_person(server: Server) -> None:
    first = hears("comment", root=ROOT, parent=ROOT, at=1772439330000)
    hears("comment", root=ROOT, parent=ROOT, person="did:plc:bo")
    latest = hears("comment", root=ROOT, parent=first.id)
    NETWORK.send(US, replace(MENTION, thread=ROOT, surface="comment", reply_to=ROOT))
    NETWORK.send(US, replace(MENTION, thread=ROOT, surface="comment", reply_to=ROOT, to="did:plc:carl"))
    assert [body["record"]["reply"]["parent"]["uri"] for body in written(server)] == [latest.id, ROOT]


def test_same_answer_is_posted_once(server: Server) -> None:
    first, again, other = (NETWORK.send(US, say) for say in (MENTION, MENTION, replace(MENTION, text="No")))
    assert first == again != other
    assert len([uri for uri in RECORDS if uri.startswith("at://did:plc:shop1/app.bsky.feed.post/")]) == 2


def test_links_names_and_tags_are_sent_along(server: Server) -> None:
    NETWORK.send(US, replace(MENTION, text="ã @ana.example and @nobody.example: https://a.example #bread"))
    [body] = written(server)
    features = [facet["features"][0] for facet in body["record"]["facets"]]
    assert [name for feature in features for name in ("did", "uri", "tag") if name in feature] == ["did", "uri", "tag"]


def test_pictures_are_kept_first_four_to_a_post(server: Server) -> None:
    files = tuple(Loaded(kind="image", url=f"https://m/{n}", mime="image/png", content=b"png") for n in range(5))
    first, second = NETWORK.parts(replace(MENTION, attachments=files))
    assert (first.text, len(first.attachments), second.text, len(second.attachments)) == ("Thank you", 4, "", 1)
    NETWORK.send(US, first)
    [body] = written(server)
    assert len(body["record"]["embed"]["images"]) == 4
    assert outbound.key(first) != outbound.key(second)


@pytest.mark.parametrize(
    "say",
    [
        replace(MENTION, attachments=(base.Media(kind="video", url="https://m/1"),)),
        replace(DM, attachments=(base.Media(kind="image", url="https://m/1"),)),
        replace(MENTION, reply_to="at://did:plc:ana/../x"),
        replace(MENTION, text="x" * 301),
    ],
    ids=["a film", "a file in a direct message", "no post", "too long"],
)
def test_what_cannot_be_said_is_rejected(server: Server, say: Say) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(US, say)


def test_answer_to_what_is_deleted_is_gone(server: Server) -> None:
    with pytest.raises(base.Gone):
        NETWORK.send(US, replace(MENTION, reply_to=f"at://{ANA}/app.bsky.feed.post/3kgone"))


def test_direct_message_goes_through_the_chat(server: Server) -> None:
    assert NETWORK.send(US, DM).id.startswith("3m")
    [body] = written(server, "sendMessage")
    assert (body["convoId"], body["message"]["text"], len(body["message"]["facets"])) == ("3cana", DM.text, 1)


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    server.state.behaviours.append({"network": "bluesky", "do": name, "method": "POST", "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, DM)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert (raised.value.after > 1_000_000) == (name == "throttled")


def test_old_session_is_renewed_and_the_call_made_again(server: Server) -> None:
    double.ends_sessions()
    NETWORK.send(US, DM)
    names = [call["path"].rpartition(".")[2] for call in server.state.requests]
    assert names == ["sendMessage", "refreshSession", "sendMessage"]


def test_session_that_is_forgotten_is_opened_again(server: Server) -> None:
    double._sessions.clear()
    NETWORK.send(US, DM)
    names = [call["path"].rpartition(".")[2] for call in server.state.requests]
    assert names == ["sendMessage", "refreshSession", "createSession", "sendMessage"]


def test_process_opens_one_session(server: Server) -> None:
    calls.forget()
    NETWORK.send(US, DM)
    NETWORK.check(US)
    assert len(written(server, "createSession")) == 1


def test_wrong_password_is_expired(server: Server) -> None:
    with pytest.raises(base.Expired):
        NETWORK.check(replace(US, token="wrong"))


def test_account_is_known_by_its_handle(server: Server) -> None:
    connected = NETWORK.check(
        Credentials(account="shop1.bsky.example", token="pass-1", details={"server": "BSKY.example"})
    )
    assert (connected.account, connected.name) == (US.account, "shop1.bsky.example")
    assert connected.details == {"server": "pds.bsky.example", "handle": "shop1.bsky.example"}


def test_answer_is_hidden_and_shown_again(server: Server) -> None:
    hide, unhide = (Act(verb=verb, thread=ROOT, id=POST, surface="comment") for verb in ("hide", "unhide"))
    other = f"at://{ANA}/app.bsky.feed.post/3ktwo"
    for act in (hide, hide, replace(hide, id=other), unhide):
        NETWORK.act(US, act)
    gates = [body["record"]["hiddenReplies"] for body in written(server)]
    assert gates == [[POST], [POST, other], [other]]
    assert {body["rkey"] for body in written(server)} == {"3kroot"}


def test_gate_that_somebody_changed_meanwhile_is_tried_again_later(server: Server) -> None:
    NETWORK.act(US, Act(verb="hide", thread=ROOT, id=POST, surface="comment"))
    server.state.behaviours.append(
        {"network": "bluesky", "do": "serve", "path": "getRecord", "times": 1, "body": '{"value": {}, "cid": "old"}'}
    )
    with pytest.raises(base.Unreachable):
        NETWORK.act(US, Act(verb="hide", thread=ROOT, id=POST + "x", surface="comment"))


def test_liking_and_blocking_again_change_nothing(server: Server) -> None:
    like, ban = Act(verb="like", thread=POST, id=POST, surface="mention"), Act(verb="ban", thread=POST, to=ANA)
    for act in (like, like, ban, ban):
        NETWORK.act(US, act)
    assert [body["collection"] for body in written(server, "createRecord")] == [
        "app.bsky.feed.like", "app.bsky.graph.block",
    ]  # fmt: skip
    for _ in range(2):
        NETWORK.act(US, replace(ban, verb="unban"))
    assert len(written(server, "deleteRecord")) == 1


def test_post_is_reported_in_the_version_that_was_read(server: Server) -> None:
    why = base.Report(reason="abuse", note="Again")
    NETWORK.act(US, Act(verb="report", thread=POST, id=POST, surface="mention", report=why))
    [call] = [call for call in server.state.requests if call["path"].endswith("createReport")]
    assert (call["status"], call["answer"]["reportedBy"]) == (200, US.account)
    assert call["json"]["reasonType"] == "com.atproto.moderation.defs#reasonRude"
    assert call["json"]["subject"] == {"$type": "com.atproto.repo.strongRef", "uri": POST, "cid": f"bafy{POST[-6:]}"}
    assert call["json"]["reason"] == "Again"


@pytest.mark.parametrize(
    "act",
    [
        Act(verb="hide", thread=POST, id=POST, surface="mention"),
        Act(verb="delete", thread=POST, id=POST),
        Act(verb="ban", thread=POST, to="ana"),
    ],
    ids=["below another's post", "another's post", "nobody"],
)
def test_what_an_account_cannot_do_is_rejected_without_a_call(server: Server, act: Act) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, act)
    assert server.state.requests == []


def test_calls_of_the_last_minutes_are_counted_by_the_server(server: Server) -> None:
    assert NETWORK.quotas
    assert NETWORK.quotas(US) == [base.Quota(name="calls", used=10, most=3000, ends_at=1_800_000_000_000)]


def test_person_and_post_are_told(server: Server) -> None:
    comment = hears("mention", text="Good bread")
    assert NETWORK.profile and NETWORK.publication
    ana = NETWORK.profile(US, ANA)
    assert (ana.name, ana.followers) == ("Ana", 12)
    post = NETWORK.publication(US, base.Origin(id=comment.id))
    assert (post.text, post.author) == ("Good bread", "Ana")
    with pytest.raises(base.Gone):
        NETWORK.profile(US, "did:plc:gone")


@pytest.mark.parametrize("name", ["a b", "user@host", "host/path", "host:port", "-", "x" * 300])
def test_server_that_can_be_none_is_rejected(server: Server, name: str) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.check(replace(US, details={"server": name}))
    assert server.state.requests == []

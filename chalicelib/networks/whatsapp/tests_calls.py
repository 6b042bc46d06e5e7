"""The calls of WhatsApp's API, against its double."""

import hashlib
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.whatsapp import NETWORK, double
from chalicelib.networks.whatsapp.tests_connect import NUMBER, TOKEN, US
from local.double import Server

TO = "34600000001"
LINK = "https://files.test/a"


def _said(**fields: Any) -> Say:
    return Say(thread=TO, **{"to": TO, **fields})


def _media(kind: Any, text: str = "", **body: str) -> tuple[Say, Any]:
    file = Media(kind="file" if kind == "document" else kind, url=LINK, name="bill.pdf")
    return _said(text=text, attachments=(file,)), {"to": TO, "type": kind, kind: {"link": LINK, **body}}


def _unnamed(url: str, **body: str) -> tuple[Say, Any]:
    file = Media(kind="file", url=url)
    return _said(attachments=(file,)), {"to": TO, "type": "document", "document": {"link": url, **body}}


SAYS: dict[str, tuple[Say, dict[str, Any]]] = {
    "text": (_said(text="Hi"), {"to": TO, "type": "text", "text": {"body": "Hi", "preview_url": False}}),
    "text with a link": (
        _said(text="See https://a.test"),
        {"to": TO, "type": "text", "text": {"body": "See https://a.test", "preview_url": True}},
    ),
    "text to a username": (
        _said(text="Hi", to="ES.111"),
        {"recipient": "ES.111", "type": "text", "text": {"body": "Hi", "preview_url": False}},
    ),
    "quoting text with our id": (
        _said(text="Hi", reply_to="wamid.1", correlation="msg_1"),
        {
            "to": TO,
            "type": "text",
            "text": {"body": "Hi", "preview_url": False},
            "context": {"message_id": "wamid.1"},
            "biz_opaque_callback_data": "msg_1",
        },
    ),
    "image": _media("image", "Look", caption="Look"),
    "video": _media("video"),
    "audio": _media("audio"),
    "document": _media("document", "Your bill", caption="Your bill", filename="bill.pdf"),
    "sticker": _media("sticker"),
    # F15
    "document without a name": _unnamed(
        "https://files.test/2026/price%20list.pdf?key=a/b#c", filename="price list.pdf"
    ),
    "document without a name nor a path": _unnamed("https://files.test/"),
    "template": (
        _said(
            template={
                "name": "bill",
                "language": "es_ES",
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
            }
        ),
        {
            "to": TO,
            "type": "template",
            "template": {
                "name": "bill",
                "language": {"code": "es_ES"},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
            },
        },
    ),
}


def test_file_goes_by_its_bytes_and_then_by_its_id(server: Server) -> None:
    file = base.Loaded(kind="image", url="", mime="image/png", name="menu.png", content=b"a picture")
    assert NETWORK.send(US, _said(text="Look", attachments=(file,))).id
    upload, message = server.state.requests
    assert upload["path"] == f"/v25.0/{NUMBER}/media"
    digest = hashlib.sha256(b"a picture").hexdigest()
    assert upload["json"] == {
        "messaging_product": "whatsapp", "type": "image/png",
        "file": {"name": "menu.png", "type": "image/png", "sha256": digest},
    }  # fmt: skip
    assert message["json"]["image"] == {"id": upload["answer"]["id"], "caption": "Look"}


@pytest.mark.parametrize("do", ["timeout", "broken", "silent"])
def test_file_that_may_have_been_uploaded_was_not_said(server: Server, do: str) -> None:
    server.state.behaviours.append({"network": "whatsapp", "do": do, "times": 1, "path": "/media$"})
    file = base.Loaded(kind="image", url="", mime="image/png", name="menu.png", content=b"a picture")
    with pytest.raises(base.Unreachable):
        NETWORK.send(US, _said(attachments=(file,)))
    assert len(server.state.requests) == 1


ACTS: dict[str, tuple[Act, dict[str, Any]]] = {
    "react": (
        Act(verb="react", thread=TO, id="wamid.1", to=TO, emoji="👍"),
        {
            "recipient_type": "individual",
            "to": TO,
            "type": "reaction",
            "reaction": {"message_id": "wamid.1", "emoji": "👍"},
        },
    ),
    "unreact": (
        Act(verb="unreact", thread="ES.111", id="wamid.1", emoji="👍"),
        {
            "recipient_type": "individual",
            "recipient": "ES.111",
            "type": "reaction",
            "reaction": {"message_id": "wamid.1", "emoji": ""},
        },
    ),
    "read": (Act(verb="read", thread=TO, id="wamid.1"), {"status": "read", "message_id": "wamid.1"}),
    "typing": (
        Act(verb="typing", thread=TO, id="wamid.1"),
        {"status": "read", "message_id": "wamid.1", "typing_indicator": {"type": "text"}},
    ),
}

# failure: outcome, its code, the seconds to wait
OUTCOMES: dict[str, tuple[type[base.Outcome], str, float]] = {
    "expired": (base.Expired, "190/463", 0),
    "unauthenticated": (base.Expired, "401", 0),
    "throttled": (base.Throttled, "130429", 120),
    "app_throttled": (base.Throttled, "4", 300),
    "account_throttled": (base.Throttled, "80007", 660),
    "pair_throttled": (base.Throttled, "131056", 6),
    "spam": (base.Throttled, "131048", 3600),
    "window_closed": (base.WindowClosed, "131047", 0),
    "gone": (base.Gone, "131026", 0),
    "opted_out": (base.Gone, "131050", 0),
    "experiment": (base.Gone, "130472", 0),
    "ecosystem": (base.Gone, "131049", 0),
    "self": (base.Gone, "131021", 0),
    "rejected": (base.Rejected, "131009", 0),
    "no_permission": (base.Rejected, "10", 0),
    "no_such_number": (base.Rejected, "100/33", 0),
    "template_missing": (base.Rejected, "132001", 0),
    "template_paused": (base.Rejected, "132015", 0),
    "username_only": (base.Rejected, "131062", 0),
    "payment": (base.Rejected, "131042", 0),
    "locked": (base.Rejected, "131031", 0),
    "restricted": (base.Rejected, "368", 0),
    "unregistered": (base.Rejected, "133010", 0),
    "unavailable": (base.Unreachable, "131016", 0),
    "unknown_error": (base.Unreachable, "131000", 0),
    "maintenance": (base.Unreachable, "131057", 0),
    "overloaded": (base.Unreachable, "2", 0),
    "broken": (base.Unknown, "502", 0),
    "silent": (base.Unknown, "no_id", 0),
}

REFUSED = [
    _said(text="x" * 4097),
    _said(text="", to="34600000001"),
    _said(text="Hi", to="Ana"),
    _said(text="x" * 1025, attachments=(Media(kind="image", url=LINK),)),
    _said(text="Hi", attachments=(Media(kind="audio", url=LINK),)),
    _said(attachments=(Media(kind="image", url="file:///etc/passwd"),)),
    _said(text="Hi", reply_to="m_1"),
    _said(template={"name": "Not A Name", "language": "es"}),
    _said(text="Hi", correlation="x" * 513),
]


def _called(server: Server) -> Any:
    [request] = server.state.requests
    assert request["headers"]["authorization"] == f"Bearer {TOKEN}"
    assert (request["method"], request["host"]) == ("POST", "graph.facebook.com")
    assert request["path"] == f"/v25.0/{NUMBER}/messages"
    return request["json"]


@pytest.mark.parametrize("name", SAYS)
def test_saying_is_one_call(name: str, server: Server) -> None:
    say, body = SAYS[name]
    assert NETWORK.send(US, say).id.startswith("wamid.")
    assert _called(server) == {"messaging_product": "whatsapp", "recipient_type": "individual", **body}


@pytest.mark.parametrize("name", ACTS)
def test_acting_is_one_call(name: str, server: Server) -> None:
    act, body = ACTS[name]
    NETWORK.act(US, act)
    assert _called(server) == {"messaging_product": "whatsapp", **body}


def test_acts_whatsapp_does_not_have_are_rejected(server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="delete", thread="34600000001", id="wamid.1"))
    assert server.state.requests == []


IMAGE, VOICE = Media(kind="image", url="https://f.test/a.png"), Media(kind="audio", url="https://f.test/a.ogg")


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (Say(thread="1", text="Hi"), [("Hi", ())]),
        (Say(thread="1", text="Hi", attachments=(IMAGE, VOICE)), [("Hi", (IMAGE,)), ("", (VOICE,))]),
        (Say(thread="1", text="Hi", attachments=(VOICE,)), [("Hi", ()), ("", (VOICE,))]),
        (Say(thread="1", text="x" * 1025, attachments=(IMAGE,)), [("x" * 1025, ()), ("", (IMAGE,))]),
        (Say(thread="1", attachments=(IMAGE, IMAGE), reply_to="wamid.1"), [("", (IMAGE,)), ("", (IMAGE,))]),
    ],
)
def test_each_file_is_a_message_and_text_a_caption_where_it_can(say: Say, said: list[Any]) -> None:
    parts = NETWORK.parts(say)
    assert [(part.text, part.attachments) for part in parts] == said
    assert [part.reply_to for part in parts] == [say.reply_to, *[""] * (len(parts) - 1)]


@pytest.mark.parametrize("failure", [*OUTCOMES, "timeout"])
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    outcome, code, after = OUTCOMES.get(failure, (base.Unknown, "timeout", 0))
    server.state.behaviours.append({"network": "whatsapp", "do": failure, "times": 1})
    with pytest.raises(outcome) as raised:
        NETWORK.send(US, Say(thread="34600000001", text="Hi"))
    assert (type(raised.value), raised.value.code, raised.value.after) == (outcome, code, after)


def test_every_failure_of_the_double_has_an_outcome() -> None:
    assert set(OUTCOMES) | {"not_theirs", "unlimited"} == set(double.FAILURES)


@pytest.mark.parametrize("say", REFUSED)
def test_what_whatsapp_does_not_take_is_rejected(say: Say, server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(US, say)

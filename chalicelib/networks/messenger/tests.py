"""Messenger: what its webhook gives, and what is asked of it, against its double."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.messenger import NETWORK, double
from local.double import Server
from tests.networks import damage

HERE = Path(__file__).parent
SAMPLES = HERE.parents[2].parent / "shared" / "payloads" / "messenger"
PAGE, PERSON, AT = "104100000000001", "7600000000000001", 1784990000123
CREDENTIALS = base.Credentials(account=PAGE, token="EAAGtoken", secret="app-secret")
SAY = base.Say(thread=PERSON, to=PERSON, text="Hello", correlation="msg_1")


def fixture(name: str) -> Any:
    return json.loads((HERE / "fixtures" / f"{name}.in.json").read_text())


FIXTURES = sorted(path.name.removesuffix(".in.json") for path in (HERE / "fixtures").glob("*.in.json"))


def events(name: str) -> list[base.Event]:
    return [inbound.event for inbound in NETWORK.parse(fixture(name))]


def said(id: str, **fields: Any) -> base.Message:
    return base.Message(thread=PERSON, id=id, at=AT, person=base.Person(id=PERSON), **fields)


def file(kind: base.AttachmentKind, url: str, **fields: Any) -> base.Attachment:
    return base.Attachment(kind=kind, url=url, expires=True, **fields)


REFERRAL = {"ref": "flyer", "source": "SHORTLINK", "type": "OPEN_THREAD"}
STICKER = file("sticker", "https://scontent.xx.fbcdn.net/s.png", media="369239263222822")
PRODUCT = {"id": "123", "retailer_id": "sku1", "name": "Pasta"}
PRICED = {**PRODUCT, "unit_price": "11.5", "currency": "EUR", "quantity": "2"}


def thread_event(name: str, **context: Any) -> base.ThreadEvent:
    return base.ThreadEvent(thread=PERSON, name=name, at=AT, person=base.Person(id=PERSON), context=context)


def receipt(status: base.ReceiptStatus, **fields: Any) -> base.Receipt:
    return base.Receipt(thread=PERSON, status=status, at=AT, **fields)


EXPECTED: Mapping[str, list[base.Event]] = {
    "account_linking": [base.Unhandled(reason="account_linking")],
    "app_roles": [base.Unhandled(reason="app_roles")],
    "batch_of_two_pages_with_one_unreadable": [
        said("m_b1", text="one"),
        base.Unhandled(reason="malformed"),
        said("m_b3", text="three"),
    ],
    "delivered_two_and_a_watermark": [
        receipt("delivered", id="m_a"),
        receipt("delivered", id="m_b"),
        receipt("delivered", watermark=AT - 10),
    ],
    "delivered_watermark": [receipt("delivered", watermark=AT - 10)],
    "echo_of_another_app": [
        said("m_echo", direction="out", text="We open at 9", context={"app_id": "26390203743090"})
    ],
    "echo_of_ours": [
        said("m_echo2", direction="out", text="Hi", correlation="msg_01H", context={"app_id": "1517776481860111"})
    ],
    "edit": [base.Edit(thread=PERSON, id="m_text1", at=AT, text="Hola, ¿hay mesa hoy?")],
    "edit_without_text": [base.Unhandled(reason="edit_without_text")],
    "feed_change": [base.Unhandled(reason=base.SIBLING)],
    "message_from_an_ad": [
        said(
            "m_ad",
            text="Hi",
            context={
                "referral": {
                    "ref": "R", "source": "ADS", "type": "OPEN_THREAD", "ad_id": "6045246247433",
                    "ad_title": "Spring", "photo_url": "https://scontent.xx.fbcdn.net/a.jpg", "post_id": "1221",
                }
            },
        )
    ],
    "message_quick_reply": [said("m_qr", text="Red", context={"payload": "PICK_RED"})],
    "message_quoting": [said("m_quote", text="Yes", reply_to="m_text1")],
    "message_share_of_a_reel": [
        said(
            "m_reel",
            kind="share",
            attachments=(
                base.Attachment(kind="link", url="https://www.facebook.com/reel/12", media="12", title="A reel"),
            ),
        )
    ],
    "message_sticker": [said("m_st2", attachments=(STICKER,))],
    "message_sticker_before_september_2026": [said("m_st1", attachments=(STICKER,))],
    "message_text": [said("m_text1", text="Hola, ¿hay mesa?")],
    "message_with_every_attachment": [
        said(
            "m_all",
            attachments=(
                file("video", "https://video.xx.fbcdn.net/v/a.mp4"),
                file("audio", "https://cdn.fbsbx.com/v/a.aac"),
                file("file", "https://cdn.fbsbx.com/v/menu.pdf"),
                base.Attachment(kind="location", title="Pin", details={"latitude": -23.55, "longitude": -46.63}),
                base.Attachment(kind="link", url="https://example.com/page", title="A page"),
                base.Attachment(kind="template", details={"template_type": "button", "text": "Choose"}),
                base.Attachment(kind="unsupported", details={"type": "appointment_booking"}),
            ),
        )
    ],
    "message_with_two_images": [
        said(
            "m_img2",
            text="Look",
            attachments=tuple(file("image", f"https://scontent.xx.fbcdn.net/v/{n}.jpg?oe=68") for n in (1, 2)),
        )
    ],
    "message_without_content": [said("m_none", kind="unsupported")],
    "optin": [thread_event("optin", type="notification_messages", payload="news")],
    "order": [
        said(
            "order:156ad980930e936933d5c01c6694cf22",
            text="No salt",
            attachments=(base.Attachment(kind="order", details={"items": [PRICED], "note": "No salt"}),),
        )
    ],
    "policy_block": [base.AccountEvent(name="policy_enforcement", at=AT, health="paused", detail="Spam")],
    "policy_unblock": [base.AccountEvent(name="policy_enforcement", at=AT)],
    "postback": [said("m_pb", text="Menu", kind="postback", context={"payload": "MENU", "referral": REFERRAL})],
    "postback_without_mid_in_seconds": [
        base.Message(
            thread=PERSON,
            id="postback:93d53d8bf8d03f43fc510b38c2338a7c",
            at=1784990000000,
            person=base.Person(id=PERSON),
            text="MENU",
            kind="postback",
            context={"payload": "MENU"},
        )
    ],
    "reaction": [base.Reaction(thread=PERSON, id="m_echo", at=AT, by=base.Person(id=PERSON), emoji="❤️")],
    "reaction_taken_back": [base.Reaction(thread=PERSON, id="m_echo", at=AT, by=base.Person(id=PERSON))],
    "read": [receipt("read", watermark=AT - 5)],
    "referral": [thread_event("referral", **REFERRAL)],
    "standby_message": [said("m_sb", text="while a bot answers", context={"standby": True})],
    "standby_postback": [said("m_sbp", text="Menu", kind="postback", context={"standby": True})],
    "test_from_the_dashboard": [
        base.Message(thread="12334", id="test_mid", at=1784990000000, person=base.Person(id="12334"), text="test")
    ],
    "thread_passed": [thread_event("handover", action="pass", new_owner_app_id="123", metadata="agent")],
    "thread_requested": [thread_event("handover", action="request", requested_owner_app_id="123", metadata="please")],
    "thread_taken": [thread_event("handover", action="take", new_owner_app_id="456", previous_owner_app_id="123")],
}  # fmt: skip


@pytest.mark.parametrize("name", FIXTURES)
def test_each_recorded_body_gives_its_events(name: str) -> None:
    assert events(name) == EXPECTED[name]


def test_every_account_of_a_body_is_told() -> None:
    inbounds = list(NETWORK.parse(fixture("batch_of_two_pages_with_one_unreadable")))
    assert [inbound.account for inbound in inbounds] == [PAGE, PAGE, "104100000000002"]


def test_a_body_about_something_else_is_malformed() -> None:
    body = {**fixture("message_text"), "object": "instagram"}
    assert [inbound.event for inbound in NETWORK.parse(body)] == [base.Unhandled(reason="malformed")]


# What the public samples give: the event's class, then some of its fields.
SAMPLED: Mapping[str, list[tuple[type[base.Event], Mapping[str, Any]]]] = {
    "bottender-account-linking-linked": [(base.Unhandled, {"reason": "account_linking"})],
    "bottender-app-roles": [(base.Unhandled, {"reason": "app_roles"})],
    "bottender-audio-message": [(base.Message, {"text": "", "direction": "in"})],
    "bottender-delivery": [
        (base.Receipt, {"status": "delivered", "id": "mid.1458668856218:ed81099e15d3f4f233"}),
        (base.Receipt, {"status": "delivered", "watermark": 1458668856253}),
    ],
    "bottender-echo-message": [(base.Message, {"direction": "out", "thread": "1423587017700273"})],
    "bottender-fallback-message": [(base.Message, {"direction": "in", "kind": ""})],
    "bottender-image-message": [(base.Message, {"direction": "in"})],
    "bottender-like-sticker-message": [(base.Message, {"direction": "in"})],
    "bottender-link-referral": [(base.ThreadEvent, {"name": "referral"})],
    "bottender-pass-thread-control": [(base.ThreadEvent, {"name": "handover"})],
    "bottender-policy-enforcement": [(base.AccountEvent, {"health": "paused"})],
    "bottender-postback": [(base.Message, {"text": "USER_DEFINED_PAYLOAD", "kind": "postback"})],
    "bottender-quick-reply-message": [(base.Message, {"text": "Red"})],
    "bottender-reaction-react": [(base.Reaction, {"id": "mid.$cAAE1UUyiiwthh0NPrVbVf4HFNDGl", "emoji": "❤️"})],
    "bottender-text-message": [(base.Message, {"text": "Sharp tools make good work.", "at": 1491796363181})],
    "doc-message-ads-referral": [(base.Message, {"text": "Hi"})],
    "doc-message-edit": [(base.Edit, {"id": "m_AbCdEf1", "text": "edited text"})],
    "doc-postback-with-mid": [(base.Message, {"id": "m_AbCdEf3", "text": "TITLE-FOR-THE-CTA"})],
    "doc-send-cart": [(base.Message, {"text": "foobar"})],
    "doc-standby-text": [(base.Message, {"context": {"standby": True}})],
    "doc-sticker-2026": [(base.Message, {"direction": "in"})],
    "doc-two-images": [(base.Message, {"direction": "in"})],
}
SAMPLED_KINDS = {
    "bottender-audio-message": ["audio"],
    "bottender-fallback-message": ["link"],
    "bottender-image-message": ["image"],
    "bottender-like-sticker-message": ["sticker"],
    "doc-send-cart": ["order"],
    "doc-sticker-2026": ["sticker"],
    "doc-two-images": ["image", "image"],
}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no public samples here")
def test_every_public_sample_is_expected() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(SAMPLED)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no public samples here")
@pytest.mark.parametrize("name", SAMPLED)
def test_each_public_sample_gives_what_it_should(name: str) -> None:
    found = [inbound.event for inbound in NETWORK.parse(json.loads((SAMPLES / f"{name}.json").read_text()))]
    assert [type(event) for event in found] == [kind for kind, _ in SAMPLED[name]]
    for event, (_, fields) in zip(found, SAMPLED[name], strict=True):
        assert {field: getattr(event, field) for field in fields} == fields
    kinds = [file.kind for event in found if isinstance(event, base.Message) for file in event.attachments]
    assert kinds == SAMPLED_KINDS.get(name, [])


# Whatever comes


@pytest.mark.parametrize("stamp", [0, -1, "x", None, 253402300800000, 1e300, "1784990000", True, {"a": 1}])
def test_any_timestamp_gives_a_sane_time(stamp: object) -> None:
    body = fixture("message_text")
    body["entry"][0]["messaging"][0]["timestamp"] = stamp
    event = next(NETWORK.parse(body)).event
    assert isinstance(event, base.Message)
    assert event.at == (1784990000000 if stamp == "1784990000" else AT + 400)
    assert event.exact == (stamp == "1784990000")


# What goes out


def behave(server: Server, failure: str) -> None:
    server.state.behaviours.append({"network": "messenger", "do": failure, "times": 1})


MESSAGES = f"/v25.0/{PAGE}/messages"
TO = {"recipient": {"id": PERSON}}
IMAGES = tuple(base.Media(kind="image", url=f"https://media.example/{n}.jpg") for n in range(2))
VIDEO = base.Media(kind="video", url="https://media.example/v.mp4")


def attached(kind: str, url: str) -> dict[str, Any]:
    return {"type": kind, "payload": {"url": url}}


@pytest.mark.parametrize(
    ("say", "sent"),
    [
        (SAY, {**TO, "messaging_type": "RESPONSE", "message": {"text": "Hello", "metadata": "msg_1"}}),
        (
            base.Say(thread=PERSON, text="Hello", reply_to="m_1"),
            {**TO, "messaging_type": "RESPONSE", "message": {"text": "Hello"}, "reply_to": {"mid": "m_1"}},
        ),
        (
            base.Say(thread=PERSON, text="Still there", context={"tag": "HUMAN_AGENT"}),
            {**TO, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": {"text": "Still there"}},
        ),
        (
            base.Say(thread=PERSON, attachments=(VIDEO,)),
            {**TO, "messaging_type": "RESPONSE", "message": {"attachment": attached("video", VIDEO.url)}},
        ),
        (
            base.Say(thread=PERSON, attachments=IMAGES),
            {
                **TO,
                "messaging_type": "RESPONSE",
                "message": {"attachments": [attached("image", image.url) for image in IMAGES]},
            },
        ),
        (
            base.Say(thread=PERSON, attachments=(base.Media(kind="sticker", url="https://media.example/s.png"),)),
            {
                **TO,
                "messaging_type": "RESPONSE",
                "message": {"attachment": attached("image", "https://media.example/s.png")},
            },
        ),
        (
            base.Say(
                thread=PERSON,
                text="Which?",
                context={"quick_replies": [{"content_type": "text", "title": "Red", "payload": "RED"}]},
            ),
            {
                **TO,
                "messaging_type": "RESPONSE",
                "message": {
                    "text": "Which?",
                    "quick_replies": [{"content_type": "text", "title": "Red", "payload": "RED"}],
                },
            },
        ),
        (
            base.Say(thread=PERSON, template={"name": "order_update", "language": "pt_BR", "components": []}),
            {
                **TO,
                "messaging_type": "UTILITY",
                "message": {
                    "template": {"name": "order_update", "language": {"code": "pt_BR"}, "components": []},
                },
            },
        ),
    ],
)
def test_each_kind_of_say_is_one_exact_call(server: Server, say: base.Say, sent: Mapping[str, Any]) -> None:
    made = NETWORK.send(CREDENTIALS, say)
    [call] = server.state.requests
    assert (call["method"], call["host"], call["path"]) == ("POST", "graph.facebook.com", MESSAGES)
    assert call["json"] == sent
    assert made.id == call["answer"]["message_id"]


def test_calls_prove_that_they_know_the_app_secret(server: Server) -> None:
    NETWORK.send(CREDENTIALS, SAY)
    proof = hmac.new(b"app-secret", b"EAAGtoken", hashlib.sha256).hexdigest()
    [call] = server.state.requests
    assert (call["query"], call["headers"]["authorization"]) == ({"appsecret_proof": proof}, "Bearer EAAGtoken")


def test_text_and_files_are_said_in_parts() -> None:
    say = base.Say(thread=PERSON, text="Look", attachments=(*IMAGES * 6, VIDEO, *IMAGES), reply_to="m_1")
    parts = NETWORK.parts(say)
    assert [(part.text, len(part.attachments), part.reply_to) for part in parts] == [
        ("Look", 0, "m_1"), ("", 10, ""), ("", 2, ""), ("", 1, ""), ("", 2, ""),
    ]  # fmt: skip
    assert NETWORK.parts(SAY) == [SAY]


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        (base.Act(verb="typing", thread=PERSON), {**TO, "sender_action": "typing_on"}),
        (base.Act(verb="read", thread=PERSON, id="m_1"), {**TO, "sender_action": "mark_seen"}),
        (
            base.Act(verb="react", thread=PERSON, id="m_1", emoji="🎉"),
            {**TO, "sender_action": "react", "payload": {"message_id": "m_1", "reaction": "🎉"}},
        ),
        (
            base.Act(verb="unreact", thread=PERSON, id="m_1"),
            {**TO, "sender_action": "unreact", "payload": {"message_id": "m_1"}},
        ),
    ],
)
def test_each_act_is_one_exact_call(server: Server, act: base.Act, sent: Mapping[str, Any]) -> None:
    NETWORK.act(CREDENTIALS, act)
    [call] = server.state.requests
    assert (call["path"], call["json"], call["status"]) == (MESSAGES, sent, 200)


@pytest.mark.parametrize("verb", ["hide", "unhide", "delete", "like"])
def test_what_messenger_cannot_do_is_rejected_without_a_call(server: Server, verb: base.Verb) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(CREDENTIALS, base.Act(verb=verb, thread=PERSON, id="m_1"))
    with pytest.raises(base.Rejected):
        NETWORK.send(CREDENTIALS, base.Say(thread=PERSON, surface="comment", text="Hi"))
    assert server.state.requests == []


OUTCOMES: Mapping[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "190/463"),
    "throttled": (base.Throttled, "613"),
    "app_throttled": (base.Throttled, "4"),
    "window_closed": (base.WindowClosed, "10/2018278"),
    "instagram_window_closed": (base.WindowClosed, "10/2534022"),
    "gone": (base.Gone, "551/1545041"),
    "blocked": (base.Gone, "10/2018108"),
    "no_such_person": (base.Gone, "100/2018001"),
    "no_profile": (base.Gone, "100/2018218"),
    "unavailable_person": (base.Gone, "200/1545041"),  # F17
    "rejected": (base.Rejected, "100/2018008"),
    "no_permission": (base.Rejected, "200"),
    "restricted": (base.Throttled, "10/1893063"),
    "not_sent": (base.Unreachable, "1200"),
    "sent_anyway": (base.Unknown, "1/1357046"),
    "unavailable": (base.Unknown, "2"),
    "bad_gateway": (base.Unknown, "502"),
    "no_id": (base.Unknown, "no_id"),
}


def test_every_failure_of_the_double_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(double.FAILURES)


@pytest.mark.parametrize("failure", OUTCOMES)
def test_each_failure_is_one_outcome(server: Server, failure: str) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(CREDENTIALS, SAY)
    assert (type(raised.value), raised.value.code) == OUTCOMES[failure]
    assert raised.value.text


@pytest.mark.parametrize(("failure", "seconds"), [("throttled", 420), ("app_throttled", 300), ("gone", 0)])
def test_throttling_tells_how_long_to_wait(server: Server, failure: str, seconds: float) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(CREDENTIALS, SAY)
    assert raised.value.after == seconds


def test_check_tells_which_page_the_token_speaks_for(server: Server) -> None:
    assert NETWORK.check(CREDENTIALS) == base.Connected(account=double.PAGE, name="Bella Pasta")
    behave(server, "expired")
    with pytest.raises(base.Expired):
        NETWORK.check(CREDENTIALS)


def test_subscribing_asks_for_every_field_the_page_has_for_us(server: Server) -> None:
    NETWORK.subscribe(CREDENTIALS, "https://palabre.example/hooks/messenger", "")
    NETWORK.unsubscribe(CREDENTIALS)
    on, off = server.state.requests
    assert (on["method"], off["method"], on["path"], on["path"]) == ("POST", "DELETE", off["path"], off["path"])
    assert on["path"] == f"/v25.0/{PAGE}/subscribed_apps"
    assert {"feed", "messages", "message_echoes", "standby"} <= set(on["query"]["subscribed_fields"].split(","))
    assert (on["status"], off["status"]) == (200, 200)


def test_a_profile_gives_name_and_picture(server: Server) -> None:
    assert NETWORK.profile is not None
    found = NETWORK.profile(CREDENTIALS, PERSON)
    assert found == base.Person(id=PERSON, name="Ana Silva", avatar="https://scontent.xx.fbcdn.net/p.jpg")
    behave(server, "no_profile")
    with pytest.raises(base.Gone):
        NETWORK.profile(CREDENTIALS, PERSON)


# The double itself


@pytest.mark.parametrize("name", double.EVENTS)
def test_each_event_of_the_double_is_handled(name: str) -> None:
    more: dict[str, Any] = {"message": {"mid": "m", "text": "x"}} if name == "event" else {}
    inbounds = list(NETWORK.parse(double.EVENTS[name](**more)))
    assert inbounds
    assert not any(isinstance(inbound.event, base.Unhandled) for inbound in inbounds)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"recipient": {"id": PERSON}},
        {**TO, "message": {"text": "Hi"}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": "x" * 2001}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": ""}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": 5}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": "a", "attachment": attached("image", "https://a")}},
        {**TO, "messaging_type": "RESPONSE", "message": {"attachment": attached("image", "http://a")}},
        {**TO, "messaging_type": "RESPONSE", "message": {"attachment": attached("sticker", "https://a")}},
        {**TO, "messaging_type": "MESSAGE_TAG", "tag": "POST_PURCHASE_UPDATE", "message": {"text": "a"}},
        {**TO, "messaging_type": "RESPONSE", "message": {"text": "a"}, "sender_action": "typing_on"},
        {**TO, "sender_action": "wave"},
        {**TO, "sender_action": "react", "payload": {"message_id": "m"}},
    ],
)
def test_the_double_refuses_what_the_network_refuses(server: Server, body: Mapping[str, Any]) -> None:
    url = f"{server.url}/messenger/graph.facebook.com{MESSAGES}"
    answer = urllib3.request("POST", url, json=body, headers={"Authorization": "Bearer EAAGtoken"})
    assert (answer.status, answer.json()["error"]["code"]) == (400, 100)


def test_the_double_refuses_strangers_and_other_paths(server: Server) -> None:
    headers = {"Authorization": "Bearer EAAGtoken"}
    root = f"{server.url}/messenger/graph.facebook.com"
    assert urllib3.request("GET", f"{root}/v25.0/me").status == 401
    assert urllib3.request("GET", f"{root}/v19.0/me", headers=headers).status == 400
    assert urllib3.request("PUT", f"{root}/v25.0/me", headers=headers).status == 400


SIDES = ("entry.{0}.sender.id", "entry.{0}.recipient.id")
NEEDED = (
    *("object", "entry.id", "entry.changes.value.sender.id", "entry.changes.value.message.mid"),
    *(path.format(name) for name in ("messaging", "standby") for path in SIDES),
    *(f"entry.{name}.{content}.mid" for name in ("messaging", "standby") for content in ("message", "postback")),
    *("entry.messaging.message.is_echo", "entry.messaging.order.mid"),
    *("entry.messaging.delivery.mids", "entry.messaging.delivery.watermark", "entry.messaging.read.watermark"),
)
NAMED_BY_CONTENT = ("order", "postback_without_mid_in_seconds")


# F25
@pytest.mark.parametrize("name", [name for name in FIXTURES if name not in NAMED_BY_CONTENT])
def test_nothing_optional_loses_a_message(name: str) -> None:
    assert damage.lost(NETWORK, [fixture(name)], NEEDED) == []


# F25
def test_nothing_optional_loses_an_order() -> None:
    order = {"mid": "m_order", "products": [PRICED, PRODUCT], "note": "No salt"}
    assert damage.lost(NETWORK, [double.event(order=order)], NEEDED) == []


# F25
@pytest.mark.parametrize(
    "watermark", [AT - 10, str(AT - 10), (AT - 10) // 1000, str((AT - 10) // 1000), float(AT - 10)]
)
def test_watermark_is_read_as_number_or_text(watermark: object) -> None:
    for name in ("delivery", "read"):
        receipt: dict[str, Any] = {name: {"watermark": watermark}}
        [inbound] = NETWORK.parse(double.event(**receipt))
        assert isinstance(inbound.event, base.Receipt)
        assert inbound.event.watermark // 1000 == (AT - 10) // 1000


# F25
@pytest.mark.parametrize(
    ("mids", "ids"),
    [("m_a", ["m_a", ""]), (None, [""]), ([], [""]), ({"?": 1}, [""]), (7, [""]), (["m_a"], ["m_a", ""])],
)
def test_watermark_is_applied_whatever_is_beside_it(mids: object, ids: list[str]) -> None:
    inbounds = list(NETWORK.parse(double.event(delivery={"mids": mids, "watermark": AT})))
    assert [getattr(inbound.event, "id", None) for inbound in inbounds] == ids


# F20
@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ({"postback": {"mid": "m_1", "payload": "START"}}, ("START", "postback")),
        ({"postback": {"mid": "m_1"}}, ("", "unsupported")),
        ({"message": {"mid": "m_1", "quick_reply": {"payload": "RED"}}}, ("RED", "")),
        ({"message": {"mid": "m_1", "quick_reply": {}}}, ("", "unsupported")),
        ({"message": {"mid": "m_1", "attachments": []}}, ("", "unsupported")),
    ],
)
def test_pressed_thing_without_a_title_is_no_empty_bubble(content: Any, shown: tuple[str, str]) -> None:
    [inbound] = NETWORK.parse(double.event(**content))
    assert isinstance(inbound.event, base.Message)
    assert (inbound.event.text, inbound.event.kind) == shown


# F22
@pytest.mark.parametrize("action", ["warn", "", None, {"?": 1}])
def test_page_stays_blocked_until_it_is_unblocked(action: object) -> None:
    [inbound] = NETWORK.parse(double.event(policy_enforcement={"action": action, "reason": "Spam"}))
    assert inbound.event == base.Unhandled(reason="unknown_policy")

"""The events that LINE's fixtures must give."""

from dataclasses import replace

from chalicelib.networks import base
from chalicelib.networks.base import AccountEvent, Attachment, Message, Person, Profile, ThreadEvent, Unhandled

P, G, R = "U8d2f00000000000000000000000000a1", "C77000000000000000000000000000b2", "R66000000000000000000000000000c3"
ANA = Person(id=P)
AT = 1790000000000
STICKER = "https://stickershop.line-scdn.net/stickershop/v1/sticker/1988/android/sticker.png"


def said(n: int, text: str = "", file: Attachment | None = None) -> Message:
    files = (file,) if file else ()
    return Message(thread=P, id=f"5550{n:04d}", at=AT + n, person=ANA, text=text, attachments=files)


def pressed(n: int, id: str, data: str) -> Message:
    return replace(said(n, data), id=id, kind="postback", context={"payload": data})


IMAGE = Attachment(kind="image", media="55500003", expires=True)
ELSEWHERE = Attachment(kind="image", url="https://pics.example/a.jpg")
PLACE = {"latitude": 43.29, "longitude": 5.36, "address": "1 Quay Street"}
ABOUT_STICKER = {"packageId": "446", "stickerId": "1988", "stickerResourceType": "ANIMATION"}
CHOSEN = {"payload": "table=4", "chosen": {"datetime": "2026-12-24T20:00"}}

EXPECTED: dict[str, list[base.Event]] = {
    "text": [replace(said(1, "Is the terrace open tonight?"), context={"read_token": "mark-1"})],
    "text_quoting_in_a_group": [
        replace(said(2, "@Bistro yes?"), thread=G, reply_to="55500001", context={"group": {"groupId": G}})
    ],
    "image_of_an_album": [replace(said(3, "", IMAGE), context={"album": {"id": "A1", "index": "2", "total": "3"}})],
    "image_from_elsewhere_in_a_room": [
        replace(said(4, "", ELSEWHERE), thread=R, person=None, context={"group": {"roomId": R}})
    ],
    "video": [said(5, "", Attachment(kind="video", media="55500005", expires=True, details={"duration": "42000"}))],
    "audio": [said(6, "", Attachment(kind="audio", media="55500006", expires=True, details={"duration": "7000"}))],
    "file": [said(7, "", Attachment(kind="file", media="55500007", name="menu.pdf", size=20480, expires=True))],
    "location": [said(8, "", Attachment(kind="location", title="Harbour", details=PLACE))],
    "sticker": [
        said(
            9, "",
            Attachment(
                kind="sticker", url=STICKER, media="1988", mime="image/png", title="Hello", details=ABOUT_STICKER
            ),
        )
    ],
    "message_of_an_unknown_kind": [replace(said(10), kind="unsupported", context={"content": "hologram"})],
    "message_in_standby": [replace(said(11, "To the other module"), context={"standby": True})],
    "text_edited": [base.Edit(thread=P, id="55500001", at=AT + 12, text="Is the terrace open tomorrow?")],
    "message_taken_back": [base.Delete(thread=P, ids=("55500001",), at=AT + 13)],
    "button_pressed": [replace(pressed(14, "01JEVENT000000000000000014", "table=4"), context=CHOSEN)],
    "button_pressed_as_of_old": [pressed(15, "event:OLD", "table=6")],
    "followed_again": [Profile(person=ANA, at=AT + 16, reachable=True, context={"unblocked": True})],
    "unfollowed": [Profile(person=ANA, at=AT + 17, reachable=False)],
    "account_joined_a_group": [ThreadEvent(thread=G, name="membership", at=AT + 18, context={"status": "join"})],
    "account_left_a_group": [ThreadEvent(thread=G, name="membership", at=AT + 19, context={"status": "leave"})],
    "members_joined": [ThreadEvent(thread=G, name="members", at=AT + 20, context={"joined": ["U1", "U2"]})],
    "account_linked": [
        ThreadEvent(thread=P, name="account_link", at=AT + 21, person=ANA, context={"result": "ok"})
    ],
    "account_suspended": [AccountEvent(name="bot.suspended", at=AT + 22, health="paused")],
    "account_resumed": [AccountEvent(name="bot.resumed", at=AT + 23)],
    "module_activated_and_deactivated": [
        AccountEvent(name="module.activated", at=AT + 24),
        AccountEvent(name="module.deactivated", at=AT + 25, health="alert"),
    ],
    "batch_with_an_unreadable_and_unknown_events": [
        Unhandled(reason="malformed"),
        Unhandled(reason="unknown_type"),
        Unhandled(reason="beacon"),
        said(29, "Still here"),
    ],
}  # fmt: skip

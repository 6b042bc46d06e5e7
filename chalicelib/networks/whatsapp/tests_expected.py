"""The events each fixture must give."""

from functools import partial
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import (
    AccountEvent,
    Attachment,
    Delete,
    Edit,
    Message,
    Moved,
    Person,
    Profile,
    Reaction,
    Receipt,
    ThreadEvent,
    Unhandled,
)
from chalicelib.networks.whatsapp import tests_templates

AT = 1764000000000
NUMBER, WABA = "200000000000001", "waba:100000000000001"
ANA = Person(id="34600000001", name="Ana", phone="+34600000001")
NAMELESS = Person(id="34600000001", phone="+34600000001")
LUIS = Person(id="34600000002", phone="+34600000002")

said = partial(Message, thread="34600000001", at=AT, person=ANA)
state = partial(AccountEvent, at=AT)
receipt = partial(Receipt, thread="34600000001", at=AT)


def _file(kind: Any, media: str, mime: str, name: str = "", **more: Any) -> Attachment:
    details = {"sha256": "aa=", **more}
    return Attachment(kind=kind, media=media, mime=mime, name=name, expires=True, details=details)


def _ours(*events: base.Event, account: str = NUMBER) -> list[tuple[str, base.Event]]:
    return [(account, event) for event in events]


IMAGE = _file("image", "11", "image/jpeg")
REFERRAL = {
    "source_url": "https://fb.me/x", "source_type": "ad", "source_id": "120", "headline": "Chat with us",
    "body": "Shoes", "media_type": "image", "ctwa_clid": "Aff",
}  # fmt: skip

FIXTURES: dict[str, list[tuple[str, base.Event]]] = {
    "text_from_a_person_with_every_id": _ours(
        said(
            id="wamid.1",
            text="Hola ¿qué tal?",
            person=Person(
                id="34600000001",
                name="Ana",
                username="ana.g",
                phone="+34600000001",
                aliases=("ES.111", "ES.ENT.222"),
            ),
        )
    ),
    "text_from_a_username_without_number": _ours(
        said(
            id="wamid.1",
            text="Hola",
            thread="ES.111",
            person=Person(id="ES.111", name="Ana", username="ana.g", aliases=("ES.ENT.222",)),
        )
    ),
    "text_from_numbers_spelled_two_ways": _ours(
        Message(
            thread="551187654321",
            id="wamid.1",
            at=AT,
            text="Oi",
            person=Person(id="551187654321", name="Bia", phone="+551187654321", aliases=("5511987654321",)),
        ),
        Message(
            thread="541123456789",
            id="wamid.2",
            at=AT,
            text="Che",
            person=Person(id="5491123456789", phone="+5491123456789", aliases=("541123456789",)),
        ),
        Message(
            thread="525512345678",
            id="wamid.3",
            at=AT,
            text="Hola",
            person=Person(id="5215512345678", phone="+5215512345678", aliases=("525512345678",)),
        ),
    ),
    "text_quoting_a_forwarded_product": _ours(
        said(
            id="wamid.2",
            text="This one",
            reply_to="wamid.1",
            context={"forwarded": "true", "product": {"catalog_id": "c1", "product_retailer_id": "p1"}},
        )
    ),
    "text_from_an_advertisement": _ours(said(id="wamid.1", text="More?", context={"referral": REFERRAL})),
    "batch_with_one_unreadable_message": _ours(
        Message(
            thread="34600000002",
            id="wamid.2",
            at=AT,
            text="Second",
            person=Person(id="34600000002", name="Luis", phone="+34600000002"),
        ),
        Unhandled(reason="malformed"),
        said(id="wamid.1", text="First"),
    ),
    "files_of_every_kind": _ours(
        said(id="wamid.1", text="Look", attachments=(IMAGE,)),
        said(id="wamid.2", attachments=(_file("video", "12", "video/mp4"),)),
        said(id="wamid.3", attachments=(_file("audio", "13", "audio/ogg; codecs=opus", voice=True),)),
        said(id="wamid.4", text="My bill", attachments=(_file("file", "14", "application/pdf", "bill.pdf"),)),
        said(id="wamid.5", attachments=(_file("sticker", "15", "image/webp", animated=False),)),
    ),
    "location_with_name_and_address": _ours(
        said(
            id="wamid.1",
            attachments=(
                Attachment(
                    kind="location",
                    url="https://shop.example.com",
                    title="Our shop",
                    details={"latitude": 40.5, "longitude": -3, "name": "Our shop", "address": "Calle 1"},
                ),
            ),
        )
    ),
    "contacts_two_cards": _ours(
        said(
            id="wamid.1",
            attachments=(
                Attachment(
                    kind="contact",
                    title="Luis",
                    details={"name": {"formatted_name": "Luis"}, "phones": [{"phone": "+34 600"}]},
                ),
                Attachment(kind="contact", title="Eva", details={"name": {"formatted_name": "Eva"}}),
            ),
        )
    ),
    "order_with_a_note": _ours(
        said(
            id="wamid.1",
            text="Please",
            attachments=(
                Attachment(
                    kind="order",
                    details={
                        "catalog_id": "c1",
                        "product_items": [
                            {"product_retailer_id": "p1", "quantity": 2, "item_price": 30, "currency": "EUR"}
                        ],
                    },
                ),
            ),
        )
    ),
    "buttons_pressed_in_every_way": _ours(
        said(id="wamid.1", kind="postback", text="Yes", context={"payload": "yes"}),
        said(id="wamid.2", kind="postback", text="Change", context={"payload": "b1"}),
        said(id="wamid.3", kind="postback", text="Blue", context={"payload": "l1", "description": "Like the sea"}),
        said(id="wamid.4", kind="postback", text="Sent", context={"payload": '{"size":1}', "answers": {"size": "1"}}),
        said(id="wamid.5", kind="postback", text="accept", context={"response": "accept"}),  # F20
        said(id="wamid.6", kind="unsupported"),  # F20
    ),
    "reaction_added_then_removed": _ours(
        Reaction(thread="34600000001", id="wamid.0", at=AT, by=ANA, emoji="❤️"),
        Reaction(thread="34600000001", id="wamid.0", at=AT, by=ANA),
        Reaction(thread="34600000001", id="wamid.0", at=AT, by=ANA),
    ),
    "message_edited_and_taken_back": _ours(
        Edit(thread="34600000001", id="wamid.1", at=AT, text="Better"),
        Edit(thread="34600000001", id="wamid.1", at=AT, text="New caption", attachments=(IMAGE,)),
        Delete(thread="34600000001", ids=("wamid.1",), at=AT),
    ),
    "messages_of_unknown_types": _ours(
        said(id="wamid.1", kind="unsupported", context={"type": "poll", "code": "131051"}),
        said(id="wamid.2", kind="unsupported", context={"type": "hologram"}),
        Unhandled(reason="ephemeral"),
        ThreadEvent(thread="34600000001", name="welcome", at=AT, person=ANA),
        Unhandled(reason="group"),
    ),
    "person_changed_number_or_id": _ours(
        Moved(old="34600000001", new="34600000009", at=AT),
        Moved(old="ES.111", new="MX.333", at=AT),
        Profile(person=Person(id="34600000001", phone="+34600000001", aliases=("MX.333",)), at=AT),
        ThreadEvent(
            thread="34600000001",
            name="customer_identity_changed",
            at=AT,
            person=NAMELESS,
            context={"type": "customer_identity_changed", "body": "changed", "hash": "h1"},
        ),
    ),
    "statuses_of_every_kind": _ours(
        receipt(id="wamid.1", status="sent", correlation="msg_1"),
        receipt(id="wamid.1", status="delivered"),
        receipt(id="wamid.1", status="read"),
        receipt(id="wamid.2", status="read"),
        receipt(id="wamid.3", status="failed", code="131026", error="Unable to deliver"),
        receipt(id="wamid.4", status="sent", thread="ES.111"),
        Unhandled(reason="status"),
        Unhandled(reason="group"),
    ),
    "error_of_the_account_without_messages": _ours(state(name="error", health="alert", detail="130429 Rate limit hit")),
    "echoes_from_the_business_app": _ours(
        said(
            id="wamid.1",
            direction="out",
            text="Ten euros",
            person=Person(id="34600000001", phone="+34600000001", aliases=("ES.111",)),
        ),
        Edit(thread="34600000001", id="wamid.1", at=AT, text="Nine euros"),
        Delete(thread="34600000001", ids=("wamid.1",), at=AT),
        Reaction(thread="34600000001", id="wamid.0", at=AT, by=Person(id="15550001111"), emoji="👍"),
    ),
    "history_both_directions": _ours(
        said(id="wamid.1", person=NAMELESS, text="Old question", history=True, context={"status": "read"}),
        said(
            id="wamid.2",
            at=AT + 1000,
            direction="out",
            person=NAMELESS,
            attachments=(Attachment(kind="unsupported"),),
            history=True,
            context={"status": "played"},
        ),
        Message(
            thread="34600000002",
            id="wamid.3",
            at=AT + 2000,
            direction="out",
            person=LUIS,
            text="Hello Luis",
            history=True,
        ),
        Unhandled(reason="malformed"),
        Unhandled(reason="history"),
    ),
    "history_refused_by_the_owner": _ours(
        state(name="history.refused", detail="History sharing is turned off by the business")
    ),
    "history_files_that_follow": _ours(
        Edit(thread="34600000001", id="wamid.4", at=AT, created=AT, text="Old photo", attachments=(IMAGE,)),
        Edit(
            thread="34600000001",
            id="wamid.2",
            at=AT + 1000,
            created=AT + 1000,
            text="",
            attachments=(_file("audio", "13", "audio/ogg"),),
        ),
    ),
    "address_book_added_and_removed": _ours(
        Profile(
            person=Person(id="34600000001", name="Ana García", phone="+34600000001"), at=AT, context={"action": "add"}
        ),
        Profile(person=LUIS, at=AT, context={"action": "remove"}),
    ),
    "marketing_stopped_and_resumed": _ours(
        Profile(person=ANA, at=AT, context={"opted_out": True, "category": "marketing_messages"}),
        Profile(person=Person(id="ES.111"), at=AT, context={"opted_out": False, "category": "marketing_messages"}),
    ),
    "account_states": _ours(
        state(name="account_ban.disabled_update", health="disconnected", detail="DISABLE"),
        state(name="account_offboarding.account_offboarded", health="disconnected"),
        state(name="account_offboarding.account_reconnected"),
        state(name="account_violation.account_violation", health="alert", detail="SPAM"),
        state(name="review.rejected", health="alert"),
        state(name="alert.oba_lost", health="alert", detail="Act now"),
        Unhandled(reason="business_capability_update"),
        state(name="display_name[].approved", detail="Shop"),
        state(name="number_quality[].flagged", health="alert", detail="TIER_1K"),
        state(name="security[].pin_reset_request", health="alert"),
        account=WABA,
    ),
    "partner_removed_from_a_client": _ours(
        state(name="account_partner.partner_removed", health="disconnected"), account="waba:100000000000007"
    ),
    "template_states": _ours(
        *(state(**fields) for fields in tests_templates.TOLD),
        account=WABA,
    ),
    "fields_we_do_not_read": [
        (NUMBER, Unhandled(reason="calls")),
        (WABA, Unhandled(reason="flows")),
        (NUMBER, Unhandled(reason="group_lifecycle_update")),
        (NUMBER, Unhandled(reason="messages")),
        (WABA, Unhandled(reason="malformed")),
    ],
}

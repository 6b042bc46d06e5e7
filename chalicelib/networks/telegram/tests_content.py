"""The content of messages in each form that Telegram has, and their authors."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Edit, Message, Unhandled
from chalicelib.networks.telegram.content import NOTICES
from chalicelib.networks.telegram.tests import FIXTURES, event
from chalicelib.networks.telegram.tests_expected import ANA, file


def with_content(**fields: Any) -> base.Event:
    """The event of a private message with only these fields besides its author, chat, time and id."""
    message = {name: value for name, value in FIXTURES["message_created"]["message"].items() if name != "text"}
    return event({"message": {**message, **fields}})


@pytest.mark.parametrize(
    "name",
    [
        *("successful_payment", "refunded_payment", "unique_gift", "gift_upgrade_sent", "giveaway_winners"),
        *("users_shared", "chat_shared", "passport_data", "live_photo", "suggested_post_paid"),
        *("something_of_next_year", "photo", "rich_message"),
    ],
)
@pytest.mark.parametrize("value", [{}, {"a": {"b": 1}}, True, [], "x"], ids=repr)
def test_unknown_content_is_kept_as_unsupported(name: str, value: Any) -> None:  # F1, F2
    message = with_content(**{name: value})
    assert isinstance(message, Message)
    assert (message.kind, message.text, message.id) == ("unsupported", "", f"{ANA.id}:501")


def test_payment_names_its_sum() -> None:  # F2
    message = with_content(successful_payment={"currency": "EUR", "total_amount": 1250, "invoice_payload": "order 7"})
    assert isinstance(message, Message)
    assert message.context == {
        "content": "successful_payment",
        "payment": {"currency": "EUR", "total_amount": 1250},
    }


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_known_notice_is_dropped(name: str) -> None:  # F2
    assert with_content(**{name: {}}) == Unhandled(reason="notice")


RICH = {
    "blocks": [
        {"type": "heading", "size": 2, "text": "Order 12"},
        {
            "type": "paragraph",
            "text": ["It came ", {"type": "bold", "text": ["in ", {"type": "italic", "text": "two"}]}],
        },
        {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "lid"}]}]},
        {"type": "table", "cells": [[{"text": "cup"}, {"text": {"type": "custom_emoji", "alternative_text": "☕"}}]]},
        {"type": "photo", "photo": [{"file_id": "P1", "width": 9, "height": 9}], "caption": {"text": "Here"}},
        {"type": "invented", "text": "and more"},
    ]
}


def test_rich_message_shows_its_words_and_files() -> None:  # F1
    message = with_content(rich_message=RICH)
    assert isinstance(message, Message)
    assert message.text == "Order 12\nIt came in two\nlid\ncup\n☕\nHere\nand more"
    assert message.attachments == (file("image", "P1", "image/jpeg"),)
    assert message.kind == ""


def test_rich_message_of_any_depth_is_read() -> None:  # F1
    deep: Any = "words"
    for _ in range(500):
        deep = {"blocks": [{"text": [deep]}, deep if isinstance(deep, dict) else {}]}
    assert isinstance(with_content(rich_message=deep), Message)


def test_edit_of_a_rich_message_has_its_words() -> None:  # F1
    message = {**FIXTURES["message_edited"]["edited_message"], "rich_message": RICH, "text": None}
    edit = event({"edited_message": message})
    assert isinstance(edit, Edit)
    assert edit.text.startswith("Order 12")

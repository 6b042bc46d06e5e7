"""The readers and signatures that networks share."""

import hashlib
import hmac
from base64 import b64encode
from typing import Any

import pytest

from chalicelib.networks import read, signature


def test_parts_of_what_is_something_else_are_left_out() -> None:
    body = {"a": {"b": 1}, "list": [{"c": 2}, None, 7, {"d": 3}], "text": "x"}
    assert read.part(body, "a") == {"b": 1}
    assert read.parts(body, "list") == [{"c": 2}, {"d": 3}]
    nothing: tuple[Any, ...] = (body, {}, None, [], "a", 7)
    for wrong in nothing:
        assert (read.part(wrong, "text"), read.parts(wrong, "text")) == ({}, [])
    assert len(read.parts({"list": [{}] * 1000}, "list")) == read.MOST_PARTS


def test_known_fields_are_those_that_say_something() -> None:
    assert read.filled(a="", b=0, c=None, d={}, e=False, f="x", g=True) == {"f": "x", "g": True}


def test_json_within_a_text_is_read_as_carefully_as_a_body() -> None:
    assert read.json_in('{"id": 7312345678901234567}') == {"id": 7312345678901234567}
    nothing: tuple[Any, ...] = ("", "{", '{"a":1,"a":2}', '{"a":NaN}', "[" * 600 + "]" * 600, None, 7, {})
    for wrong in nothing:
        with pytest.raises(read.UNREADABLE):
            read.json_in(wrong)


def test_digest_in_base64_verifies_as_it_was_written_only() -> None:
    digest = b64encode(hmac.new(b"new", b"raw", hashlib.sha256).digest()).decode()
    assert signature.in_base64(b"raw", "new") == digest
    assert signature.is_signed_in_base64(b"raw", digest, ("old", "new"))
    for wrong in ("", digest.rstrip("="), f"{digest}\n", digest.lower(), f"sha256={digest}", "é"):
        assert not signature.is_signed_in_base64(b"raw", wrong, ("new",))
    assert not signature.is_signed_in_base64(b"raw", signature.in_base64(b"raw", ""), ("",))

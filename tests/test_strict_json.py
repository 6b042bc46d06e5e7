"""JSON from strangers: what a store or reader would trip over is refused, all else is read as Python reads it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import strict_json

NUMBERS = st.integers(-(10**37), 10**37) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_good_json_is_read_as_it_is(value: object, ascii_only: bool) -> None:
    assert strict_json.loads(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize("text", ["3.0", "-0.0", "3e0", "1e37", "300.00e-2"])
def test_whole_number_is_an_integer_however_it_is_written(text: str) -> None:
    assert isinstance(strict_json.loads(text.encode()), int)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        value = strict_json.loads(raw)
    except strict_json.Unreadable:
        return
    json.dumps(value, allow_nan=False).encode()


@given(st.text(alphabet='{}[]":,\\ \n0e+-.uDd8F', max_size=60))
def test_what_looks_like_json_is_read_or_refused(text: str) -> None:
    try:
        value = strict_json.loads(text.encode())
    except strict_json.Unreadable:
        return
    assert json.dumps(value).encode("ascii")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"a":1,"a":2}', "twice"),
        (b'{"a":{"b":1,"b":1}}', "twice"),
        (b"NaN", "NaN"),
        (b"-Infinity", "NaN"),
        (b"1e999", "too large"),
        (b"9" * 39, "38 digits"),
        (b"[" * 65 + b"]" * 65, "too deep"),
        (b"[" * 100_000, "too deep"),
        (b"\xff", "not JSON"),
        (b"", "not JSON"),
        (b"{} {}", "not JSON"),
        ('{"a":1}'.encode("utf-16"), "not JSON"),
    ],
)
def test_refusal_says_why_and_never_what(raw: bytes, why: str) -> None:
    with pytest.raises(strict_json.Unreadable, match=why):
        strict_json.loads(raw)


def test_brackets_in_texts_are_no_nesting() -> None:
    text = "[{" * 200 + '"\\'
    assert strict_json.loads(json.dumps({"a": text}).encode()) == {"a": text}
    assert strict_json.loads(b"[" * 64 + b"]" * 64)


# F26
def test_posted_body_may_be_deeper_than_ours_and_long_numbers_are_texts() -> None:
    deep = b"[" * 512 + b"]" * 512
    assert strict_json.posted(deep) == json.loads(deep)
    assert strict_json.posted(b"9" * 38) == 10**38 - 1
    assert strict_json.posted(b"-" + b"9" * 39) == "-" + "9" * 39
    assert strict_json.posted(b"[" * 511 + b'"\\ud800"' + b"]" * 511)


@pytest.mark.parametrize(("raw", "why"), [(b"9" * 101, "100 digits"), (b"[" * 513 + b"]" * 513, "too deep")])
def test_posted_body_has_limits_too(raw: bytes, why: str) -> None:
    with pytest.raises(strict_json.Unreadable, match=why):
        strict_json.posted(raw)


def test_half_characters_become_the_replacement_everywhere() -> None:
    assert strict_json.loads(b'{"\\ud800":["\\udfff", "\\ud83d\\ude00"]}') == {"\ufffd": ["\ufffd", "\U0001f600"]}


def test_mark_of_byte_order_is_no_part_of_the_text() -> None:
    assert strict_json.loads(b"\xef\xbb\xbf{}") == {}


@given(VALUES)
def test_json_inside_a_text_is_read_as_a_posted_body_is(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert strict_json.inside(f" {text}\n") == strict_json.posted(text.encode())


@pytest.mark.parametrize("text", ['{"a": "\ud83d!"}', '{"a": "\\ud83d!"}'])
def test_half_a_sign_inside_a_text_is_marked_as_one(text: str) -> None:
    assert strict_json.inside(text) == {"a": "\ufffd!"}

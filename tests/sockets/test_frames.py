"""What pages say: every frame is read whole or refused, and nothing of it is guessed."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import errors
from chalicelib.sockets import answers, frames
from chalicelib.store.models.sockets import Socket
from tests.support.smallest_bodies import example

CONVERSATION = "cnv_0"
GOOD: list[Mapping[str, Any]] = [
    {"do": "listen"},
    {"do": "listen", "brands": ["brd_1"], "types": ["message", "reply.sent"], "after": "abc", "detail": "thin"},
    {"do": "listen", "channels": ["chn_1"], "networks": ["example"], "surfaces": ["dm"]},
    {"do": "ping"},
    *({"do": word, "conversation": CONVERSATION} for word in ("watch", "unwatch", "typing", "viewing", "lease")),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def refused(text: str) -> tuple[int, str, str]:
    with pytest.raises(errors.Problem) as caught:
        frames.read(text)
    return caught.value.status, caught.value.code, caught.value.field


@pytest.mark.parametrize("content", GOOD, ids=lambda content: content["do"])
def test_frame_says_what_is_wanted_and_about_what(content: Mapping[str, Any]) -> None:
    frame = frames.read(json.dumps(content))
    assert {"do": frame.do, **frame.about} == content


def test_every_word_that_can_be_read_is_done() -> None:
    assert set(answers.DOES) == set(frames.WORDS) == {content["do"] for content in GOOD}


# WS-06
@pytest.mark.parametrize("name", ["brands", "channels", "types", "networks", "surfaces"])
@pytest.mark.parametrize(
    "wild", ["*", "%", "_%", "brd_*", "brd_1#room", "message.*", "message#", ">", "", "a b", 7, None, {}]
)
def test_wildcards_name_nothing(name: str, wild: Any) -> None:
    assert refused(json.dumps({"do": "listen", name: [wild]}))[:2] == (422, "invalid")


# WS-07
@pytest.mark.parametrize(
    "word", ["publish", "send", "events", "Ping", "", " ping", None, 1, ["ping"], "$connect", "__class__"]
)
def test_there_is_no_word_to_speak_for_somebody_else(word: Any) -> None:
    assert refused(json.dumps({"do": word, "stream": "mbr_1", "frame": {}})) == (422, "unknown_word", "do")


# WS-09
@pytest.mark.parametrize(
    "text",
    ["", " ", "null", "true", "1", '"ping"', "[]", "ping", "{", "\ufffd\ufffd", '{"do": NaN}',
     '{"do": "ping", "do": "ping"}', '{"a":' * 65 + "1" + "}" * 65, "[" * 10_000],
)  # fmt: skip
def test_what_is_no_object_of_json_cannot_be_read(text: str) -> None:
    assert refused(text)[:2] == (400, "malformed")


# WS-10
def test_frame_above_32_kb_is_too_large_whatever_the_gateway_lets_through() -> None:
    rest = frames.LARGEST_BYTES - len('{"do":"ping"}')
    assert frames.read('{"do":"ping"}' + " " * rest).do == "ping"
    assert refused('{"do":"ping"}' + " " * (rest + 1))[:2] == (413, "too_large")
    assert refused('{"do":"ping"}' + "\u3042" * (128 << 10))[:2] == (413, "too_large")


@pytest.mark.parametrize("word", frames.WORDS)
def test_no_word_takes_what_it_does_not_know(word: str) -> None:
    smallest = {**example(frames.WORDS[word]), "do": word}
    assert frames.read(json.dumps(smallest)).do == word
    assert refused(json.dumps({**smallest, "agency": "agc_1"})) == (422, "invalid", "agency")


def test_list_has_an_end() -> None:
    too_many = ["brd_1"] * (frames.MOST_NAMED + 1)
    assert refused(json.dumps({"do": "listen", "brands": too_many})) == (422, "invalid", "brands")
    assert refused(json.dumps({"do": "listen", "brands": []})) == (422, "invalid", "brands")


@given(st.text() | JSON.map(json.dumps))
def test_any_text_is_read_or_refused_in_words_the_page_may_see(text: str) -> None:
    try:
        frame = frames.read(text)
    except errors.Problem as problem:
        (reply,) = answers.problem(Socket(id="1"), problem).frames
        answer = json.loads(reply)
        assert answer.keys() <= {"type", "code", "field"}
        assert answer["type"] == "error"
    else:
        assert frame.do in frames.WORDS


@given(
    st.fixed_dictionaries({"do": st.sampled_from(sorted(frames.WORDS))}, optional={"conversation": JSON, "types": JSON})
)
def test_whatever_is_read_fits_what_its_word_takes(content: Mapping[str, Any]) -> None:
    try:
        frame = frames.read(json.dumps(content))
    except errors.Problem:
        return
    assert frame.about.keys() <= frames.WORDS[frame.do]["properties"].keys()
    for id in (frame.about.get("conversation", CONVERSATION), *frame.about.get("types", ())):
        assert isinstance(id, str)
        assert not set(id) & set("*%#> ")

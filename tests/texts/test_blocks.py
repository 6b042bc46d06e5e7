"""A block gives back its lines, and finds what a look at each line would find."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.texts import blocks
from chalicelib.texts.blocks import Block
from chalicelib.texts.indexes import AFTER_ALL, Query
from tests.texts.making import AUTHORS, BRANDS, START, WORDS, line, lines

LINES = lines(300, Random(3))
BLOCK = Block(blocks.packed(LINES))
MOMENTS = st.none() | st.integers(START - 1_000, START + 301_000)
QUERIES = st.builds(
    Query,
    st.lists(st.sampled_from([*WORDS, "nor b", "k", "x"]), max_size=3).map(tuple),
    st.none() | st.frozensets(st.sampled_from([*BRANDS, "brd_9"])),
    st.sampled_from(["", *AUTHORS, "ctc_9"]),
    st.sampled_from(["", "example", "other"]),
    MOMENTS,
    MOMENTS,
)


@given(QUERIES, st.just(AFTER_ALL) | st.sampled_from([entry.key for entry in LINES]))
def test_a_block_finds_what_a_look_at_each_line_finds(query: Query, before: str) -> None:
    assert list(BLOCK.find(query, before)) == [
        entry.key for entry in LINES if query.finds(entry) and entry.key < before
    ]


@pytest.mark.parametrize("number", [1, 2, 299])
def test_a_block_gives_back_its_lines(number: int) -> None:
    assert Block(blocks.packed(LINES[:number])).lines() == LINES[:number]


def test_texts_of_all_scripts_are_found_and_come_back() -> None:
    texts = ["مرحبا", "한글", "注文はどこ", "", "naïve", "\ud800 half"]
    made = [line(-at, text) for at, text in enumerate(texts)]
    block = Block(blocks.packed(made))
    assert [entry.text for entry in block.lines()] == [*texts[:-1], "? half"]
    assert list(block.find(Query(("注文",)), AFTER_ALL)) == [made[2].key]


def test_what_was_erased_is_not_found() -> None:
    made = [line(2).blank, line(1)]
    assert list(Block(blocks.packed(made)).find(Query(), AFTER_ALL)) == [made[1].key]


def test_a_brand_that_is_not_in_the_block_costs_no_look_at_texts() -> None:
    block = Block(blocks.packed(LINES))
    assert list(block.find(Query(("k",), frozenset({"brd_9"})), AFTER_ALL)) == []
    assert "_texts" not in vars(block)

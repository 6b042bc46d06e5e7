"""Every fact counts once, whatever comes twice, late, in another order or in other batches."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.figures import facts, folds
from chalicelib.figures.facts import Cell, Fact
from tests.figures.told import HOUR, inserted, message, removed

CELLS = st.builds(
    Cell,
    st.sampled_from(["in", "out", "echo", "gone", "media"]),
    st.sampled_from(["chn_a", "chn_b"]),
    st.just("dm"),
    st.just(""),
    st.sampled_from(["", "template"]),
    st.integers(0, 3),
)
FACTS = st.lists(
    st.builds(
        Fact,
        st.just("agc_1"),
        st.sampled_from(["brd_1", "brd_2"]),
        st.just(0),
        CELLS,
        st.sampled_from("abcdefgh"),
        st.integers(1, 9),
    )
)


@given(FACTS, st.randoms())
def test_order_and_repeats_make_no_difference(batch: Sequence[Fact], random: Any) -> None:
    again = [*batch, *batch[::2]]
    random.shuffle(again)
    assert folds.fold(again) == folds.fold(batch)


@given(FACTS)
def test_facts_come_back_from_the_table_as_they_were(batch: Sequence[Fact]) -> None:
    once = {(fact.brand, fact.cell, fact.id): fact for fact in batch}.values()
    assert set(folds.unpacked("agc_1", 0, folds.packed(once))) == set(once)


@given(FACTS, st.data())
def test_name_of_a_batch_follows_from_its_facts_alone(batch: Sequence[Fact], data: st.DataObject) -> None:
    assert folds.name(data.draw(st.permutations(batch))) == folds.name(batch)
    if batch:
        other = Fact("agc_1", "brd_1", 0, Cell("in", "chn_a", "dm", "", "", 0), "another")
        assert folds.name([*batch, other]) != folds.name(batch)


def test_echo_that_turns_out_to_be_ours_is_counted_as_ours_alone() -> None:
    echo, ours = message(direction="out"), message(2, direction="out", reply="rpl_1")
    changes = [removed(echo), inserted(echo), inserted(ours)]
    batch = [fact for change in changes for fact in facts.of_change(change)]
    assert folds.fold(batch) == {Cell("out", "chn_a", "dm", "", "", 0): 1}
    assert {fact.hour for fact in batch} == {HOUR}


def test_hour_of_very_many_channels_keeps_what_each_of_them_said() -> None:
    numbers = range(8_000)
    cells = [Cell("in", f"chn_{n % 400}", "dm", str(n // 400 % 5), "", n // 2_000) for n in numbers]
    folded = folds.fold(Fact("agc_1", "brd_1", 0, cell, str(n)) for n, cell in zip(numbers, cells, strict=True))
    assert folded == {Cell("in", f"chn_{number}", "", "", "", 0): 20 for number in range(400)}

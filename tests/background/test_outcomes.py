"""Whatever becomes of a record, the door answers: no outcome, and no name of one, makes the line about it fail."""

import logging
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import batch, log

OUTCOMES = [
    "sent",
    "settled",
    "failed",
    "unknown",
    "applied",
    "unhandled",
    "split",
    "lost",
    "quarantined",
    "unroutable",
]
NAMES = st.text(min_size=1) | st.sampled_from(
    [*OUTCOMES, "records", "returned", "event", *vars(logging.makeLogRecord({}))]
)


# F24
@given(st.dictionaries(NAMES, st.integers(0, 10)))
def test_no_outcome_has_the_name_of_another_field(outcomes: dict[str, int]) -> None:
    counted = batch.as_log_fields(Counter(outcomes))
    assert sorted(counted.values()) == sorted(outcomes.values())
    log.line("outbox", records=1, returned=0, **counted)


@pytest.mark.parametrize("name", sorted({*vars(logging.makeLogRecord({})), "message", "asctime", "event", "error"}))
def test_no_name_of_a_field_makes_a_line_fail(name: str) -> None:
    log.line("request", **{name: 1})
    log.problem("request_failed", ValueError("secret"), **{name: 1})


def test_one_that_raises_comes_back_alone() -> None:
    heard: list[str] = []

    def perform(record: batch.Record) -> None:
        if record["messageId"] == "2":
            raise ValueError(record["messageId"])

    records = [{"messageId": id} for id in ("1", "2", "3")]
    failed = batch.each(records, perform, lambda record, error: heard.append(str(error)))
    assert (failed, heard) == ([{"messageId": "2"}], ["2"])
    assert batch.failures(failed) == {"batchItemFailures": [{"itemIdentifier": "2"}]}

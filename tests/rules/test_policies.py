"""What a brand says is read as a whole, whatever its draft has in it."""

from collections.abc import Iterator

import pytest

from chalicelib import ids
from chalicelib.editorial import starters
from chalicelib.rules import policies
from chalicelib.store import fence, keys, table
from chalicelib.store.models.brands import StoredLine
from chalicelib.words import looks
from tests.support.stack import Stack

BRAND = "brd_00000000000000000000000001"


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def test_draft_with_names_that_are_no_words_stops_no_rule(agency: str) -> None:
    named = [{"id": "rival", "name": "Herbalyne", "others": ["?", "...", "*"]}, {"id": "nobody", "name": "#"}]
    content = {**starters.starter("en"), "competitors": named}
    table.put(StoredLine(keys.within(agency, BRAND), keys.line(0), content=content, author="", version=1, saved_at=0))
    policy = policies.read(agency, BRAND)
    findings = looks.look("Try Herbalyne instead", policy.lexicon, language="en").findings
    assert [finding.category for finding in findings] == ["competitor"]
    assert looks.look("Lovely bags", policy.lexicon, language="en").findings == ()

"""What a verdict means for a reply that waits: only what is new brings it back."""

import pytest

from chalicelib.editorial.checks import Remark
from chalicelib.editorial.verdicts import Verdict, refusal_for, view
from chalicelib.words.findings import Span

RIVAL, CLAIM = Remark("competitor", "approval"), Remark("forbidden_claim", "approval", "law.health")
SHOUTED, REFUSED = Remark("shouting", "warn"), Remark("insult", "block", "respect.insults", Span(1, 5, 2, "idiot"))


@pytest.mark.parametrize(
    ("before", "after", "goes_beyond"),
    [
        ([], [], False),
        ([], [SHOUTED], False),
        ([], [RIVAL], True),
        ([RIVAL], [RIVAL, RIVAL], False),
        ([RIVAL], [RIVAL, CLAIM], True),
        ([RIVAL, CLAIM], [CLAIM], False),
        ([], [REFUSED], True),
    ],
    ids=["nothing", "a_warning", "new", "known", "one_more", "one_less", "refused"],
)
def test_only_what_somebody_has_not_approved_yet_goes_beyond(
    before: list[Remark], after: list[Remark], goes_beyond: bool
) -> None:
    assert Verdict(2, after).goes_beyond(Verdict(1, before).kept) == goes_beyond
    assert Verdict(2, after).goes_beyond(None) == bool(Verdict(2, after).asks)


def test_a_refusal_names_the_place_and_the_clause_and_never_the_words() -> None:
    refusal = refusal_for(Verdict(4, [REFUSED]))
    assert (refusal.status, refusal.code, refusal.field) == (422, "against_the_line", "text")
    assert refusal.more["line"] == 4
    [finding] = refusal.more["findings"]
    assert (finding["clause"], finding["at"], finding["length"], finding["at16"]) == ("respect.insults", 1, 5, 2)
    assert "idiot" not in str(refusal.more)


def test_a_draft_has_no_version() -> None:
    assert view(Verdict(0, [])) == {"version": None, "findings": []}

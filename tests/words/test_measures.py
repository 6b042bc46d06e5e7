"""How much is found: in `labelled.jsonl`, comments made up for this project, with what is expected of each.

And in HateCheck and Multilingual HateCheck (CC BY 4.0), where `.local/hatecheck/{language}.csv` has them as published.
"""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from chalicelib.words import lexicons
from chalicelib.words.findings import Verdict
from chalicelib.words.looks import look

LOCAL = Path(__file__).parents[2] / ".local"
EXAMPLES, HATECHECK = Path(__file__).with_name("labelled.jsonl"), LOCAL / "hatecheck"
# What facts about authors and other accounts decide, is not in the text.
FACTS = {"competitor"}
NEVER_HIDDEN = {"complaint", "innocent", "quoted", "affection", "self_harm"}
HARMLESS = {"ident_neutral_nh", "ident_pos_nh", "negate_neg_nh"}
ALL = lexicons.joined(lexicons.LANGUAGES)


def examples() -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in EXAMPLES.read_text().splitlines()]
    return [row for row in rows if row["expect"]["class"] not in FACTS and not row.get("same_text")]


def seen(row: dict[str, Any]) -> Verdict:
    return look(row["text"], ALL, brand=frozenset({"velostra", "lune"}))


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def test_what_is_hidden_is_right_and_most_of_what_should_be_is() -> None:
    pairs = Counter((row["expect"]["action"], seen(row).most) for row in examples())
    hidden = sum(count for (_, act), count in pairs.items() if act == "hide")
    wanted = sum(count for (act, _), count in pairs.items() if act == "hide")
    flagged = sum(count for (act, given), count in pairs.items() if "nothing" not in (act, given))
    assert share(pairs["hide", "hide"], hidden) >= 0.98
    assert share(pairs["hide", "hide"], wanted) >= 0.90
    assert share(flagged, sum(count for (act, _), count in pairs.items() if act != "nothing")) >= 0.93


def test_no_complaint_quotation_or_cry_for_help_is_hidden() -> None:
    hidden = [row["text"] for row in examples() if row["expect"]["class"] in NEVER_HIDDEN and seen(row).most == "hide"]
    assert hidden == []


def test_what_is_hidden_is_explained_by_the_words_that_matter() -> None:
    for row in examples():
        verdict = seen(row)
        reasons = [why for why in row["expect"]["why"] if "span" in why]
        if verdict.most == "hide" and reasons:
            shown = [span for finding in verdict.findings for span in finding.spans]
            assert any(
                span.at < why["at"] + len(why["span"]) and why["at"] < span.at + span.length
                for span in shown
                for why in reasons
            ), row["text"]


@pytest.mark.parametrize("language", lexicons.LANGUAGES)
def test_identities_that_are_only_named_or_defended_are_never_hidden(language: str) -> None:
    path = HATECHECK / f"{language}.csv"
    if not path.exists():
        pytest.skip("HateCheck is not here")
    rows = list(csv.DictReader(path.read_text().splitlines()))
    harmless = [row["test_case"] for row in rows if row["functionality"] in HARMLESS]
    assert len(harmless) > 400
    for lexicon in (lexicons.joined((language,)), ALL):
        assert [text for text in harmless if look(text, lexicon).most == "hide"] == []

"""Sheets come back as they were written, and no program takes a cell for a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api import sheets

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_cells_come_back_as_they_were_written(texts: list[str]) -> None:
    columns = [str(number) for number in range(len(texts))]
    sheet = sheets.sheet("a", columns, [dict(zip(columns, texts, strict=True))])
    [names, cells] = read(sheet.text)
    assert (names, [cell.removeprefix("'") for cell in cells]) == (columns, [text.removeprefix("'") for text in texts])


# BI-36
@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@a", "\tb", "\rb"])
def test_text_that_looks_like_a_formula_gets_a_quote_before_it(text: str) -> None:
    sheet = sheets.sheet("a", ["name", "count"], [{"name": text, "count": -3}])
    assert read(sheet.text)[1] == [f"'{text}", "-3"]


def test_sheet_says_that_it_is_utf_8_and_ends_lines_as_rfc_4180_says() -> None:
    assert sheets.sheet("a", ["né"], [{"né": None}, {"né": 1}]).text == '\ufeffné\r\n""\r\n1\r\n'

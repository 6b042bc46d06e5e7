"""By which strangers find or rob somebody; numbers of orders and dates are none of it. All numbers are test numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.words import personal_data
from chalicelib.words.foldings import fold


def named(text: str) -> list[tuple[str, str]]:
    return [(datum.name, text[datum.start : datum.end]) for datum in personal_data.data(fold(text))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("DE89 3704 0044 0532 0130 00", "account"),
        ("FR7630006000011234567890189", "account"),
        ("4111 1111 1111 1111", "card"),
        ("5500-0000-0000-0004", "card"),
        ("12345678Z", "national_id"),
        ("529.982.247-25", "national_id"),
        ("2 55 08 14 168 025 38", "national_id"),
        ("07 00 11 22 33", "phone"),
        ("+49 1512 3456789", "phone"),
        ("(0)20 7946 0958", "phone"),
        ("ana.b+shop@mail.example.org", "mail"),
    ],
)
def test_each_kind_is_known_by_its_form_and_its_check_digits(text: str, name: str) -> None:
    assert named(text) == [(name, text)]


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 01",
        "4111 1111 1111 1112",
        "12345678A",
        "2026-11-27 10 30 45",
        "1 200 000 vues",
        "12,345,678.90 euros",
        "12345678",
        "@somebody",
        "3 x 4 = 12",
        "120 km, 40 km/h",
    ],
)
def test_other_numbers_are_nobodys(text: str) -> None:
    assert named(text) == []


@given(st.text(st.sampled_from("0123456789 +-./()@abzDEFR\u0663\uff11"), max_size=120))
def test_no_row_of_digits_fails(text: str) -> None:
    folding = fold(text)
    for datum in personal_data.data(folding):
        assert 0 <= datum.start < datum.end <= len(folding.text)

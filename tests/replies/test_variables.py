"""Variables are filled in once, or told as missing; whatever else is in a text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.replies import variables
from tests.support.hostile import MOST_MS, cpu_ms

VALUES = {"contact.name": "Ana Belén", "contact.first_name": "Ana", "conversation.order": "12"}
PIECES = st.sampled_from(
    ["{", "}", "{{", "}}", "|", " ", "Hi", "contact.name", "conversation.order", "brand.name", "é"]
)
TEXTS = st.text() | st.lists(PIECES).map("".join)


@pytest.mark.parametrize(
    ("text", "rendered", "missing"),
    [
        ("Hello {{contact.first_name}}!", "Hello Ana!", []),
        ("Hello {{ contact.first_name }}!", "Hello Ana!", []),
        ("Hello {{contact.first_name|there}}!", "Hello Ana!", []),
        ("Hello {{contact.username|there}}!", "Hello there!", []),
        ("Hello {{contact.username|}}!", "Hello !", []),
        ("Hello {{contact.username}}!", "Hello {{contact.username}}!", ["contact.username"]),
        ("{{brand.name}}, {{member.name}}, {{brand.name}}", "{{brand.name}}, {{member.name}}, {{brand.name}}",
         ["brand.name", "member.name"]),
        ("Order {{conversation.order}}", "Order 12", []),
        ("{{{contact.name}}}", "{Ana Belén}", []),
    ],
)  # fmt: skip
def test_variables_are_filled_in(text: str, rendered: str, missing: list[str]) -> None:
    assert variables.render(text, VALUES) == (rendered, missing)


@given(TEXTS)
def test_what_has_no_variables_renders_to_itself(text: str) -> None:
    if not list(variables.names(text)):
        assert variables.render(text, VALUES) == (text, [])


@given(TEXTS, st.dictionaries(st.sampled_from(variables.NAMES), TEXTS))
def test_rendering_never_fails(text: str, values: dict[str, str]) -> None:
    _, missing = variables.render(text, values)
    assert set(missing) <= set(variables.names(text))
    assert not set(missing) & {name for name, value in values.items() if value}


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    assert variables.render("{{contact.name}}", {"contact.name": "{{brand.name}}"}) == ("{{brand.name}}", [])


@pytest.mark.parametrize(
    ("text", "left"),
    [("{{contact.name}}", True), ("{{ brand.name | us }}", True), ("{{conversation.x}}", True), ("{{x}}", False),
     ("{{conversation.}}", False), ("{contact.name}", False), ("{{}}", False)],
)  # fmt: skip
def test_only_variables_of_ours_are_left_to_fill_in(text: str, left: bool) -> None:
    assert variables.has_unfilled(text) == left


@pytest.mark.parametrize("text", ["{{" + " " * 100_000, "{{" * 50_000, "{{a|" * 25_000, "{{ a | " + "b " * 50_000])
def test_long_texts_take_no_time(text: str) -> None:
    assert not variables.has_unfilled(text)
    assert cpu_ms(lambda: variables.has_unfilled(text)) < MOST_MS

"""The details of errors, wherever the code gives one as a literal: whoever reads one knows what is wrong with what."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from chalicelib import errors
from chalicelib.networks import outgoing
from local import sources
from local.environment import ROOT

LONGEST = 140
NAMELESS = re.compile(r"(It|Its|They|This|That|These|Those|Somebody who|Such)\b")
CODE = ROOT / "chalicelib"
PROBLEMS = {f"errors.{kind.__name__}" for kind in errors.Problem.__subclasses__()}
OUTCOMES = {f"base.{kind.__name__}" for kind in outgoing.Outcome.__subclasses__()}


def written(detail: ast.expr) -> str:
    """The text of a literal, with … where a value is put in; empty for anything else."""
    if isinstance(detail, ast.JoinedStr):
        return "".join(written(part) for part in detail.values)
    if isinstance(detail, ast.FormattedValue):
        return "…"
    return detail.value if isinstance(detail, ast.Constant) and isinstance(detail.value, str) else ""


@cache
def details() -> list[tuple[str, str]]:
    """Each with the file that has it."""
    return sorted({(file, text) for file, text in _given() if text})


def _given() -> Iterator[tuple[str, str]]:
    for path in sorted(CODE.rglob("*.py")):
        if not path.name.startswith(("tests", "double")):
            for node in sources.nodes(path):
                if isinstance(node, ast.Call) and sources.name(node.func) in PROBLEMS | OUTCOMES and node.args:
                    yield str(path.relative_to(CODE)), written(node.args[0])


RULES: dict[str, Callable[[str], object]] = {
    "begins with a capital letter, or with a name": lambda text: re.match(r"[A-Z…`@]", text),
    "ends with a period": lambda text: text.endswith("."),
    "names its thing": lambda text: not NAMELESS.match(text),
    "is short": lambda text: len(text) <= LONGEST,
}


def test_details_are_found() -> None:
    assert len(details()) > 300


@pytest.mark.parametrize("rule", RULES)
def test_each_detail(rule: str) -> None:
    assert [detail for detail in details() if not RULES[rule](detail[1])] == []

"""The walks of docs/architecture.md are followed: each step is there, and leads to the next."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from local import sources
from local.environment import ROOT
from tests.test_budgets import FLOORS

PAGE = (ROOT / "docs" / "architecture.md").read_text()
STEP = re.compile(r"^\d+\. \[[^\]]+\]\(\.\./([^)]+)\) `(\w+)`")
HOP = re.compile(r"^ +- → ")
WALKS = {
    title: text for title, text in re.findall(r"^## (.*)\n((?:(?!## ).*\n?)*)", PAGE, re.MULTILINE) if "1. [" in text
}


def steps(text: str) -> Iterator[list[tuple[str, str]]]:
    """The stretches of a walk between two hops, each as its steps by file and name."""
    stretch: list[tuple[str, str]] = []
    for line in text.splitlines():
        if step := STEP.match(line):
            stretch.append((step[1], step[2]))
        elif HOP.match(line):
            yield stretch
            stretch = []
    yield stretch


def source(path: Path, name: str) -> ast.AST:
    """The function, class or table of that name in the file."""
    for node in sources.module(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return node
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return node
    raise AssertionError(f"{path}: no {name}")


def mentions(node: ast.AST) -> set[str]:
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def test_there_are_ten_walks() -> None:
    assert len(WALKS) == 10


@pytest.mark.parametrize("walk", WALKS)
def test_each_step_leads_to_the_next(walk: str) -> None:
    for stretch in steps(WALKS[walk]):
        for (file, name), (_, following) in pairwise(stretch):
            assert following in mentions(source(ROOT / file, name)), f"{file}: {name} does not lead to {following}"
        file, name = stretch[-1]
        assert source(ROOT / file, name)


def test_the_floors_are_drawn_as_they_are() -> None:
    drawn = [
        {name.removesuffix(".py") for name in re.findall(r"(?:^|<br>|, )`([\w.]+)`", row)}
        for row in re.findall(r"^\| \d+ \| ([^|]*) \|", PAGE, re.MULTILINE)
    ]
    assert drawn == [set(floor) for floor in reversed(FLOORS)]

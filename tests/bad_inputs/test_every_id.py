"""Each id has one case in all of the tables, and none of what is specific to a network or a consent was lost.

Of moderation's, most stand with what they are about: a test says in its docstring which it proves.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.support.cases import Cases

TABLES = [
    import_module(f"tests.bad_inputs.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.stem != Path(__file__).stem
]
# How many cases there are, by the first part of their ids.
COUNTS = {"IG": 1, "LI": 3, "ME": 9, "MO": 7, "OA": 10, "TG": 4, "TK": 1, "VI": 1, "WA": 8, "XT": 2}
MODERATION = {f"MO-{number:02d}" for number in range(1, 31)}


def _in_tables() -> list[str]:
    cases = [table.cases for table in TABLES if isinstance(getattr(table, "cases", None), Cases)]
    return [id for group in cases for id in group]


def _in_docstrings() -> Iterator[str]:
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        text = path.read_text()
        tests = ast.walk(ast.parse(text)) if "MO-" in text else ()
        for test in tests:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                yield from re.findall(r"MO-\d\d", ast.get_docstring(test) or "")


def test_each_id_of_moderation_is_proved() -> None:
    apart, beside = {*_in_tables()} & MODERATION, {*_in_docstrings()}
    assert not apart & beside
    assert apart | beside == MODERATION


def test_each_id_has_one_case() -> None:
    ids = _in_tables()
    assert len(ids) == len(set(ids))
    counts = {part: sum(id.startswith(f"{part}-") for id in ids) for part in COUNTS}
    assert counts == COUNTS

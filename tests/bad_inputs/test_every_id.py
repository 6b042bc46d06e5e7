"""Each id has one case in all of the tables, and none of what is specific to a network or a consent was lost."""

from importlib import import_module
from pathlib import Path

from tests.support.cases import Cases

TABLES = [
    import_module(f"tests.bad_inputs.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.stem != Path(__file__).stem
]
# How many cases there are, by the first part of their ids.
COUNTS = {"IG": 1, "LI": 3, "ME": 9, "OA": 10, "TG": 4, "TK": 1, "VI": 1, "WA": 8, "XT": 2}


def test_each_id_has_one_case() -> None:
    cases = [table.cases for table in TABLES if isinstance(getattr(table, "cases", None), Cases)]
    ids = [id for one in cases for id in one]
    assert len(ids) == len(set(ids))
    found = {part: sum(id.startswith(f"{part}-") for id in ids) for part in COUNTS}
    assert found == COUNTS

"""The rules of the house, executed: sizes, imports that point down, and what is used in one place only."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = [
    path
    for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    if not path.name.startswith(("tests", "double"))
]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
MEDIAN_FILE, LONG_FILE = 90, 220
MEDIAN_FUNCTION, LONG_FUNCTION = 8, 22
LARGEST_PACKAGE = 30 << 20
NETWORKS = {path.parent.name for path in (ROOT / "chalicelib" / "networks").glob("*/__init__.py")}
# Who may use what: a module, and the only places that import it.
ONLY = {
    "boto3": {"storage.py", "queues.py", "secrets.py", "mail.py", "person.py"},
    "stripe": set(),
    "pynamodb": {"store", "inbox", "tenancy"},
    "jsonschema": {"schema.py"},
}


# What everything else stands on: it knows nothing of what stands on it, but the words of the networks' contract.
GROUND = {"clock", "errors", "fetch", "ids", "log", "mail", "page", "queues", "secrets", "settings", "storage", "store",
          "strict"}  # fmt: skip
# The doors: nobody but the app, and doors themselves, goes through them.
DOORS = ("routes", "schemas", "hooks", "http", "openapi", "schema", "auth", "idempotency")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_file_is_longer_than_it_should_be() -> None:
    long = {name_of(path): count for path in SHIPPED if (count := path.read_text().count("\n")) > LONGEST_FILE}
    assert long == {}


def test_files_are_mostly_short() -> None:
    tenths = quantiles([path.read_text().count("\n") for path in SHIPPED], n=10)
    assert tenths[4] <= MEDIAN_FILE
    assert tenths[8] <= LONG_FILE


def test_functions_are_short() -> None:
    every = dict(found for path in SHIPPED for found in functions(path))
    assert {name: lines for name, lines in every.items() if lines > LONGEST_FUNCTION} == {}
    tenths = quantiles(every.values(), n=10)
    assert tenths[4] <= MEDIAN_FUNCTION
    assert tenths[8] <= LONG_FUNCTION


def test_views_are_a_few_lines() -> None:
    for path in (ROOT / "chalicelib").rglob("*routes.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                assert len(node.body) - 1 <= 5, f"{name_of(path)}: {node.name}"


@pytest.mark.parametrize("module", ONLY)
def test_what_belongs_in_one_place_stays_there(module: str) -> None:
    users = {path for path in SHIPPED if any(name == module or name.startswith(f"{module}.") for name in imports(path))}
    strangers = [path for path in users if not ONLY[module] & {path.name, *path.parts}]
    assert [name_of(path) for path in strangers] == []


def test_environment_is_read_by_settings_alone() -> None:
    readers = [name_of(path) for path in SHIPPED if "environ" in path.read_text() and path.name != "settings.py"]
    assert readers == []


@pytest.mark.parametrize("network", sorted(NETWORKS))
def test_network_knows_the_contract_and_nothing_else(network: str) -> None:
    folder = ROOT / "chalicelib" / "networks" / network
    for path in [path for path in folder.glob("*.py") if path in SHIPPED]:
        ours = {name for name in imports(path) if name.startswith("chalicelib.")}
        allowed = ("chalicelib.networks.base", "chalicelib.networks.http", "chalicelib.networks._meta",
                   f"chalicelib.networks.{network}")  # fmt: skip
        assert [name for name in ours if not name.startswith(allowed) and name != "chalicelib.networks"] == [], path


def test_nobody_names_a_network() -> None:
    for path in SHIPPED:
        if not NETWORKS & set(path.parts):
            named = [name for name in imports(path) if name.split(".")[-1] in NETWORKS]
            assert named == [], name_of(path)


def test_store_imports_no_noun() -> None:
    above = ("chalicelib.api", "chalicelib.inbox", "chalicelib.tenancy", "chalicelib.insight", "chalicelib.networks")
    for path in (ROOT / "chalicelib" / "store").rglob("*.py"):
        assert [name for name in imports(path) if name.startswith(above)] == [], name_of(path)


def test_ground_floor_knows_nothing_of_what_stands_on_it() -> None:
    for path in SHIPPED:
        if name_of(path).removeprefix("chalicelib/").partition("/")[0].removesuffix(".py") in GROUND:
            ours = [name for name in imports(path) if name.startswith("chalicelib.")]
            allowed = [name for name in ours if name.split(".")[1] in GROUND or "networks.base" in name]
            assert ours == allowed, name_of(path)


def test_nothing_behind_the_doors_opens_them() -> None:
    for path in SHIPPED:
        if path.stem.endswith(DOORS) or path.name in ("app.py", "__init__.py"):
            continue
        ours = [name for name in imports(path) if name.startswith("chalicelib.") and name.split(".")[1] not in GROUND]
        opened = [name for name in ours if name.endswith(DOORS) and name != "chalicelib.networks.http"]
        assert opened == [], name_of(path)


def test_every_function_is_annotated() -> None:
    for path in SHIPPED:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                bare = [one.arg for one in given if one.annotation is None and one.arg not in ("self", "cls")]
                assert node.returns, f"{name_of(path)}:{node.lineno} {node.name} gives what?"
                assert bare == [], f"{name_of(path)}:{node.lineno} {node.name}"


def test_package_is_small() -> None:
    """Those that were built here; whoever deploys builds one."""
    built = [path for path in (ROOT / ".local" / "package").glob("*/deployment.zip") if path.exists()]
    assert [path.parent.name for path in built if path.stat().st_size > LARGEST_PACKAGE] == []


def test_nothing_is_patched_in_tests() -> None:
    ours = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "chalicelib").rglob("tests*.py")]
    users = [path for path in ours if any(name.startswith("unittest.mock") for name in imports(path))]
    assert users == []


def test_importing_the_app_brings_no_billing() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import app, sys; print('stripe' in sys.modules, 'jsonschema' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.split() == ["False", "False"]

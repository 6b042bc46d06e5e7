"""The rules of the house, executed: sizes, floors, and what is used in one place only."""

import ast
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import quantiles

import pytest

from chalicelib import background
from local import infra, sources

ROOT = Path(__file__).parents[1]
SHIPPED = [
    path
    for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    if not path.name.startswith(("tests", "double"))
]
TESTS = [
    path
    for path in [ROOT / "conftest.py", *(ROOT / "tests").rglob("*.py"), *(ROOT / "chalicelib").rglob("*.py")]
    if path not in SHIPPED
]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
MEDIAN_FILE, LONG_FILE = 90, 220
MEDIAN_FUNCTION, LONG_FUNCTION = 8, 22
LARGEST_AREA = 17
LARGEST_PACKAGE = 30 << 20
NETWORKS = {
    path.parent.name
    for path in (ROOT / "chalicelib" / "networks").glob("*/__init__.py")
    if not path.parent.name.startswith("_")
}
# What a network's folder may use beside itself.
SHARED = (
    "base", "business", "http", "marks", "oauth", "passes", "read", "signature", "templates", "_google", "_meta",
)  # fmt: skip
PLAIN_WORDS = {"line", "threads", "x"}  # are the keys of networks too: the editorial line is a brand's
# A library, and the areas or modules that may import it.
ONLY = {
    "boto3": {"aws"},
    "stripe": {"stripe.py"},
    "pynamodb": {"store"},
    "jsonschema": {"schema.py"},
    "dns": {"names.py"},
}
# From the ground up. Whoever stands on a floor imports what stands below it, and nothing above or beside it.
FLOORS = (
    {"clock", "errors", "ids", "settings", "strict_json"},
    {"batch", "log", "schema_errors", "page", "outside", "file_types", "moments", "patterns", "room", "trees", "words"},
    {"networks"},
    {"aws"},
    {"store"},
    {"access"},
    {"plans"},
    {"api"},
    {"brands", "insight", "jobs", "reference", "uploads"},
    {"people", "channels", "editorial", "classifiers"},
    {"contacts", "apps", "sso", "consents", "templates"},
    {"inbox"},
    {"replies", "teamwork", "search", "events", "figures", "origins", "rules"},
    {"transport", "sockets", "webhooks", "billing", "previews", "texts"},
    {"deliveries", "moderation", "purchases", "sandbox", "screens", "upkeep"},
    {"calls", "evaluation"},
    {"background"},
    {"app"},
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def area_of(path: Path) -> str:
    """The area a file is in: a folder of chalicelib, or the file itself where it lies outside of all."""
    return name_of(path).removeprefix("chalicelib/").partition("/")[0].removesuffix(".py")


def module_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in sources.nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


@cache
def imports(path: Path) -> Sequence[str]:
    """Everything a file imports, inside functions too."""
    return tuple(_each_import(path))


def _each_import(path: Path) -> Iterator[str]:
    for node in sources.nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_imported(path: Path) -> set[str]:
    """The modules of ours that a file imports, other than itself."""
    return set(imports(path)) & MODULES.keys() - {module_of(path), "chalicelib"}


MODULES = {module_of(path): path for path in SHIPPED}


@cache
def imported() -> Mapping[str, set[str]]:
    """The modules of ours that each imports."""
    return {module_of(path): files_imported(path) for path in SHIPPED}


def cycle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """One cycle of the graph, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        names: list[str] = found.args[1]
        return names
    return []


def test_no_files_import_each_other_in_a_circle() -> None:
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    # A package that is imported on the way to its module is no import of its own.
    graph = {name: names if name in packages else names - packages for name, names in imported().items()}
    assert cycle(graph) == []


def test_no_areas_import_each_other_in_a_circle() -> None:
    areas: dict[str, set[str]] = defaultdict(set)
    for path in SHIPPED:
        here = area_of(path)
        areas[here] |= {area_of(MODULES[name]) for name in imported()[module_of(path)]} - {here}
    assert cycle(areas) == []


def test_every_area_stands_on_a_floor() -> None:
    assert {area_of(path) for path in SHIPPED} - {"__init__"} == set().union(*FLOORS)


def test_imports_lead_down() -> None:
    floor = {area: height for height, areas in enumerate(FLOORS) for area in areas}
    for path in SHIPPED:
        for name in imported()[module_of(path)]:
            here, there = area_of(path), area_of(MODULES[name])
            assert here == there or floor[there] < floor[here], f"{name_of(path)} imports {name}"


def test_no_area_is_crowded() -> None:
    crowded = {}
    for folder in (ROOT / "chalicelib").rglob("__init__.py"):
        modules = [path for path in SHIPPED if path.parent == folder.parent and path.name != "__init__.py"]
        if len(modules) > LARGEST_AREA:
            crowded[name_of(folder.parent)] = len(modules)
    assert crowded == {}


def test_no_file_is_longer_than_it_should_be() -> None:
    every = [*SHIPPED, *TESTS]
    long = {name_of(path): count for path in every if (count := path.read_text().count("\n")) > LONGEST_FILE}
    assert long == {}


def test_files_are_mostly_short() -> None:
    tenths = quantiles([path.read_text().count("\n") for path in SHIPPED], n=10)
    assert tenths[4] <= MEDIAN_FILE
    assert tenths[8] <= LONG_FILE


def test_functions_are_short() -> None:
    every = dict(function for path in SHIPPED for function in functions(path))
    assert {name: lines for name, lines in every.items() if lines > LONGEST_FUNCTION} == {}
    tenths = quantiles(every.values(), n=10)
    assert tenths[4] <= MEDIAN_FUNCTION
    assert tenths[8] <= LONG_FUNCTION


def test_views_are_a_few_lines() -> None:
    for path in (ROOT / "chalicelib").rglob("*routes.py"):
        for node in sources.module(path).body:
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
    allowed = tuple(f"chalicelib.networks.{name}" for name in (*SHARED, network))
    for path in [path for path in SHIPPED if path.parent == ROOT / "chalicelib" / "networks" / network]:
        ours = {name for name in imports(path) if name.startswith("chalicelib.")}
        assert [name for name in ours if not name.startswith(allowed) and name != "chalicelib.networks"] == [], path


def test_the_detector_knows_nothing_of_ours_and_no_library() -> None:
    for path in [path for path in SHIPPED if area_of(path) == "words"]:
        foreign = {name for name in imports(path) if not name.startswith("chalicelib.words")} - {"chalicelib"}
        assert {name.partition(".")[0] for name in foreign} <= sys.stdlib_module_names, path


def test_nobody_names_a_network() -> None:
    for path in SHIPPED:
        if not NETWORKS & set(path.parts):
            words = {
                node.value for node in sources.nodes(path) if isinstance(node, ast.Constant)
            }  # fmt: skip
            meant = {word for word in words if isinstance(word, str)} - PLAIN_WORDS
            named = {name.split(".")[-1] for name in imports(path) if name.startswith("chalicelib.networks.")} | meant
            assert named & (NETWORKS - {"example"}) == set(), name_of(path)


def test_only_the_app_imports_routes() -> None:
    for path in SHIPPED:
        if path.name != "app.py":
            assert [name for name in imports(path) if name.startswith("chalicelib.") and "routes" in name] == [], path


def test_nothing_but_routes_and_schemas_imports_schemas() -> None:
    for path in SHIPPED:
        if not path.stem.endswith(("routes", "schemas")):
            schemas = [name for name in imports(path) if name.startswith("chalicelib.") and name.endswith("schemas")]
            assert schemas == [], name_of(path)


def test_every_function_is_annotated() -> None:
    for path in SHIPPED:
        for node in sources.nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                bare = [
                    argument.arg
                    for argument in given
                    if argument.annotation is None and argument.arg not in ("self", "cls")
                ]
                assert node.returns, f"{name_of(path)}:{node.lineno} {node.name} gives what?"
                assert bare == [], f"{name_of(path)}:{node.lineno} {node.name}"


def test_package_is_small() -> None:
    """Those that were built here; whoever deploys builds one."""
    built = [path for path in (ROOT / ".local" / "package").glob("*/deployment.zip") if path.exists()]
    assert [path.parent.name for path in built if path.stat().st_size > LARGEST_PACKAGE] == []


def test_nothing_is_patched_in_tests() -> None:
    naming = [path for path in TESTS if "unittest" in path.read_text()]
    assert [path for path in naming if any(name.startswith("unittest.mock") for name in imports(path))] == []


# What one function or one kind of request needs alone is imported where it is used: a cold start pays for the rest.
LATER = (
    "stripe", "dns", "jsonschema", "jwt", "boto3", "cryptography.hazmat.primitives.ciphers", "ulid",
    "aws_lambda_powertools", "chalicelib.words",
)  # fmt: skip


def test_importing_the_app_brings_only_what_every_function_needs() -> None:
    asked = f"import app, sys; print([name for name in {LATER} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_each_process_loads_the_work_of_its_own_function_when_it_starts() -> None:
    works = {path.stem for path in (ROOT / "chalicelib" / "background").glob("*.py")} - {"__init__", "batch", "due"}
    functions = infra.table()["functions"].items()
    queued = {name for name, function in functions if {"takes", "stream"} & set(function)}
    assert queued <= {*(f"on_{work}" for work in works), *background.ELSEWHERE}
    asked = "import app, sys; print([name for name in sys.modules if name.startswith('chalicelib.background.')])"
    for function, work in (("app", []), ("authorizer", []), ("on_change", ["change"]), ("tick", ["tick"])):
        env = {**os.environ, "_HANDLER": f"app.{function}"}
        done = subprocess.run(
            [sys.executable, "-c", asked], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        loaded = {name.rpartition(".")[2] for name in ast.literal_eval(done.stdout)}
        assert loaded & works == set(work)

"""Which codes the source raises, with their statuses: every problem that a caller may meet."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from chalicelib import errors
from chalicelib.networks.incoming import OF_PEOPLE, Verb
from chalicelib.networks.templates import FAULTS
from chalicelib.replies import sendability
from local import sources
from local.environment import ROOT

PLACE = ROOT / "chalicelib"
_CLASSES = {kind.__name__: kind for kind in errors.Problem.__subclasses__()}


def codes() -> dict[str, set[int]]:
    """The statuses of each code. Raises ValueError for a code that cannot be found out from the source."""
    statuses: dict[str, set[int]] = defaultdict(set)
    for error in _CLASSES.values():
        statuses[error.code].add(error.status)
    for path in modules():
        for function in _functions(path):
            for kind, code in raised(function):
                for word in words(code, function, path):
                    statuses[word].add(kind.status)
    return dict(statuses)


def modules(place: Path = PLACE) -> Iterator[Path]:
    return (path for path in sorted(place.rglob("*.py")) if not path.name.startswith(("tests", "double")))


def _functions(path: Path) -> Iterator[ast.AST]:
    """The functions of a module, and the code outside of them."""
    within = [node for node in sources.nodes(path) if isinstance(node, ast.FunctionDef)]
    inner = {id(node) for function in within for node in ast.walk(function)}
    yield from within
    yield from (node for node in ast.iter_child_nodes(sources.module(path)) if id(node) not in inner)


def raised(function: ast.AST) -> Iterator[tuple[type[errors.Problem], ast.expr]]:
    for call in ast.walk(function):
        if isinstance(call, ast.Call):
            yield from of_call(call)


def of_call(call: ast.Call) -> Iterator[tuple[type[errors.Problem], ast.expr]]:
    """The class and the code of the problem that this call makes."""
    kind = sources.name(call.func)
    if kind.removeprefix("errors.") in _CLASSES and kind.startswith("errors."):
        given = (keyword.value for keyword in call.keywords if keyword.arg == "code")
        yield from ((_CLASSES[kind.removeprefix("errors.")], code) for code in given)


def words(code: ast.expr, function: ast.AST, path: Path) -> set[str]:
    if isinstance(code, ast.Constant):
        return {str(code.value)}
    written = ast.unparse(code)
    if written in _FAMILIES:
        return set(_FAMILIES[written])
    every = set(_assigned(written, function))
    if not every:
        raise ValueError(f"{path.relative_to(ROOT)}: what is {written}?")
    return every


def _assigned(name: str, function: ast.AST) -> Iterator[str]:
    """The texts that are assigned to that name in the function, also as part of a tuple."""
    for node in ast.walk(function):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            pairs = zip(_parts(target), _parts(node.value), strict=False) if isinstance(node, ast.Assign) else ()
            for left, right in pairs:
                if ast.unparse(left) == name:
                    yield from _texts(right)


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _texts(node: ast.expr) -> Iterator[str]:
    for part in (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _rules() -> set[str]:
    """The rules that an address may break."""
    calls = (
        node
        for path in modules(PLACE / "outside")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and sources.name(node.func) == "Refused"
    )
    return {str(ast.literal_eval(call.args[0])) for call in calls}


# Codes that are put together, as they are written in the source.
_FAMILIES = {
    "_code(schema, error)": ["bad_act", "bad_condition"],
    "f'cannot_{verb}'": [f"cannot_{verb}" for verb in get_args(Verb) if verb not in OF_PEOPLE],
    "f'address_{refused.rule}'": [f"address_{rule}" for rule in _rules()],
    "fault.code": FAULTS,
    "allowed.why": sendability.CUT_OFF,
    "allowed.why or 'window_closed'": ["window_closed", "cannot_reply"],
}

"""Which codes each operation can refuse with, found in the source: those of all functions that its view can reach.

It follows names from function to function, and stops where an error is caught. It finds more than can happen:
`never.py` lists what cannot. If it found too little, tests that provoke a refusal would show it.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib import errors
from chalicelib.api import schema
from chalicelib.api.http import Route
from local import sources
from local.environment import ROOT
from local.reference import raised

Refusal = tuple[type[errors.Problem], str]  # its class and its code
_EVERY: tuple[type[errors.Problem], ...] = (errors.Problem, *errors.Problem.__subclasses__())
_CLASSES = {kind.__name__: kind for kind in _EVERY}
BUILT_IN = frozenset(
    name for kind in (str, bytes, dict, list, set, re.Match) for name in dir(kind)
)  # what most things have
# These ask what would be refused, and tell it in their answers.
ASKING = tuple(
    f"chalicelib.{name}"
    for name in (
        "screens.allowed.",
        "previews.previews.objections",
        "previews.previews._file",
        "previews.previews._way_view",
        "replies.staleness._is_stopped",
    )
)


@dataclass
class Function:
    """What a function, or a value of a module, raises itself; and the names it uses, each with the classes that are
    caught there.
    """

    raises: set[Refusal] = field(default_factory=set)
    names: set[tuple[str, frozenset[type[errors.Problem]]]] = field(default_factory=set)


def codes(route: Route) -> Mapping[int, set[str]]:
    """By status: the codes that its view can reach, and those that follow from its declaration."""
    by_status: dict[int, set[str]] = defaultdict(set)
    for kind, code in _refusals().get(f"{route.view.__module__}.{route.view.__name__}", ()):
        by_status[kind.status].add(code)
    if route.newcomers:
        by_status[errors.Forbidden.status].add("people_only")
    if route.body is not None:
        by_status[errors.Invalid.status] |= set(_of_schema(route.body))
    return by_status


def _of_schema(body: Mapping[str, Any]) -> Iterator[str]:
    if "minProperties" in body:
        yield "empty"
    waiting: list[Any] = [body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            yield from [part[schema.REFUSED]] if schema.REFUSED in part else []
            waiting += part.values()


@cache
def _refusals() -> Mapping[str, set[Refusal]]:
    """For each function, its refusals and those of the functions that it uses."""
    functions = _functions()
    known = {name: set(function.raises) for name, function in functions.items()}
    callers: dict[str, set[str]] = defaultdict(set)
    for name, function in functions.items():
        for called, _ in function.names:
            callers[called].add(name)
    waiting = {name for name, raised in known.items() if raised}
    while waiting:
        for caller in callers[(called := waiting.pop())]:
            passed = {
                refusal
                for name, caught in functions[caller].names
                if name == called and not called.startswith(ASKING)
                for refusal in known[called]
                if not issubclass(refusal[0], tuple(caught))
            }
            if passed - known[caller]:
                known[caller] |= passed
                waiting.add(caller)
    return known


def _functions() -> Mapping[str, Function]:
    by_name: dict[str, Function] = {}
    trees = {_name(path): (path, sources.module(path)) for path in raised.modules()}
    defined = {f"{module}.{name}" for module, (_, tree) in trees.items() for name, _ in _definitions(tree)}
    methods: dict[str, set[str]] = defaultdict(set)
    for module, (_, tree) in trees.items():
        for name, _ in _definitions(tree):
            if "." in name and name.partition(".")[2] not in BUILT_IN:
                methods[name.partition(".")[2]].add(f"{module}.{name}")
    for module, (path, tree) in trees.items():
        imported = dict(_imported(path))
        for name, node in _definitions(tree):
            reader = _Reader(module, path, imported, defined, methods)
            reader.visit(node)
            by_name[f"{module}.{name}"] = reader.found
    return by_name


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            within = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            yield node.name, ast.Module([part for part in node.body if part not in within], [])
            yield from ((f"{node.name}.{part.name}", part) for part in within)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((target.id, node.value) for target in targets if isinstance(target, ast.Name))


def _imported(path: Path) -> Iterator[tuple[str, str]]:
    for node in sources.nodes(path):
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)


class _Reader(ast.NodeVisitor):
    """Reads one function. A method name stands for every method of that name in the imported modules, or for the only
    one there is.
    """

    def __init__(
        self,
        module: str,
        path: Path,
        imported: Mapping[str, str],
        defined: Collection[str],
        methods: Mapping[str, set[str]],
    ) -> None:
        self.module, self.path, self.imported, self.defined, self.methods = module, path, imported, defined, methods
        self.found, self.function, self.own = Function(), ast.AST(), frozenset[str]()
        self.caught: frozenset[type[errors.Problem]] = frozenset()
        self.called: ast.expr | None = None

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if isinstance(self.function, ast.FunctionDef):  # one within another
            self.generic_visit(node)
            return
        self.function, self.own = node, frozenset(_own(node))
        for part in (*node.body, *node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if part:
                self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        self._record_name(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not self._record_name(sources.name(node)):
            near = tuple(f"{place}." for place in (self.module, *self.imported.values()))
            alike = self.methods.get(node.attr, set())
            for method in alike:
                if (len(alike) == 1 and node is self.called) or method.startswith(near):
                    self.found.names.add((method, self.caught))
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        for kind, code in raised.of_call(node):
            self._raise(kind, raised.words(code, self.function, self.path))
        self.called = node.func
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """A problem that is raised without a code has that of its class."""
        if node.exc and not list(raised.of_call(node.exc) if isinstance(node.exc, ast.Call) else ()):
            for kind in _kinds(node.exc.func if isinstance(node.exc, ast.Call) else node.exc):
                self._raise(kind, {kind.code})
        self.generic_visit(node)

    def _raise(self, kind: type[errors.Problem], words: Iterable[str]) -> None:
        if not issubclass(kind, tuple(self.caught)):
            self.found.raises |= {(kind, word) for word in words}

    def visit_Try(self, node: ast.Try) -> None:
        self._within(
            [kind for handler in node.handlers if not _goes_on(handler) for kind in _kinds(handler.type)], node.body
        )
        for part in (*node.handlers, *node.orelse, *node.finalbody):
            self.visit(part)

    def visit_With(self, node: ast.With) -> None:
        calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
        left = [
            caught
            for call in calls
            if sources.name(call.func) == "suppress"
            for kind in call.args
            for caught in _kinds(kind)
        ]
        for item in node.items:
            self.visit(item.context_expr)
        self._within(left, node.body)

    def _within(self, kinds: Iterable[type[errors.Problem]], body: Iterable[ast.stmt]) -> None:
        before, self.caught = self.caught, self.caught | frozenset(kinds)
        for statement in body:
            self.visit(statement)
        self.caught = before

    def _record_name(self, written: str) -> bool:
        """Records the name if it is defined by a module."""
        head, _, rest = written.partition(".")
        if head in self.own:
            return False
        full = f"{self.imported[head]}.{rest}".rstrip(".") if head in self.imported else f"{self.module}.{written}"
        if full in self.defined:
            self.found.names.add((full, self.caught))
        return full in self.defined


def _own(function: ast.FunctionDef) -> Iterator[str]:
    """The names that a function defines itself, which hide those of its module."""
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef) and node is not function:
            yield node.name


def _kinds(type: ast.expr | None) -> Iterator[type[errors.Problem]]:
    for part in type.elts if isinstance(type, ast.Tuple) else (type,):
        written = ast.unparse(part) if part else "errors.Problem"
        if written.startswith("errors."):
            yield _CLASSES[written.removeprefix("errors.")]


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """True if the handler may raise the caught error again."""
    raises = [node for node in ast.walk(handler) if isinstance(node, ast.Raise)]
    return any(node.exc is None or ast.unparse(node.exc) == handler.name for node in raises)

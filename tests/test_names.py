"""A variable is called by its noun: nobody has to guess what `one`, `found`, `told` or `of` is."""

import ast
from collections.abc import Iterator

from local import sources
from local.environment import ROOT

SAY_NOTHING = {"found", "of", "one", "told"}
PLACES = ("chalicelib", "local", "tests", "benchmarks", "examples", "clients/cli")
FILES = [ROOT / "conftest.py", *(path for place in PLACES for path in (ROOT / place).rglob("*.py"))]


def bound(tree: ast.AST) -> Iterator[str]:
    """The names of variables and parameters. Fields are left out: their names are in what is stored and answered."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif not (isinstance(tree, ast.ClassDef) and isinstance(node, ast.Assign | ast.AnnAssign)):
            yield from bound(node)


def test_variables_are_called_by_their_noun() -> None:
    vague = {str(path.relative_to(ROOT)): SAY_NOTHING.intersection(bound(sources.module(path))) for path in FILES}
    assert {name: names for name, names in vague.items() if names} == {}


def defined(tree: ast.AST) -> set[str]:
    """The names of functions, methods and classes."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_names_of_a_module_differ_in_more_than_an_underscore() -> None:
    names = {str(path.relative_to(ROOT)): defined(sources.module(path)) for path in FILES}
    alike = {file: {name for name in known if f"_{name}" in known} for file, known in names.items()}
    assert {file: pairs for file, pairs in alike.items() if pairs} == {}

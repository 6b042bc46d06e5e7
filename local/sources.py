"""Our own sources as syntax trees: a process reads each file once. The trees must not be changed."""

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def module(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def nodes(path: Path) -> Sequence[ast.AST]:
    return tuple(ast.walk(module(path)))


def name(node: ast.expr) -> str:
    """The dotted name, `a` or `a.b.c`; empty for anything else. `ast.unparse` takes a hundred times as long."""
    if isinstance(node, ast.Attribute):
        within = name(node.value)
        return within and f"{within}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""

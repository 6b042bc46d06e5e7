"""Our own sources as trees: each file is read once by a process. Nobody may change what they are given."""

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def module(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def nodes(path: Path) -> Sequence[ast.AST]:
    """All that is in the file."""
    return tuple(ast.walk(module(path)))


def name(node: ast.expr) -> str:
    """What is called by its name, `a` or `a.b.c`; empty for all else. `ast.unparse` takes a hundred times as long."""
    if isinstance(node, ast.Attribute):
        within = name(node.value)
        return within and f"{within}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""

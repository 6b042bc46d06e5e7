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

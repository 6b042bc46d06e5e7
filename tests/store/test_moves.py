"""There is one way into a status, and it counts."""

import ast
from collections.abc import Iterator

from chalicelib.inbox import conversations
from chalicelib.store import counters
from chalicelib.store.models.inbox import Counter
from local import sources
from tests.test_budgets import SHIPPED, name_of

PLACES = {"status", "inbox"}


def moves(tree: ast.AST) -> Iterator[str]:
    """Where a conversation's status, or its list, is written: in an action, in a new conversation, in one at hand."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(ast.Attribute(ast.Name("Conversation"), name), "set" | "remove" | "add")):
                yield from {name} & PLACES
            case ast.Call(func=ast.Name("Conversation"), keywords=keywords):
                yield from {keyword.arg or "" for keyword in keywords} & PLACES
            case ast.Assign(targets=[ast.Attribute(ast.Name("conversation"), name)]):
                yield from {name} & PLACES


def test_status_is_written_where_it_is_counted_and_nowhere_else() -> None:
    writers = {name_of(path): set(moves(sources.module(path))) for path in SHIPPED}
    assert {name: places for name, places in writers.items() if places} == {"chalicelib/store/counters.py": PLACES}


def test_every_status_has_its_counter() -> None:
    assert set(counters.STATUSES) == set(conversations.STATUSES)
    assert all(hasattr(Counter, status) for status in counters.STATUSES)

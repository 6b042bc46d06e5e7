"""Conditions on conversations: a tree of `all`, `any` and `none` over leaves, each a question about one field.

Nothing here reads the table. A tree that fits `schema()` compiles, and the compiled test never raises.
"""

import json
from collections.abc import Callable, Collection, Mapping
from itertools import product
from typing import Any

from chalicelib import errors, trees
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.search import fields
from chalicelib.store.models.inbox import Conversation
from chalicelib.trees import NO, PERHAPS, YES, Tree

Test = Callable[[Conversation, int], bool]
LONGEST = 8192  # characters of JSON, so that a page of 100 views fits into one answer


def schema(levels: int = trees.LEVELS) -> dict[str, Any]:
    return trees.schema(fields.LEAF, levels)


def shown(name: str) -> dict[str, Any]:
    """The schema for the API's document, where it is a component of that name."""
    return trees.shown(name, {"field": fields.LEAF["properties"]["field"], **fields.SHOWN})


def check(tree: Tree) -> None:
    """Raises Invalid if the whole tree is too large, which its schema cannot tell as exactly."""
    trees.check(tree, "condition")
    if len(json.dumps(tree)) > LONGEST:
        raise errors.Invalid(
            f"A condition has at most {LONGEST} characters as JSON.", code="too_much", field="condition"
        )


def compile(tree: Tree, viewer: Actor) -> Test:
    """The tree as a function of a conversation and the time (ms); `me` in it is the viewer."""
    return trees.compile(tree, lambda leaf: fields.compile(leaf, viewer))


def statuses(tree: Tree) -> tuple[str, ...]:
    """The statuses in which a conversation can match; in all others none does."""
    return tuple(status for status in conversations.STATUSES if _verdict(tree, {"status": status}) != NO)


def brands(tree: Tree, among: Collection[str]) -> tuple[str, ...]:
    """Those of the brands in which a conversation can match; in all others none does."""
    return tuple(brand for brand in among if _verdict(tree, {"brand": brand}) != NO)


def places(tree: Tree, among: Collection[str]) -> frozenset[tuple[str, str]]:
    """The brands of these, and with each the statuses, in which a conversation can match; anywhere else none does.

    If the tree asks about nothing else, all conversations there match.
    """
    pairs = product(brands(tree, among), statuses(tree))
    if not trees.fields_of(tree) >= {"brand", "status"}:
        return frozenset(pairs)
    return frozenset(
        (brand, status) for brand, status in pairs if _verdict(tree, {"brand": brand, "status": status}) != NO
    )


def named_brands(tree: Tree) -> set[str]:
    """The brands whose ids are in the tree."""
    return {brand for leaf in trees.leaves(tree) if leaf["field"] == "brand" for brand in fields.listed(leaf["is"])}


def _verdict(tree: Tree, known: Mapping[str, str]) -> int:
    """Whether a conversation matches if only these fields are known."""

    def judge(leaf: trees.Leaf) -> int:
        value = known.get(leaf["field"])
        return PERHAPS if value is None else YES if value in fields.listed(leaf["is"]) else NO

    return trees.judge(tree, judge)

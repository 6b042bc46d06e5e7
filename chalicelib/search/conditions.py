"""Conditions on conversations: a tree of `all`, `any` and `none` over leaves, each a question about one field.

Nothing here reads the table. A tree that fits `schema()` compiles, and the compiled test never raises.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.search import fields
from chalicelib.store.models.inbox import Conversation

Tree = Mapping[str, Any]
Test = Callable[[Conversation, int], bool]
LEVELS, LEAVES = 4, 50
OBJECTS = 1 + (LEVELS - 1) * LEAVES  # of that many leaves, each in groups of its own
LONGEST = 8192  # characters of JSON, so that a page of 100 views fits into one answer
GROUPS: Mapping[str, Callable[[Iterable[bool]], bool]] = {
    "all": all,
    "any": any,
    "none": lambda answers: not any(answers),
}
# The same if some answers are not known: Kleene's logic.
NO, PERHAPS, YES = 0, 1, 2
_JUDGED: Mapping[str, Callable[[Iterable[int]], int]] = {
    "all": min,
    "any": max,
    "none": lambda verdicts: YES - max(verdicts),
}


def schema(levels: int = LEVELS) -> dict[str, Any]:
    """JSON Schema of a tree of at most so many levels, a leaf being one. Without references, so it fits anywhere."""
    branches = {"type": "array", "minItems": 1, "maxItems": LEAVES, "items": schema(levels - 1)} if levels > 1 else None
    return {
        "type": "object",
        "if": {"required": ["field"]},
        "then": fields.LEAF,
        "else": {
            "properties": {},
            "patternProperties": {f"^({'|'.join(GROUPS)})$": branches} if branches else {},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    }


def shown(name: str) -> dict[str, Any]:
    """The same for the document, where it is a component of that name and refers to itself; without the levels, and
    without what each field takes.
    """
    branches = {"type": "array", "minItems": 1, "maxItems": LEAVES, "items": {"$ref": f"#/components/schemas/{name}"}}
    properties = {**dict.fromkeys(GROUPS, branches), "field": fields.LEAF["properties"]["field"], **fields.SHOWN}
    return {"title": name, "type": "object", "properties": properties, "minProperties": 1, "maxProperties": 2,
            "additionalProperties": False}  # fmt: skip


def check(tree: Tree) -> None:
    """Raises Invalid if the whole tree is too large, which its schema cannot tell as exactly."""
    if sum(1 for _ in leaves(tree)) > LEAVES:
        raise errors.Invalid(f"At most {LEAVES} leaves.", code="too_much", field="condition")
    if len(json.dumps(tree)) > LONGEST:
        raise errors.Invalid("Too long.", code="too_much", field="condition")


def leaves(tree: Tree) -> Iterator[Tree]:
    if "field" in tree:
        yield tree
        return
    for branches in tree.values():
        for branch in branches:
            yield from leaves(branch)


def compile(tree: Tree, viewer: Actor) -> Test:
    """The tree as a function of a conversation and the time (ms); `me` in it is the viewer."""
    if "field" in tree:
        return fields.compile(tree, viewer)
    [(word, branches)] = tree.items()
    together, tests = GROUPS[word], [compile(branch, viewer) for branch in branches]
    return lambda conversation, now: together(test(conversation, now) for test in tests)


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
    if not asked(tree) >= {"brand", "status"}:
        return frozenset(pairs)
    return frozenset(
        (brand, status) for brand, status in pairs if _verdict(tree, {"brand": brand, "status": status}) != NO
    )


def asked(tree: Tree) -> set[str]:
    """The fields that the tree asks about."""
    return {leaf["field"] for leaf in leaves(tree)}


def named_brands(tree: Tree) -> set[str]:
    """The brands that the tree asks about by their ids."""
    return {brand for leaf in leaves(tree) if leaf["field"] == "brand" for brand in fields.listed(leaf["is"])}


def _verdict(tree: Tree, known: Mapping[str, str]) -> int:
    """Whether a conversation matches if nothing is known of it but these fields."""
    if "field" in tree:
        value = known.get(tree["field"])
        return PERHAPS if value is None else YES if value in fields.listed(tree["is"]) else NO
    [(word, branches)] = tree.items()
    return _JUDGED[word](_verdict(branch, known) for branch in branches)

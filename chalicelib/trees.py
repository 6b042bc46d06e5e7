"""Trees of `all`, `any` and `none` over leaves; each leaf is a question about one field.

What a leaf asks is defined by its area: searches ask about conversations, rules about messages. Nothing here reads the
table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chalicelib import errors

Tree = Mapping[str, Any]
Leaf = Mapping[str, Any]
LEVELS, LEAVES = 4, 50
OBJECTS = 1 + (LEVELS - 1) * LEAVES  # of that many leaves, each in groups of its own
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


def schema(leaf: Mapping[str, Any], levels: int = LEVELS) -> dict[str, Any]:
    """The JSON Schema of a tree with at most that many levels; a leaf is one level. It has no references, so it fits
    anywhere.
    """
    below = schema(leaf, levels - 1) if levels > 1 else None
    branches = {"type": "array", "minItems": 1, "maxItems": LEAVES, "items": below} if below else None
    return {
        "type": "object",
        "if": {"required": ["field"]},
        "then": leaf,
        "else": {
            "properties": {},
            "patternProperties": {f"^({'|'.join(GROUPS)})$": branches} if branches else {},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    }


def shown(name: str, leaf: Mapping[str, Any]) -> dict[str, Any]:
    """The schema for the OpenAPI document, as a component of that name that refers to itself. It leaves out the number
    of levels and the values of each field. `leaf` are the properties of leaves.
    """
    branches = {"type": "array", "minItems": 1, "maxItems": LEAVES, "items": {"$ref": f"#/components/schemas/{name}"}}
    properties = {**dict.fromkeys(GROUPS, branches), **leaf}
    return {"title": name, "type": "object", "properties": properties, "minProperties": 1, "maxProperties": 2,
            "additionalProperties": False}  # fmt: skip


def check(tree: Tree, field: str) -> None:
    """Raises Invalid if the whole tree has more than 50 leaves, which its schema cannot express."""
    if sum(1 for _ in leaves(tree)) > LEAVES:
        raise errors.Invalid(f"The condition compares more than {LEAVES} fields.", code="too_much", field=field)


def leaves(tree: Tree) -> Iterator[Leaf]:
    if "field" in tree:
        yield tree
        return
    for branches in tree.values():
        for branch in branches:
            yield from leaves(branch)


def compile(tree: Tree, compile_leaf: Callable[[Leaf], Callable[..., bool]]) -> Callable[..., bool]:
    """The tree as one function, with the parameters of its leaves' functions."""
    if "field" in tree:
        return compile_leaf(tree)
    [(word, branches)] = tree.items()
    together, tests = GROUPS[word], [compile(branch, compile_leaf) for branch in branches]
    return lambda *asked: together(test(*asked) for test in tests)


def judge(tree: Tree, judge_leaf: Callable[[Leaf], int]) -> int:
    """NO, PERHAPS or YES from the verdicts of the leaves: PERHAPS if it depends on an unknown leaf."""
    if "field" in tree:
        return judge_leaf(tree)
    [(word, branches)] = tree.items()
    return _JUDGED[word](judge(branch, judge_leaf) for branch in branches)


def fields_of(tree: Tree) -> set[str]:
    return {leaf["field"] for leaf in leaves(tree)}

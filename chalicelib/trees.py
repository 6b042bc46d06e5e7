"""Trees of `all`, `any` and `none` over leaves, each a question about one field.

What a leaf asks is its area's: searches ask about conversations, rules about messages. Nothing here reads the table.
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
    """JSON Schema of a tree of at most so many levels, a leaf being one. Without references, so it fits anywhere."""
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
    """The same for the document, where it is a component of that name and refers to itself; without the levels, and
    without what each field takes. `leaf` are the properties that leaves have.
    """
    branches = {"type": "array", "minItems": 1, "maxItems": LEAVES, "items": {"$ref": f"#/components/schemas/{name}"}}
    properties = {**dict.fromkeys(GROUPS, branches), **leaf}
    return {"title": name, "type": "object", "properties": properties, "minProperties": 1, "maxProperties": 2,
            "additionalProperties": False}  # fmt: skip


def check(tree: Tree, field: str) -> None:
    """Raises Invalid if the whole tree has too many leaves, which its schema cannot tell."""
    if sum(1 for _ in leaves(tree)) > LEAVES:
        raise errors.Invalid(f"At most {LEAVES} leaves.", code="too_much", field=field)


def leaves(tree: Tree) -> Iterator[Leaf]:
    if "field" in tree:
        yield tree
        return
    for branches in tree.values():
        for branch in branches:
            yield from leaves(branch)


def compile(tree: Tree, compile_leaf: Callable[[Leaf], Callable[..., bool]]) -> Callable[..., bool]:
    """The tree as one function, of what the functions of its leaves take."""
    if "field" in tree:
        return compile_leaf(tree)
    [(word, branches)] = tree.items()
    together, tests = GROUPS[word], [compile(branch, compile_leaf) for branch in branches]
    return lambda *asked: together(test(*asked) for test in tests)


def judge(tree: Tree, judge_leaf: Callable[[Leaf], int]) -> int:
    """NO, PERHAPS or YES, where that of each leaf is known: PERHAPS if what is not known decides."""
    if "field" in tree:
        return judge_leaf(tree)
    [(word, branches)] = tree.items()
    return _JUDGED[word](judge(branch, judge_leaf) for branch in branches)


def asked(tree: Tree) -> set[str]:
    """The fields that the tree asks about."""
    return {leaf["field"] for leaf in leaves(tree)}

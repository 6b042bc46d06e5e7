"""Whether policies let a request through, as IAM decides it: as much of IAM as our policies use.

What is not permitted is denied, and a Deny wins. What this does not know raises: nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
KNOWN = {"Sid", "Effect", "Action", "Resource", "Condition"}


class Unknown(ValueError):
    """A policy says something that IAM may know, and this does not."""


@dataclass(frozen=True)
class Request:
    """What somebody wants to do to a resource; `context` has all values of each condition key the request has."""

    action: str
    resource: str
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)


def allows(statements: Iterable[Json], request: Request) -> bool:
    effects = {statement["Effect"] for statement in statements if _applies(statement, request)}
    if effects - {"Allow", "Deny"}:
        raise Unknown(effects)
    return effects == {"Allow"}


def _applies(statement: Json, request: Request) -> bool:
    if set(statement) - KNOWN:
        raise Unknown(set(statement) - KNOWN)
    tests = [
        (operator, key, values(wanted))
        for operator, condition in statement.get("Condition", {}).items()
        for key, wanted in condition.items()
    ]
    holding = [_holds(operator, wanted, request.context.get(key)) for operator, key, wanted in tests]
    return (
        any(like(action.lower(), request.action.lower()) for action in _list(statement["Action"]))
        and any(like(target(resource), request.resource) for resource in _list(statement["Resource"]))
        and all(holding)
    )


def _holds(operator: str, wanted: Sequence[str], given: Sequence[str] | None) -> bool:
    """`given` is None where the request lacks the key: ForAllValues then holds, as AWS has it; only Null tells."""
    if operator == "Null":
        return (given is None) == (wanted == ["true"])
    quantifier, _, comparison = operator.rpartition(":")
    if quantifier not in QUANTIFIERS or comparison not in COMPARISONS:
        raise Unknown(operator)
    if any("${" in pattern for pattern in wanted):
        raise Unknown(wanted)
    compare = COMPARISONS[comparison]
    return QUANTIFIERS[quantifier]([any(compare(pattern, value) for pattern in wanted) for value in given or ()])


def like(pattern: str, text: str) -> bool:
    """IAM's wildcards: `*` for anything, `?` for one character."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.DOTALL) is not None


QUANTIFIERS: Mapping[str, Callable[[list[bool]], bool]] = {"ForAllValues": all, "ForAnyValue": any, "": any}
COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {"StringEquals": str.__eq__, "StringLike": like}


def target(reference: Json | str) -> str:
    """`Table`, `Bucket/media/*` and the like, for whichever way the template refers to it; an ARN as it is."""
    if isinstance(reference, str):
        return reference
    if "Fn::GetAtt" in reference:
        name, attribute = reference["Fn::GetAtt"]
        return str(name) if attribute == "Arn" else f"{name}/stream"
    text: str = reference["Fn::Sub"]
    return (
        text.replace("${", "", 1).replace(".Arn}", "") if ".Arn}" in text else text.partition("${AWS::AccountId}:")[2]
    )


def statements(function: str, resources: Json) -> list[Json]:
    """What the role of a packaged function may and may not do."""
    role = resources[function]["Properties"]["Role"]["Fn::GetAtt"][0]
    policies = resources[role]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def values(wanted: Any) -> list[str]:
    """What a condition compares with; a parameter of the template by its name."""
    return [value["Ref"] if isinstance(value, Mapping) else value for value in _list(wanted)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""The fence around a piece of work: below every model and query, it refuses keys outside the agency the work is for.

It checks every request to DynamoDB, whatever code made it. A Trespass is therefore a bug of ours, and never turned into
an answer for callers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalicelib import ids, log
from chalicelib.store import lookups

Params = Mapping[str, Any]
Access = tuple[str, Params]  # an action as a transaction names it ("Put"), and the request with its key or item
READS = ("Get", "Query", "ConditionCheck")
# The accesses that each DynamoDB operation makes. Other operations are refused, for example a Scan of all agencies.
ACCESSES: Mapping[str, Callable[[Params], Iterable[Access]]] = {
    "GetItem": lambda params: [("Get", params)],
    "Query": lambda params: [("Query", params)],
    "PutItem": lambda params: [("Put", params)],
    "UpdateItem": lambda params: [("Update", params)],
    "DeleteItem": lambda params: [("Delete", params)],
    "TransactWriteItems": lambda params: [access for write in params["TransactItems"] for access in write.items()],
    "BatchGetItem": lambda params: [
        ("Get", {"Key": key}) for batch in params["RequestItems"].values() for key in batch["Keys"]
    ],
}
# PynamoDB gives us expressions as text with placeholders: `(attribute_not_exists (#0) OR #1 = :0)`, and beside it the
# names, `{"#0": "pk", "#1": "agency"}`, and the values, `{":0": {"S": "agc_1"}}`. These patterns read such a text.
_NAME = re.compile(r"#\w+")  # `#1` in `#1 = :0`
_NOT = re.compile(r"\bNOT\b", re.IGNORECASE)  # `(NOT agency = :0)`
_OR = re.compile(r"\bOR\b", re.IGNORECASE)  # between the alternatives of `attribute_not_exists (pk) OR agency = :0`
_IS_NEW = "attribute_not_exists (pk)"
# `agency = :0`, `SET version = :2, inbox = :1` and `SET inbox = if_not_exists (inbox, :1)`: group 1 is the value, `:1`.
_EQUALS = {
    attribute: re.compile(
        rf"""
        (?<! [\w.] ) {attribute} \s* = \s*           # `inbox = `, but not in `old.inbox = ` or `my_inbox = `
        (?: if_not_exists [ ] \( {attribute} , [ ] )?  # `if_not_exists (inbox, `
        ( [:#\w]+ )                                   # `:1`
        """,
        re.VERBOSE,
    )
    for attribute in ("pk", "inbox", "agency")
}
_beside: ContextVar[str | None] = ContextVar("beside", default=None)
_agency: ContextVar[str | None] = ContextVar("agency", default=None)


class Trespass(Exception):
    """Raised when work for one agency, or for none, asks for items of another agency. `family` is the kind of
    partition.
    """

    def __init__(self, operation: str, family: str) -> None:
        super().__init__(f"{operation} in {family}")
        self.operation, self.family = operation, family


@contextmanager
def within(agency: str) -> Iterator[None]:
    """Work inside is for this agency only. Raises Trespass if it is inside the fence of another agency already."""
    if not ids.is_id(agency, "agc") or _agency.get() not in (None, agency):
        raise Trespass("within", "agency")
    token = _agency.set(agency)
    try:
        yield
    finally:
        _agency.reset(token)


@contextmanager
def beside(agency: str) -> Iterator[None]:
    """Work inside may also touch items of that agency. Only `channels.moves` uses it, once an agency gave a channel
    away by a code.

    A look-up item may then belong to either of the two agencies, before and after.
    """
    if not ids.is_id(agency, "agc") or _agency.get() is None or _beside.get() is not None:
        raise Trespass("beside", "agency")
    token = _beside.set(agency)
    try:
        yield
    finally:
        _beside.reset(token)


def guard(params: Params, model: Any, **_: Any) -> None:
    """Checks and logs each operation. botocore calls it in `before-parameter-build`, after all other code of ours."""
    try:
        check(model.name, params, _agency.get(), _beside.get())
    except Trespass as trespass:
        log.problem("trespass", trespass, operation=trespass.operation, family=trespass.family)
        raise


def check(operation: str, params: Params, agency: str | None, other: str | None = None) -> None:
    """Raises Trespass unless everything the operation touches belongs to the agency, or is a look-up that it may use
    so.

    `other` is the agency of `beside`, if any.
    """
    ours = tuple(id for id in (agency, other) if id is not None)
    if operation not in ACCESSES:
        raise Trespass(operation, "table")
    for action, request in ACCESSES[operation](params):
        for partition in _partitions(action, request):
            if lookups.is_lookup(partition):
                if not _may_use_lookup(action, partition, request, ours):
                    raise Trespass(operation, partition.partition("#")[0])
            elif not any(_is_own(partition, id) for id in ours):
                raise Trespass(operation, "agency")


def _is_own(partition: str, agency: str) -> bool:
    return partition == agency or partition.startswith(f"{agency}#")


def _partitions(action: str, request: Params) -> list[str]:
    """The partitions of the table and of the index that are read or written; an empty string for one that is not a
    string.
    """
    if action == "Query":
        hash_key = "inbox" if "IndexName" in request else "pk"
        return _values_of(hash_key, request["KeyConditionExpression"], request) or [""]
    item = _key_or_item(action, request)
    partitions = [item["pk"]["S"]]
    if "inbox" in item:
        partitions.append(item["inbox"]["S"])
    if action == "Update":
        partitions += _values_of("inbox", request["UpdateExpression"], request)
    return partitions


def _key_or_item(action: str, request: Params) -> Params:
    attributes: Params = request["Item"] if action == "Put" else request["Key"]
    return attributes


def _may_use_lookup(action: str, partition: str, request: Params, ours: Sequence[str]) -> bool:
    """Global look-ups: work for an agency may read by key; a write must prove that the item is the agency's, before and
    after.

    Work for no agency may read them in any way, since it has yet to find out which agency it is for. Everybody may list
    the pulses, which show only that a network failed some agency.
    """
    if not ours:
        return action in READS
    if action == "Query":
        return partition.startswith(lookups.PULSES)
    item = _key_or_item(action, request)
    if action == "Put" and item.get("agency") not in [{"S": id} for id in ours]:
        return False
    if item["pk"]["S"].startswith(lookups.USER):
        return item["sk"]["S"] in ours
    return action in READS or _proves_ownership(request, ours)


def _proves_ownership(request: Params, ours: Sequence[str]) -> bool:
    """True if each alternative of the condition holds only for a new item, or for an item of the agency."""
    condition = _with_names(request.get("ConditionExpression", ""), request)
    if _NOT.search(condition):
        return False
    return all(
        _IS_NEW in alternative or not set(ours).isdisjoint(_values_of("agency", alternative, request))
        for alternative in _OR.split(condition)
    )


def _values_of(attribute: str, expression: str, request: Params) -> list[str]:
    """The values that the attribute is compared with, or set to; an empty string for a value that is not a string."""
    placeholders = _EQUALS[attribute].findall(_with_names(expression, request))
    values = request["ExpressionAttributeValues"] if placeholders else {}
    return [values.get(placeholder, {}).get("S", "") for placeholder in placeholders]


def _with_names(expression: str, request: Params) -> str:
    """`agency = :0` for `#1 = :0`. Values are not filled in, as they may hold any text."""
    names = request.get("ExpressionAttributeNames", {})
    return _NAME.sub(lambda match: names[match[0]], expression)

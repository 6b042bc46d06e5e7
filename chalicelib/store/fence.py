"""The fence around a piece of work: below every model and query, a key outside the agency it is for is refused.

It holds whatever the code above asks for. A Trespass is therefore a bug of ours, and never anybody's answer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalicelib import ids, log
from chalicelib.store import keys

Params = Mapping[str, Any]
Access = tuple[str, Params]  # what is done, as a transaction names it, and to what
READS = ("Get", "Query", "ConditionCheck")
# What each operation does to which items. One that is not here is refused: a Scan is no agency's.
ACCESSES: Mapping[str, Callable[[Params], Iterable[Access]]] = {
    "GetItem": lambda params: [("Get", params)],
    "Query": lambda params: [("Query", params)],
    "PutItem": lambda params: [("Put", params)],
    "UpdateItem": lambda params: [("Update", params)],
    "DeleteItem": lambda params: [("Delete", params)],
    "TransactWriteItems": lambda params: [access for one in params["TransactItems"] for access in one.items()],
    "BatchGetItem": lambda params: [
        ("Get", {"Key": key}) for wanted in params["RequestItems"].values() for key in wanted["Keys"]
    ],
}
_agency: ContextVar[str | None] = ContextVar("agency", default=None)


class Trespass(Exception):
    """Work for one agency reached for what is not its own, or work for none for what is somebody's."""

    def __init__(self, operation: str, family: str) -> None:
        super().__init__(f"{operation} in {family}")
        self.operation, self.family = operation, family


@contextmanager
def within(agency: str) -> Iterator[None]:
    """The work is for that agency, and for no other: a fence has no gate to the neighbour's."""
    if not ids.is_id(agency, "agc") or _agency.get() not in (None, agency):
        raise Trespass("within", "agency")
    token = _agency.set(agency)
    try:
        yield
    finally:
        _agency.reset(token)


def guard(params: Params, model: Any, **_: Any) -> None:
    """For botocore's `before-parameter-build`: the last to see what an operation asks for."""
    try:
        check(model.name, params, _agency.get())
    except Trespass as trespass:
        log.problem("trespass", trespass, operation=trespass.operation, family=trespass.family)
        raise


def check(operation: str, params: Params, agency: str | None) -> None:
    """Raises Trespass unless all that the operation touches is the agency's, or a look-up that is free to read."""
    if operation not in ACCESSES:
        raise Trespass(operation, "table")
    for does, given in ACCESSES[operation](params):
        for partition in _partitions(does, given):
            if not (_open(does, given, agency) if keys.is_lookup(partition) else _own(partition, agency)):
                raise Trespass(operation, partition.partition("#")[0] if keys.is_lookup(partition) else "agency")


def _own(partition: str, agency: str | None) -> bool:
    return agency is not None and (partition == agency or partition.startswith(f"{agency}#"))


def _partitions(does: str, given: Params) -> list[str]:
    """Those of the table and of the index that are read or written."""
    if does == "Query":
        hash_key = "inbox" if "IndexName" in given else "pk"
        return _equal(hash_key, given["KeyConditionExpression"], given) or [""]
    entry = _entry(does, given)
    found = [entry["pk"]["S"]] + ([entry["inbox"]["S"]] if "inbox" in entry else [])
    return found + (_equal("inbox", given["UpdateExpression"], given) if does == "Update" else [])


def _entry(does: str, given: Params) -> Params:
    entry: Params = given["Item"] if does == "Put" else given["Key"]
    return entry


def _open(does: str, given: Params, agency: str | None) -> bool:
    """Look-ups are read by who knows the key; written only with proof that what is there, and will be, is their own."""
    if agency is None:
        return does in READS
    if does == "Query":
        return False
    entry = _entry(does, given)
    if does == "Put" and entry.get("agency") != {"S": agency}:
        return False
    if entry["pk"]["S"].startswith(keys.USER):
        return bool(entry["sk"]["S"] == agency)
    return does in READS or _proven(given, agency)


def _proven(given: Params, agency: str) -> bool:
    """True if the condition, in each of its alternatives, holds only for a new item or for one of the agency."""
    condition = _named(given.get("ConditionExpression", ""), given)
    if re.search(r"\bNOT\b", condition, re.IGNORECASE):
        return False
    return all(
        "attribute_not_exists (pk)" in one or agency in _equal("agency", one, given)
        for one in re.split(r"\bOR\b", condition, flags=re.IGNORECASE)
    )


def _equal(name: str, expression: str, given: Params) -> list[str]:
    """What the attribute is compared with, or set to, in an expression; empty text for what is no value."""
    found = re.findall(rf"(?<![\w.]){name}\s*=\s*(?:if_not_exists \({name}, )?([:#\w]+)", _named(expression, given))
    return [given["ExpressionAttributeValues"].get(value, {}).get("S", "") for value in found]


def _named(expression: str, given: Params) -> str:
    """The expression with its attributes by name; its values stay outside, as they may hold anything."""
    names = given.get("ExpressionAttributeNames", {})
    return re.sub(r"#\w+", lambda found: names[found[0]], expression)

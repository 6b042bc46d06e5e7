"""What every address has to refuse: a call without a token, and a method that it does not take."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import requests

from local.fuzz.document import Operation

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")  # others the gateway answers itself, before us
SOME = 3  # every third, where not every one is asked
Found = tuple[str, requests.Response, list[tuple[str, str]]]  # what was asked, the answer, and its findings
Send = Callable[[str, str, Mapping[str, str]], requests.Response]  # a method and a path, with headers


def unsigned(send: Send, operations: Sequence[Operation], *, every: bool) -> Iterator[Found]:
    """Calls every operation, or some, without a token."""
    for operation in operations[:: 1 if every else SOME]:
        if operation.definition.raw["security"]:
            method = operation.method.upper()
            answer = send(method, _filled(operation.path), {"Authorization": ""})
            wrong = [] if answer.status_code == 401 else [("DoneWithoutToken", str(answer.status_code))]
            yield f"{method} {operation.path}", answer, wrong


def methods(send: Send, operations: Sequence[Operation], *, every: bool) -> Iterator[Found]:
    """Calls every address with each method that it does not take, or some with one. The answer has to name those that
    it takes.
    """
    taken: dict[str, set[str]] = defaultdict(set)
    for operation in operations:
        known = {verb.upper() for verb in operation.schema.raw_schema["paths"][operation.path]}
        taken[operation.path] = known | ({"HEAD"} if "GET" in known else set())
    for path, known in list(taken.items())[:: 1 if every else SOME]:
        others = [method for method in METHODS if method not in known]
        for method in others if every else others[:1]:
            yield f"{method} {path}", *_of_method(send(method, _filled(path), {}), known)


def _of_method(answer: requests.Response, known: set[str]) -> tuple[requests.Response, list[tuple[str, str]]]:
    verbs = set(answer.headers.get("Allow", "").split(", "))
    is_right = answer.status_code == 405 and known <= verbs <= {*METHODS, "OPTIONS"}
    return answer, [] if is_right else [("OtherMethod", f"{answer.status_code} Allow: {', '.join(sorted(verbs))}")]


def _filled(path: str) -> str:
    return re.sub(r"{\w+}", "0", path)

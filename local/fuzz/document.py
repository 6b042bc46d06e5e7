"""The requests: made by Schemathesis from the API's document, ordered so that things are made before they are used."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, GenerationMode
from schemathesis.core.result import Ok

from local.environment import ROOT

Operation = APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Operation]
# They end the access of who asks, or the rights behind it, so that all after them would be refused.
LEFT_OUT = (
    "end_session", "remove_member", "sign_out_everywhere", "sign_out_member", "suspend_member", "change_member",
    "set_sign_in_provider", "change_role", "remove_role",
)  # fmt: skip
WAITING = ("verify_sign_in_domain",)  # for name servers, four seconds where none is to be had
ENDING = re.compile(r"/(archive|cancel)$")
CONFIG: dict[str, Any] = {
    "generation": {"with-security-parameters": False, "database": "none"},
    "checks": {"negative_data_rejection": {"expected-statuses": ["4xx", "503"]}},  # each has to be documented anyway
}
_ORDER = ("POST", "PUT", "PATCH", "GET", "DELETE")


def operations() -> list[Operation]:
    """All operations that are called: those that make something first, those that delete something last."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(CONFIG))
    every: list[Operation] = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return sorted((operation for operation in every if id_of(operation) not in LEFT_OUT), key=_turn)


def id_of(operation: Operation) -> str:
    return str(operation.definition.raw["operationId"])


def word_of(operation: Operation) -> str:
    """The first word of its path: what it is about."""
    return str(operation.path.split("/")[1])


def is_deletion(operation: Operation) -> bool:
    return operation.method.upper() == "DELETE" or bool(ENDING.search(operation.path))


def answer_word_of(operation: Operation) -> str:
    """The last word of its path: what its answer is about."""
    return str([part for part in operation.path.split("/") if "{" not in part][-1])


def weight(operation: Operation) -> float:
    """How often the operation is called: less if it works only once, needs what is seldom there, or
    waits for others.
    """
    if id_of(operation) in WAITING:
        return 0.05
    is_payment = operation.path.startswith("/billing") and "usage" not in operation.path
    return 0.25 if is_payment or is_deletion(operation) else 1


def _turn(operation: Operation) -> tuple[bool, int, int, str]:
    verb = _ORDER.index(operation.method.upper())
    return is_deletion(operation), operation.path.count("/"), verb, operation.path


def cases(operation: Operation, mode: GenerationMode, most: int, number: int) -> Sequence[Case]:
    """At most `most` requests that the document allows, or forbids; the same `number` gives the same requests."""
    if mode == GenerationMode.NEGATIVE and not _can_be_wrong(operation):
        return []
    made: list[Case] = []
    how = settings(
        max_examples=most, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        deadline=None,
    )  # fmt: skip

    @seed(number)
    @how
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        made.append(case)

    try:
        collect()
    except Unsatisfiable:  # there is nothing in the request that could be wrong
        return []
    return made[:most]


def _can_be_wrong(operation: Operation) -> bool:
    """False if any text is valid in each part: looking for an invalid one takes a second, and finds none."""
    parts = (*operation.path_parameters, *operation.query, *operation.headers)
    return bool(operation.body) or any(part.definition["schema"] != {"type": "string"} for part in parts)


def edges(operation: Operation) -> Iterator[Case]:
    """Requests at the edges of what the document allows, and just beyond."""
    yield from operation.schema.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation_for(operation=operation),
        extra_data_source=None,
        error_feedback=None,
        session=None,
    )

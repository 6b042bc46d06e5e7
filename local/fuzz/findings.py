"""Where an answer differs from the document. The checks are Schemathesis's, except for those of refusals."""

import json
from collections.abc import Iterator, Mapping

from schemathesis import Response
from schemathesis.checks import CheckFunction, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from local.fuzz.document import Case
from local.reference import codes

load_all_checks()
CHECKS: list[CheckFunction] = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
REJECTION: list[CheckFunction] = [checks.negative_data_rejection]  # of what was made to be forbidden
# Why a request is refused that the document allows: for what no schema says.
REASONS: Mapping[int, str] = {
    402: "the subscription",
    403: "the rights of who asks",
    404: "there is no such thing",
    409: "the state of the thing",
    410: "it is no longer kept",
    412: "another version",
    422: "a rule of its own, which has its own code",
    429: "how often",
    503: "another service",
}
# What a schema should have said, or is no refusal for what was asked.
NO_REASON = frozenset({"invalid", "malformed", "internal", "unavailable", "agency_missing", "unsupported_media_type"})


def of(case: Case, response: Response, *, is_allowed: bool) -> Iterator[tuple[str, str]]:
    """The findings, each with its class. `is_allowed` says whether the document allows the request."""
    try:
        case.validate_response(response, checks=CHECKS if is_allowed else CHECKS + REJECTION)
    except FailureGroup as failures:
        for failure in failures.exceptions:
            yield type(failure).__name__, str(failure)
    status, code = response.status_code, code_of(response)
    if status >= 500 and (status != 503 or code in NO_REASON):
        yield "ServerError", f"{status} {code}"
    if status >= 400 and not _is_documented(case, status, code):
        yield "UndocumentedCode", f"{status} {code}"
    if is_allowed and status >= 400 and (status not in REASONS or code in NO_REASON):
        yield "AllowedIsRefused", f"{status} {code}"


def code_of(response: Response) -> str:
    try:
        return str(json.loads(response.content)["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _is_documented(case: Case, status: int, code: str) -> bool:
    own = case.operation.definition.raw.get("x-codes", {})
    return code in codes.COMMON or code in own.get(str(status), ())

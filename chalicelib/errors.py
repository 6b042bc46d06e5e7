"""What can be wrong with a request. Any module raises these errors; api/http.py turns them into HTTP answers.

Problem
 +-- Malformed 400          not even readable
 +-- Unauthenticated 401
 +-- PaymentRequired 402    the subscription does not allow this, or it allows no more
 +-- Forbidden 403
 +-- NotFound 404           also: another agency's object
 +-- NotAllowed 405         the path exists, the verb does not
 +-- Conflict 409
 +-- Gone 410               it was here, and is no longer kept
 +-- PreconditionFailed 412
 +-- TooLarge 413
 +-- UnsupportedMedia 415
 +-- Invalid 422
 +-- TooMany 429
 +-- Unavailable 503        nothing was done; try again
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any


class Problem(Exception):
    """An error that the caller may read. `code` is stable, for programs; `detail` is a sentence for people.

    `detail` never quotes the caller's input. `field` names the wrong field, `after` says in how many seconds to try
    again, and `more` holds further fields of the answer.
    """

    status = 500
    code = "internal"
    title = "Something went wrong"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        field: str = "",
        after: float = 0,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.field = field
        self.after = after
        self.more = more or {}


class Malformed(Problem):
    """The request cannot be read, for example because its body is not JSON."""

    status, code, title = 400, "malformed", "The request cannot be read"


class Unauthenticated(Problem):
    """We do not know who calls."""

    status, code, title = 401, "unauthenticated", "Sign in first"


class PaymentRequired(Problem):
    """The agency's subscription does not allow this now. `more` says why, and what would change it; no amounts."""

    status, code, title = 402, "subscription_restricted", "The subscription does not allow this"


class Forbidden(Problem):
    """We know who calls, and their role does not allow this."""

    status, code, title = 403, "forbidden", "Your role does not allow this"


class NotFound(Problem):
    """The object does not exist, or the caller may not know of it: both get the same answer."""

    status, code, title = 404, "not_found", "There is nothing here"


class NotAllowed(Problem):
    """The path exists, but not with this HTTP method; `verbs` are those that it takes."""

    status, code, title = 405, "method_not_allowed", "This address does not take that method"

    def __init__(self, detail: str = "", *, verbs: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.verbs = verbs


class Conflict(Problem):
    """The present state of the object does not permit this."""

    status, code, title = 409, "conflict", "This is not possible in the present state"


class Gone(Problem):
    """What the caller asks for is no longer kept."""

    status, code, title = 410, "gone", "It is no longer kept"


class PreconditionFailed(Problem):
    """The object changed since the caller read it."""

    status, code, title = 412, "precondition_failed", "It has changed since you read it"


class TooLarge(Problem):
    """The request has more bytes than we take."""

    status, code, title = 413, "too_large", "The request is too large"


class UnsupportedMedia(Problem):
    """The address does not take that content type."""

    status, code, title = 415, "unsupported_media_type", "This content type is not taken here"


class Invalid(Problem):
    """The request can be read, but a value in it is not acceptable."""

    status, code, title = 422, "invalid", "The request is not valid"


class TooMany(Problem):
    """The caller did this too often; they may try again after `after` seconds."""

    status, code, title = 429, "too_many", "Too many requests"


class Unavailable(Problem):
    """Something we depend on does not work. Nothing was done, so the caller may try again."""

    status, code, title = 503, "unavailable", "Try again in a moment"


def raised(*checks: Callable[[], object]) -> Iterator[Problem]:
    """The problems that these checks raise; each check runs when its problem is asked for."""
    for check in checks:
        try:
            check()
        except Problem as problem:
            yield problem

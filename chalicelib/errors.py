"""What can be wrong with a request, each with its HTTP status and stable code; raised anywhere, told in api/http.py.

Problem
 +-- Malformed 400          not even readable
 +-- Unauthenticated 401
 +-- Forbidden 403
 +-- NotFound 404           also: another agency's object
 +-- NotAllowed 405         the path exists, the verb does not
 +-- Conflict 409
 +-- PreconditionFailed 412
 +-- TooLarge 413
 +-- UnsupportedMedia 415
 +-- Invalid 422
 +-- TooMany 429
 +-- Unavailable 503        nothing was done; try again
"""

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """`detail` is for the caller's eyes and never holds their input; `field` names what is wrong, `more` tells more."""

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
    """The request cannot be read."""

    status, code, title = 400, "malformed", "The request cannot be read"


class Unauthenticated(Problem):
    """Nobody known."""

    status, code, title = 401, "unauthenticated", "Sign in first"


class Forbidden(Problem):
    """Known, but not allowed."""

    status, code, title = 403, "forbidden", "Your role does not allow this"


class NotFound(Problem):
    """Not there, or not yours: the answer is the same."""

    status, code, title = 404, "not_found", "There is nothing here"


class NotAllowed(Problem):
    """The path knows other verbs."""

    status, code, title = 405, "method_not_allowed", "This address does not take that method"


class Conflict(Problem):
    """The state does not permit it."""

    status, code, title = 409, "conflict", "This is not possible in the present state"


class PreconditionFailed(Problem):
    """Changed since it was read."""

    status, code, title = 412, "precondition_failed", "It has changed since you read it"


class TooLarge(Problem):
    """More bytes than are taken."""

    status, code, title = 413, "too_large", "The request is too large"


class UnsupportedMedia(Problem):
    """Not a content type this address takes."""

    status, code, title = 415, "unsupported_media_type", "This content type is not taken here"


class Invalid(Problem):
    """Readable, but not acceptable."""

    status, code, title = 422, "invalid", "The request is not valid"


class TooMany(Problem):
    """Wait `after` seconds."""

    status, code, title = 429, "too_many", "Too many requests"


class Unavailable(Problem):
    """Something we depend on is down; nothing was done."""

    status, code, title = 503, "unavailable", "Try again in a moment"

"""Stripe's errors."""

from typing import Any


class Refused(Exception):
    """Raised to answer with that status and `{"error": {...}}`."""

    def __init__(self, message: str, *, status: int = 400, kind: str = "invalid_request_error", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": kind, **more}}


def missing(kind: str, id: str, param: str = "id") -> Refused:
    return Refused(f"No such {kind}: '{id}'", status=404, code="resource_missing", param=param)


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refused:
    more: dict[str, Any] = {name: value for name, value in (("param", param), ("code", code)) if value}
    return Refused(message, **more)


def declined(decline: str, intent: dict[str, Any], *, code: str = "card_declined") -> Refused:
    """The error 402; `intent` is the payment intent as it is shown."""
    message = "Your card was declined."
    if code != "card_declined":
        message = "This payment requires additional user action before it can be completed successfully."
    return Refused(
        message, status=402, kind="card_error", code=code, decline_code=decline, payment_intent=intent, param=""
    )

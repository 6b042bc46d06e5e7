"""WhatsApp's refusals."""

from typing import Any

from chalicelib.networks.double import Answer


def error(status: int, code: int, message: str, details: str = "", subcode: int = 0) -> Answer:
    refusal: dict[str, Any] = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    refusal |= {"error_subcode": subcode} if subcode else {}
    refusal |= {"error_data": {"messaging_product": "whatsapp", "details": details}} if details else {}
    return Answer(status, {"error": {**refusal, "fbtrace_id": "AbCdEf"}})


class Refused(Exception):
    """Raised for a call that the vendor refuses; carries the vendor's answer."""

    def __init__(self, code: int, message: str, subcode: int = 0, *, details: str = "") -> None:
        super().__init__(message)
        self.answer = error(400, code, message, details, subcode)


def require(condition: object, message: str, code: int = 100, subcode: int = 0) -> None:
    if not condition:
        raise Refused(code, message, subcode)

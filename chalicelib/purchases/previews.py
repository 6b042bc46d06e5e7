"""The token of a preview, valid for ten minutes: signed with the agency's own key."""

import base64
import hmac
import json
from dataclasses import asdict, dataclass

from chalicelib import clock, errors, ids
from chalicelib.purchases.selections import Selection

HOLDS = 10 * clock.MINUTE
_SIGNATURE = 24


@dataclass(frozen=True)
class Preview:
    """`version` is that of the subscription, `at` (s) the moment by which Stripe divides the period."""

    version: int
    selection: Selection
    at: int
    made_at: int


def signed(key: str, preview: Preview) -> str:
    text = json.dumps(asdict(preview), separators=(",", ":"))
    return f"{base64.urlsafe_b64encode(text.encode()).decode()}.{_signature(key, text)}"


def read(key: str, token: str, now: int) -> Preview:
    """The preview in the token. Raises Invalid unless it was signed with this key, Gone if it is older than ten
    minutes.
    """
    body, _, signature = token.partition(".")
    try:
        text = base64.b64decode(body.encode("ascii"), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise _bad_preview() from None
    if not hmac.compare_digest(_signature(key, text).encode(), signature.encode("utf-8", "replace")):
        raise _bad_preview()
    given = json.loads(text)
    if now >= given["made_at"] + HOLDS:
        raise errors.Gone(
            f"A preview is valid for {HOLDS // clock.MINUTE} minutes. Ask for a new one.", code="preview_over"
        )
    return Preview(**{**given, "selection": Selection(**given["selection"])})


def _bad_preview() -> errors.Invalid:
    return errors.Invalid("The preview is not valid for this agency.", code="bad_preview", field="preview")


def _signature(key: str, text: str) -> str:
    return ids.keyed_digest(key, "preview", text, length=_SIGNATURE)

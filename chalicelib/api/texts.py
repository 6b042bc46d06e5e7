"""Answers that are a text already, the same for everybody, which may be kept for a while."""

import hashlib
from dataclasses import dataclass

KEPT = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
_DIGEST_BYTES = 9


@dataclass(frozen=True)
class Text:
    """A text of that type, how long whoever got it may keep it, and what a page of it may load (as its CSP)."""

    text: str
    mime: str = "application/json"
    cache: str = KEPT
    policy: str = ""

    @property
    def headers(self) -> dict[str, str | list[str]]:
        """The headers of an answer with this text."""
        digest = hashlib.blake2b(self.text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
        headers: dict[str, str | list[str]] = {"Content-Type": self.mime, "Cache-Control": self.cache}
        headers |= {"Content-Security-Policy": self.policy, "Referrer-Policy": "no-referrer"} if self.policy else {}
        return {**headers, "ETag": f'W/"{digest}"'}

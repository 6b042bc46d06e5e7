"""Answers with a ready text that is the same for everybody and may be cached for a while."""

import hashlib
from dataclasses import dataclass

KEPT = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
_DIGEST_BYTES = 9


@dataclass(frozen=True)
class Text:
    """A text with its content type, its Cache-Control, and for a page the Content-Security-Policy."""

    text: str
    mime: str = "application/json"
    cache: str = KEPT
    policy: str = ""

    @property
    def headers(self) -> dict[str, str | list[str]]:
        digest = hashlib.blake2b(self.text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
        headers: dict[str, str | list[str]] = {"Content-Type": self.mime, "Cache-Control": self.cache}
        headers |= {"Content-Security-Policy": self.policy, "Referrer-Policy": "no-referrer"} if self.policy else {}
        return {**headers, "ETag": f'W/"{digest}"'}

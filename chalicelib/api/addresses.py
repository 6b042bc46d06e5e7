"""What each address below /v1 takes, of all operations, loaded or not."""

import re

from chalicelib.api.operations import OPERATIONS


def verbs_of(path: str) -> list[str]:
    """What an address takes. `/conversations/bulk` is itself, and not a conversation of that id."""
    exact = {verb for verb, known, *_ in OPERATIONS if known == path}
    verbs = exact or {verb for verb, known, *_ in OPERATIONS if _matches(known, path)}
    return sorted(verbs | ({"HEAD"} if "GET" in verbs else set()) | ({"OPTIONS"} if verbs else set()))


def _matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), path) is not None

"""Which HTTP methods each address below /v1 takes, whether its operation is loaded yet or not."""

import re

from chalicelib.api.operations import OPERATIONS


def verbs_of(path: str) -> list[str]:
    """The methods of an address. An exact match counts first: `/conversations/bulk` is not the conversation with the id
    `bulk`.
    """
    exact = {verb for verb, known, *_ in OPERATIONS if known == path}
    verbs = exact or {verb for verb, known, *_ in OPERATIONS if _matches(known, path)}
    return sorted(verbs | ({"HEAD"} if "GET" in verbs else set()) | ({"OPTIONS"} if verbs else set()))


def _matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), path) is not None

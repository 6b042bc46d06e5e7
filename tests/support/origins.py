"""Origins whose pages the stack expects, and to which the user pool leads back."""

from urllib.parse import urlsplit

from local.cloud import ORIGINS, in_use


def free() -> str:
    """One at which nobody is. Raises StopIteration if this machine has something at each of them."""
    return next(origin for origin in ORIGINS.split(",") if not in_use(port_of(origin)))


def port_of(origin: str) -> int:
    return urlsplit(origin).port or 80

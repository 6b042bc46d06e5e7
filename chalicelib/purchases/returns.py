"""Where Stripe's pages lead back to: only to addresses of our own app."""

import re
from urllib.parse import urlsplit

from chalicelib import errors

_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]{1,2000}")  # no spaces, control characters and backslashes


def checked(url: str, app_url: str) -> str:
    """The address, if it is under `app_url`. Raises Invalid otherwise, and always if no `app_url` is configured."""
    if not _is_under(url, app_url):
        raise errors.Invalid(
            "`return_to` has to be an address of Palabre's own app.", code="bad_return_to", field="return_to"
        )
    return url


def _is_under(url: str, app_url: str) -> bool:
    if not app_url or not _PLAIN.fullmatch(url):
        return False
    try:
        given, ours = urlsplit(url), urlsplit(app_url)
    except ValueError:
        return False
    base = ours.path.rstrip("/")
    inside = given.path == base or given.path.startswith(base + "/")
    return (given.scheme, given.netloc) == (ours.scheme, ours.netloc) and inside and ".." not in given.path

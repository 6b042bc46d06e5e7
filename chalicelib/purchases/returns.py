"""Where Stripe's pages lead back to: a page of ours, and nowhere else."""

import re
from urllib.parse import urlsplit

from chalicelib import errors, settings

LONGEST = 2_000
_STRANGE = re.compile(r"[\x00-\x20\x7f\\]|[^\x00-\x7f]")


def checked(url: str) -> str:
    """The address, if it is below the address of the web page. Raises Invalid otherwise."""
    own = settings.get().app_url
    if not own:
        raise errors.Unavailable("No web page is configured to come back to.", code="app_unconfigured")
    if len(url) <= LONGEST and not _STRANGE.search(url) and _origin(url) == _origin(own) and _is_below(url, own):
        return url
    raise errors.Invalid("This is no address of the web page.", code="return_refused", field="return_to")


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return None if "@" in parts.netloc else (parts.scheme, parts.hostname, port)


def _is_below(url: str, own: str) -> bool:
    path, above = urlsplit(url).path, urlsplit(own).path.rstrip("/")
    return path == above or path.startswith(f"{above}/")

"""What was made when this was packaged, by local/reference/served.py: read on first use, and no sooner.

Where a file names the address of the API, it has `{{api}}` instead, and `{{sign_in}}` for where people sign in.
"""

from functools import lru_cache
from pathlib import Path

from chalicelib import settings

PLACE = Path(__file__).parent / "made"
API = "{{api}}"
SIGN_IN = "{{sign_in}}"


@lru_cache(maxsize=32)
def text(name: str, api: str) -> str:
    """The file of that name, for whoever asked the API at that address. FileNotFoundError if there is none."""
    return (PLACE / name).read_text().replace(API, api).replace(SIGN_IN, settings.get().sign_in_url)

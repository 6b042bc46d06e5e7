"""The files that local/reference/served.py made when this was packaged; each is read when it is first used.

In them `{{api}}` stands for the address of the API, and `{{sign_in}}` for where people sign in.
"""

from functools import lru_cache
from pathlib import Path

from chalicelib import settings

PLACE = Path(__file__).parent / "made"
API = "{{api}}"
SIGN_IN = "{{sign_in}}"


@lru_cache(maxsize=32)
def text(name: str, api: str) -> str:
    """The file with that name, with the address at which the API was called. Raises FileNotFoundError."""
    return (PLACE / name).read_text().replace(API, api).replace(SIGN_IN, settings.get().sign_in_url)

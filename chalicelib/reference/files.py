"""What was made when this was packaged, by local/reference/served.py: read on first use, and no sooner.

Where a file names the address of the API, it has `{{api}}` instead.
"""

from functools import lru_cache
from pathlib import Path

PLACE = Path(__file__).parent / "made"
API = "{{api}}"


@lru_cache(maxsize=32)
def text(name: str, api: str) -> str:
    """The file of that name, for whoever asked the API at that address. FileNotFoundError if there is none."""
    return (PLACE / name).read_text().replace(API, api)

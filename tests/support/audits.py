"""What the audit tells of what a test did just now."""

from typing import Any

from chalicelib import clock
from tests.support.stack import Member

_LONGEST = 3 * clock.MINUTE  # that a test takes


def recent(member: Member, **wanted: str) -> list[Any]:
    """The entries that are wanted, newest first; what is older than a test is not looked for."""
    return member.every("/audit", since=clock.text(clock.now() - _LONGEST), **wanted)

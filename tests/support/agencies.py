"""Agencies of a test's own, in which nobody else does anything."""

from local import seed
from tests.support.stack import Agency, Member, Stack, number


def founded(stack: Stack, name: str) -> Agency:
    """An agency just founded, and its owner."""
    _, token = seed.sign_up(f"founder{number()}@new.example", stack.platform.outputs, stack.platform.endpoint)
    id = Member(stack.api, token).post("/agencies", {"name": name})["id"]
    owner = Member(stack.api, token, id)
    return Agency(id, owner.post("/brands", {"name": name})["id"], {"owner": owner})

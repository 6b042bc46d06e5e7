"""S20: nobody founds agencies without end."""

from local import seed
from tests.support.stack import Member, Stack, number

TEN = 10


def test_person_founds_ten_agencies_a_day(stack: Stack) -> None:
    _, token = seed.sign_up(f"founder{number()}@new.example", stack.platform.outputs, stack.platform.endpoint)
    founder = Member(stack.api, token)
    for _ in range(TEN):
        founder.post("/agencies", {"name": "Once more"})
    assert founder.call("POST", "/agencies", {"name": "Enough"}).problem == (429, "too_many")
    assert len(founder.get("/me/agencies")["items"]) == TEN

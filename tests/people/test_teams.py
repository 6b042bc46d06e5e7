"""Teams have limits that keep those who are in them removable."""

from chalicelib.people import teams
from chalicelib.store import fence, keys, lookups, table
from chalicelib.store.models.people import Member, Membership
from tests.support.stack import Stack, number


def test_nobody_is_in_more_teams_than_they_can_leave_at_once(stack: Stack) -> None:
    owner, somebody = stack.ours.owner, stack.someone(stack.ours, "moderator", [stack.ours.brand]).get("/me")["member"]
    with fence.within(stack.ours.id):
        member = table.get(Member, stack.ours.id, keys.noun(somebody))
        assert member
        many = {f"tem_{place}" for place in range(teams.MOST_TEAMS)}
        table.update(Membership(lookups.user(member.subject), stack.ours.id), [Membership.teams.set(many)])
    asked = {"name": f"Team {number()}", "members": [somebody]}
    assert owner.call("POST", "/teams", asked).problem == (422, "too_much")

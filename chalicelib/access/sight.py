"""Which conversations of a brand an actor sees: all of them, the unassigned ones, or those assigned to them or their
teams.
"""

from chalicelib.access.actors import Actor


def is_whole(actor: Actor, brand: str) -> bool:
    return actor.may("inbox.view_all", brand=brand)


def covers(actor: Actor, brand: str, assignee: str | None) -> bool:
    """True if the actor sees a conversation of the brand that is assigned to this member or team; None means
    unassigned.
    """
    if is_whole(actor, brand):
        return True
    if not assignee:
        return actor.may("inbox.view_unassigned", brand=brand)
    return assignee in (actor.member, *actor.teams) and actor.may("inbox.view_assigned", brand=brand)

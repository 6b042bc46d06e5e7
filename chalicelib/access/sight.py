"""Which conversations of a brand somebody sees: all, those of nobody, or those of their own."""

from chalicelib.access.actors import Actor


def is_whole(actor: Actor, brand: str) -> bool:
    """True if the actor sees all conversations of the brand."""
    return actor.may("inbox.view_all", brand=brand)


def covers(actor: Actor, brand: str, assignee: str | None) -> bool:
    """True if the actor sees a conversation of the brand that is assigned to that member or team, or to nobody."""
    if is_whole(actor, brand):
        return True
    if not assignee:
        return actor.may("inbox.view_unassigned", brand=brand)
    return assignee in (actor.member, *actor.teams) and actor.may("inbox.view_assigned", brand=brand)

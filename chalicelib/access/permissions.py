"""All permissions, and the seven template roles that every agency has. A role is a set of permissions.

A grant stores only the name of its role; the permissions of the role are looked up with each request.
"""

from collections.abc import Mapping

PERMISSIONS = tuple(
    """
    inbox.view_all inbox.view_assigned inbox.view_unassigned
    reply.public.send reply.public.propose reply.private.send reply.private.propose reply.approve reply.official
    note.write
    conversation.assign conversation.take_over conversation.resolve conversation.bulk
    moderation.hide moderation.delete moderation.ban moderation.appeal
    editorial_line.read editorial_line.edit editorial_line.publish rule.test rule.activate
    content.create content.edit_others content.approve content.publish content.hold media.upload media.delete
    contact.view contact.view_pii contact.edit contact.merge contact.export contact.erase
    report.view report.schedule report.export strategy.edit
    channel.connect channel.disconnect
    webhook.manage api_key.manage member.manage role.manage
    audit.view ingest.replay billing.manage brand.create brand.archive crisis.pause crisis.resume
    """.split()
)
# These change the agency itself, so they count only if they are held for all brands.
OF_THE_AGENCY = ("role.manage", "brand.create")
# An API key gives these to nobody.
NOT_BY_KEYS = ("api_key.manage",)
VIEW = ("inbox.view_all", "inbox.view_assigned", "inbox.view_unassigned")
SEND = ("reply.public.send", "reply.private.send")
PROPOSE = ("reply.public.propose", "reply.private.propose")
ANSWER = (*SEND, *PROPOSE)
TRIAGE = ("conversation.resolve", "note.write")


def _set(*names: str) -> frozenset[str]:
    """The permissions with these names; a name that ends in a dot means all permissions that begin with it."""
    prefixes = tuple(name for name in names if name.endswith("."))
    return frozenset(permission for permission in PERMISSIONS if permission in names or permission.startswith(prefixes))


TEMPLATES: Mapping[str, frozenset[str]] = {
    "owner": frozenset(PERMISSIONS),
    "marketing_director": _set(
        "inbox.view_all", "contact.view", "editorial_line.read", "report.", "strategy.", "audit.", "crisis.",
    ),
    "community_manager": _set(
        "inbox.", "reply.", "note.", "conversation.", "moderation.", "editorial_line.", "rule.", "content.", "media.",
        "contact.", "report.", "channel.", "member.", "audit.", "ingest.", "crisis.pause",
        "webhook.",
    ),
    "conversation_manager": _set(
        "inbox.", "reply.public.", "reply.private.", "note.", "conversation.", "moderation.hide", "moderation.delete",
        "editorial_line.read", "media.upload", "contact.view", "contact.view_pii", "contact.edit", "contact.merge",
    ),
    "moderator": _set(
        "inbox.", "reply.public.propose", "reply.private.propose", "note.", "moderation.hide", "moderation.delete",
        "editorial_line.read", "contact.view",
    ),
    "content_creator": _set(
        "inbox.view_all", "reply.public.propose", "reply.private.propose", "note.", "editorial_line.read",
        "content.create", "media.upload", "contact.view",
    ),
    "client": _set("inbox.view_all", "editorial_line.read", "content.approve", "report.view", "contact.view"),
}  # fmt: skip

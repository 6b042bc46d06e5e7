"""All permissions, and the seven template roles that every agency has. A role is a set of permissions.

A grant stores only the name of its role; the permissions of the role are looked up with each request.
"""

from collections.abc import Iterable, Mapping

# Each changes at least one answer (tests/access/test_permissions.py); that of a capability still to come comes with it.
PERMISSIONS = tuple(
    """
    inbox.view_all inbox.view_assigned inbox.view_unassigned
    reply.public.send reply.public.propose reply.private.send reply.private.propose reply.approve reply.official
    note.write
    media.upload
    conversation.assign conversation.take_over conversation.resolve conversation.bulk
    moderation.hide moderation.delete moderation.ban moderation.appeal
    editorial_line.edit rule.activate
    content.approve
    contact.view contact.view_pii
    channel.connect channel.disconnect
    api_key.manage member.manage role.manage webhook.manage
    audit.view ingest.replay brand.create brand.archive billing.manage app.manage
    sso.manage
    """.split()
)
# These change the agency itself, so they count only if they are held for all brands.
OF_THE_AGENCY = ("role.manage", "brand.create", "billing.manage", "app.manage", "sso.manage")
# An API key gives these to nobody.
NOT_BY_KEYS = ("api_key.manage", "app.manage", "sso.manage")
VIEW = ("inbox.view_all", "inbox.view_assigned", "inbox.view_unassigned")
SEND = ("reply.public.send", "reply.private.send")
PROPOSE = ("reply.public.propose", "reply.private.propose")
ANSWER = (*SEND, *PROPOSE)
TRIAGE = ("conversation.resolve", "note.write")


def known(names: Iterable[str]) -> frozenset[str]:
    """Those of the names that are permissions today; a stored role may name some that were removed since."""
    return frozenset(PERMISSIONS).intersection(names)


def _matching(*names: str) -> frozenset[str]:
    """A name that ends in a dot means all permissions that begin with it."""
    prefixes = tuple(name for name in names if name.endswith("."))
    return frozenset(permission for permission in PERMISSIONS if permission in names or permission.startswith(prefixes))


TEMPLATES: Mapping[str, frozenset[str]] = {
    "owner": frozenset(PERMISSIONS),
    "marketing_director": _matching("inbox.view_all", "contact.view", "audit."),
    "community_manager": _matching(
        "inbox.", "reply.", "note.", "media.", "conversation.", "moderation.", "editorial_line.", "rule.", "content.",
        "contact.", "channel.", "member.", "audit.", "ingest.",
    ),
    "conversation_manager": _matching(
        "inbox.", "reply.public.", "reply.private.", "note.", "media.", "conversation.", "moderation.hide",
        "moderation.delete", "contact.",
    ),
    "moderator": _matching(
        "inbox.", "reply.public.propose", "reply.private.propose", "note.", "media.", "moderation.hide",
        "moderation.delete", "contact.view",
    ),
    "content_creator": _matching(
        "inbox.view_all", "reply.public.propose", "reply.private.propose", "note.", "media.", "contact.view",
    ),
    "client": _matching("inbox.view_all", "content.approve", "contact.view"),
}  # fmt: skip

"""The items, typed. Times are ms; anything nested is JSON text, so one attribute is one small string.

Nothing here decides anything: the nouns do.
"""

from chalicelib.store.models.inbox import (
    Contact,
    Conversation,
    Due,
    Identity,
    Inbox,
    Lease,
    Message,
    Note,
    NumberOfViews,
    Parked,
    Pointer,
    Replies,
    Reply,
    Rota,
    Thread,
    View,
)
from chalicelib.store.models.insight import AuditEntry, Seal, Sealed
from chalicelib.store.models.item import Item
from chalicelib.store.models.tenancy import (
    Agency,
    ApiKey,
    Brand,
    Channel,
    Idempotency,
    Invitation,
    Member,
    Membership,
    Quota,
    Role,
    Route,
    Team,
)

__all__ = [
    "Agency",
    "ApiKey",
    "AuditEntry",
    "Brand",
    "Channel",
    "Contact",
    "Conversation",
    "Due",
    "Idempotency",
    "Identity",
    "Inbox",
    "Invitation",
    "Item",
    "Lease",
    "Member",
    "Membership",
    "Message",
    "Note",
    "NumberOfViews",
    "Parked",
    "Pointer",
    "Quota",
    "Replies",
    "Reply",
    "Role",
    "Rota",
    "Route",
    "Seal",
    "Sealed",
    "Team",
    "Thread",
    "View",
]

"""The items, typed. Times are ms; anything nested is JSON text, so one attribute is one small string.

Nothing here decides anything: the nouns do.
"""

from chalicelib.store.models.inbox import (
    Contact,
    Conversation,
    Identity,
    Inbox,
    Lease,
    Message,
    Parked,
    Pointer,
    Replies,
    Reply,
    Thread,
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
    Role,
    Route,
)

__all__ = [
    "Agency",
    "ApiKey",
    "AuditEntry",
    "Brand",
    "Channel",
    "Contact",
    "Conversation",
    "Idempotency",
    "Identity",
    "Inbox",
    "Invitation",
    "Item",
    "Lease",
    "Member",
    "Membership",
    "Message",
    "Parked",
    "Pointer",
    "Replies",
    "Reply",
    "Role",
    "Route",
    "Seal",
    "Sealed",
    "Thread",
]

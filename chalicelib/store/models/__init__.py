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
from chalicelib.store.models.tenancy import Agency, Brand, Channel, Idempotency, Member, Membership, Route

__all__ = [
    "Agency",
    "AuditEntry",
    "Brand",
    "Channel",
    "Contact",
    "Conversation",
    "Idempotency",
    "Identity",
    "Inbox",
    "Item",
    "Lease",
    "Member",
    "Membership",
    "Message",
    "Parked",
    "Pointer",
    "Replies",
    "Reply",
    "Route",
    "Seal",
    "Sealed",
    "Thread",
]

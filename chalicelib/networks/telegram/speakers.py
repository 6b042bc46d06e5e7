"""Who says something on Telegram, and to whom. What the brand says itself, in a chat or in its channel, is `out`."""

from chalicelib.networks import base
from chalicelib.networks.telegram.fields import identity, identity_or_none, part, text

_GROUPS = ("group", "supergroup")


def person(value: base.Json) -> base.Person:
    """Raises ValueError if the id cannot be read."""
    name = text(value, "first_name", "last_name", "title")
    return base.Person(id=identity(value["id"]), name=name, username=text(value, "username"))


def speaker(value: base.Json) -> tuple[base.Direction, base.Person | None]:
    """Whether the brand speaks, and the other side. Raises ValueError if it cannot be read who speaks."""
    chat = value["chat"]
    if "business_connection_id" in value:
        return ("out" if _is_owner(value) else "in"), person(chat)
    if "direct_messages_topic" in value:
        return _in_direct_messages(value)
    if _is_public_voice(value):
        return "out", None
    return "in", person(_author(value))


def _is_owner(value: base.Json) -> bool:
    """In a business chat, whoever is not the other side is its owner, or a bot that speaks for them."""
    author = identity_or_none(part(value, "from").get("id"))
    return author != identity(value["chat"]["id"]) if author else "sender_business_bot" in value


def _in_direct_messages(value: base.Json) -> tuple[base.Direction, base.Person | None]:
    """The topic belongs to a person; anybody else who writes there answers for the channel."""
    owner, sender = part(part(value, "direct_messages_topic"), "user"), part(value, "sender_chat")
    if not identity_or_none(owner.get("id")):
        return ("out", None) if identity_or_none(sender.get("id")) else ("in", person(_author(value)))
    author = identity_or_none(sender.get("id")) or identity_or_none(part(value, "from").get("id"))
    return ("out" if author and author != identity(owner["id"]) else "in"), person(owner)


def _is_public_voice(value: base.Json) -> bool:
    """True for a post in a channel, where only administrators can write; for the copy of it that Telegram makes in the
    channel's group; and for an administrator who writes in the group's own name.
    """
    chat, sender = value["chat"], identity_or_none(part(value, "sender_chat").get("id"))
    is_channel, is_copy = text(chat, "type") == "channel", value.get("is_automatic_forward") is True
    return is_channel or is_copy or sender == identity(chat["id"])


def _author(value: base.Json) -> base.Json:
    """The first author that can be read. Nobody writes in a group's name here, so the group is never the author."""
    chat = value["chat"] if text(value["chat"], "type") not in _GROUPS else {}
    authors = (part(value, "sender_chat"), part(value, "from"), chat)
    return next((author for author in authors if identity_or_none(author.get("id"))), {})

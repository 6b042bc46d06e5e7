"""Ids: a three-letter prefix, then either a ULID (new things) or a digest (things the network already names).

What is said in a conversation carries the conversation's own part in its id, and a message its time as well, so its
place in the table is computed and never looked up.
"""

import hashlib
import re

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CONVERSATION, _TIME, _DIGEST, _ULID = 20, 10, 16, 26
_FORM = re.compile(rf"[a-z]{{3}}_[{_ALPHABET}]{{1,60}}")


def new(prefix: str) -> str:
    """A fresh id that sorts by when it was made."""
    from ulid import ULID

    return f"{prefix}_{str(ULID()).lower()}"


def digest(*parts: str, length: int = _DIGEST) -> str:
    """The same text for the same parts, whatever characters they hold: no part can imitate a boundary."""
    joined = b"".join(b"%d:%b" % (len(part := text.encode("utf-8", "replace")), part) for text in parts)
    return _base32(int.from_bytes(hashlib.sha256(joined).digest()[:15]), 24)[:length]


def conversation(channel: str, surface: str, thread: str) -> str:
    """The one conversation of that thread on that channel."""
    return "cnv_" + digest(channel, surface, thread, length=_CONVERSATION)


def contact(brand: str, network: str, person: str) -> str:
    """The contact first met under that identity."""
    return "ctc_" + digest(brand, network, person, length=_CONVERSATION)


def message(conversation_id: str, at: int, network_id: str) -> str:
    """The message of that network id, said at `at` ms."""
    return f"msg_{conversation_id[4:]}{_base32(at, _TIME)}{digest(network_id)}"


def inside(conversation_id: str, prefix: str) -> str:
    """A fresh id, sorted by when it was made, of something in that conversation."""
    return f"{prefix}_{conversation_id[4:]}{new(prefix)[4:]}"


def repeated(conversation_id: str, prefix: str, *parts: str) -> str:
    """The id of what the same parts ask for in that conversation, however often they ask."""
    return f"{prefix}_{conversation_id[4:]}{digest(*parts, length=24)}"


def canned_reply(brand: str) -> str:
    """A fresh canned reply of that brand."""
    return f"can_{brand[4:]}{new('can')[4:]}"


def brand_of(id: str) -> str:
    """The brand a canned reply's id belongs to."""
    return "brd_" + id[4:-_ULID]


def conversation_of(id: str) -> str:
    """The conversation a message, reply or note belongs to."""
    return "cnv_" + id[4 : 4 + _CONVERSATION]


def place(message_id: str) -> str:
    """The part of a message id that orders it in its conversation: time, then digest."""
    return message_id[4 + _CONVERSATION :]


def is_id(text: object, prefix: str) -> bool:
    """True if it has the form of such an id; it may still name nothing."""
    return isinstance(text, str) and text.startswith(prefix + "_") and _FORM.fullmatch(text) is not None


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))


def secret() -> str:
    """256 random bits, in characters every network's header takes."""
    import secrets

    return secrets.token_urlsafe(32)

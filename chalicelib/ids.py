"""Ids: a three-letter prefix, then a ULID (things we create) or a digest (things that a network already names).

Threads and people are often named by telephone numbers, so their digests take a key that only the agency has. The id of
a message, reply or note contains its conversation's part, and a message's id its time and order as well, so that its
place in the table is computed and never looked up.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CONVERSATION, _TIME, _ORDER, _DIGEST, _ULID = 20, 10, 10, 16, 26  # the number of characters of each part
_MOST_PLACES = 256
_FORM = re.compile(rf"[a-z]{{3}}_[{_ALPHABET}]{{1,60}}")


def new(prefix: str) -> str:
    """A new id; ids with the same prefix sort by when they were created."""
    from ulid import ULID

    return f"{prefix}_{str(ULID()).lower()}"


def digest(*parts: str, length: int = _DIGEST) -> str:
    """The same parts give the same text. Lengths are hashed too, so ("ab", "c") and ("a", "bc") differ."""
    return _text(hashlib.sha256(_joined(parts)).digest(), length)


def keyed_digest(key: str, *parts: str, length: int = _DIGEST) -> str:
    """A digest that can only be computed with the key, so that nobody can find the parts by trying."""
    return _text(hmac.digest(key.encode(), _joined(parts), "sha256"), length)


def _joined(parts: Sequence[str]) -> bytes:
    encoded = [part.encode("utf-8", "replace") for part in parts]
    return b"".join(b"%d:%b" % (len(part), part) for part in encoded)


def _text(hash: bytes, length: int) -> str:
    return _base32(int.from_bytes(hash[:15]), 24)[:length]


def conversation(key: str, channel: str, surface: str, thread: str) -> str:
    """The id of the conversation of a thread; the same thread always gives the same id under the agency's key."""
    return "cnv_" + keyed_digest(key, channel, surface, thread, length=_CONVERSATION)


def contact(key: str, brand: str, network: str, person: str) -> str:
    """The id of the contact that we first met as this person of the network, under the agency's key."""
    return "ctc_" + keyed_digest(key, brand, network, person, length=_CONVERSATION)


def message(conversation_id: str, at: int, network_id: str, order: int = 0) -> str:
    """The id of a message that has this id on the network and was sent at `at` (ms).

    `order` is its place among messages of the same moment: the network's number for it, or its `arrival`.
    """
    return f"msg_{conversation_id[4:]}{moment(at)}{_base32(min(order, 32**_ORDER - 1), _ORDER)}{digest(network_id)}"


def arrival(at: int, place: int = 0) -> int:
    """The order of a message that arrived at `at` (ms); `place` is its place among those that were posted together."""
    return at * _MOST_PLACES + min(place, _MOST_PLACES - 1)


def order(message_id: str) -> str:
    """The part of a message id that orders it within its moment."""
    start = 4 + _CONVERSATION + _TIME
    return message_id[start : start + _ORDER]


def moment(at: int) -> str:
    """A time (ms) as the part of message ids that orders them."""
    return _base32(at, _TIME)


def at(moment: str) -> int:
    """The time (ms) at the beginning of a text that `moment` made."""
    return sum(_ALPHABET.index(character) << 5 * place for place, character in enumerate(reversed(moment[:_TIME])))


def inside(conversation_id: str, prefix: str) -> str:
    """A new id of something in the conversation; such ids sort by when they were created."""
    return f"{prefix}_{conversation_id[4:]}{new(prefix)[4:]}"


def repeated(conversation_id: str, prefix: str, *parts: str) -> str:
    """An id of something in the conversation that is the same whenever the parts are the same."""
    return f"{prefix}_{conversation_id[4:]}{digest(*parts, length=24)}"


def of_brand(brand: str, prefix: str, *parts: str) -> str:
    """An id that contains the brand's part: a new one, or with `parts` always the same for the same parts."""
    return f"{prefix}_{brand[4:]}{digest(*parts, length=24).rjust(_ULID, '0') if parts else new(prefix)[4:]}"


def brand_of(id: str) -> str:
    """The brand in an id that `of_brand` made."""
    return "brd_" + id[4:-_ULID]


def of_channel(channel: str, prefix: str, *parts: str) -> str:
    """An id that contains the channel's part: a new one, or with `parts` always the same for the same parts."""
    return of_brand(channel, prefix, *parts)


def channel_of(id: str) -> str:
    """The channel in an id that `of_channel` made."""
    return "chn_" + id[4:-_ULID]


def conversation_of(id: str) -> str:
    """The conversation of a message, reply or note."""
    return "cnv_" + id[4 : 4 + _CONVERSATION]


def order_key(message_id: str) -> str:
    """The part of a message id that orders it in its conversation: the time, the order in that moment, the digest."""
    return message_id[4 + _CONVERSATION :]


def is_id(text: object, prefix: str) -> bool:
    """True if the text has the form of an id with this prefix; nothing with that id needs to exist."""
    return isinstance(text, str) and text.startswith(prefix + "_") and _FORM.fullmatch(text) is not None


def _base32(number: int, length: int) -> str:
    return "".join([_ALPHABET[number >> bits & 31] for bits in range(5 * length - 5, -1, -5)])


def secret() -> str:
    """256 random bits as text, in characters that every network takes in a header."""
    import secrets

    return secrets.token_urlsafe(32)

"""What a message has besides its words: where it was said, what it quotes, which words are bold."""

from bisect import bisect_left
from collections.abc import Iterator

from chalicelib.networks import base
from chalicelib.networks.telegram.fields import filled, identity_or_none, part, parts, text

_MOST_ENTITIES, _START = 1000, "/start "
_ROOMS = {"group": "group", "supergroup": "group", "channel": "channel"}


def context_of(value: base.Json, words: str) -> base.Json:
    entities = parts(value, "entities") or parts(value, "caption_entities")
    return filled(
        album=text(value, "media_group_id"),
        entities=list(_entities(words, entities)) if entities else [],
        forwarded=_forwarded(part(value, "forward_origin")) if "forward_origin" in value else "",
        quote=text(part(value, "quote"), "text") if "quote" in value else "",
        referral=words.removeprefix(_START) if words.startswith(_START) else "",
        **chat_title(value["chat"]),
    )


def _forwarded(origin: base.Json) -> str:
    """The name of the author of the forwarded message."""
    source = part(origin, "sender_user") or part(origin, "sender_chat") or part(origin, "chat")
    return text(source, "first_name", "last_name", "title") or text(origin, "sender_user_name")


def chat_title(chat: base.Json) -> dict[str, str]:
    """The name of a group or channel; nothing for a private chat."""
    kind = "channel" if chat.get("is_direct_messages") is True else _ROOMS.get(text(chat, "type"))
    return {kind: text(chat, "title")} if kind else {}


def _entities(words: str, entities: list[base.Json]) -> Iterator[base.Json]:
    """Offset and length in characters; Telegram counts UTF-16 units. An entity without either is left out."""
    doubles = [place for place, character in enumerate(words) if ord(character) > 0xFFFF]  # two units each
    seconds = [place + earlier + 1 for earlier, place in enumerate(doubles)]  # where their second units are

    def characters(count: int) -> int:
        return min(max(0, count) - bisect_left(seconds, count), len(words))

    for entity in entities[:_MOST_ENTITIES]:
        offset, length = identity_or_none(entity.get("offset")), identity_or_none(entity.get("length"))
        if 0 < len(offset) < 10 and 0 < len(length) < 10:
            start, end = characters(int(offset)), characters(int(offset) + int(length))
            yield {**entity, "offset": start, "length": end - start}

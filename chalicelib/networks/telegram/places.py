"""Where a message is: how the ids of threads and messages are written.

A thread's id is `{chat}`, or `{chat}:{topic}` in a topic. All direct messages to a channel are one chat, with a topic
for each person: there it is `{chat}~{topic}`. A message's id is `{chat}:{message}`, because numbers are unique per chat
only. Both end in `@{connection}` in a business chat, whose numbers are its owner's and not the bot's.
The id of a pressed button is `callback:{id}`, which is all that answering it takes.
"""

import re
from typing import NamedTuple

from chalicelib.networks import base
from chalicelib.networks.telegram.fields import identity, identity_or_none, part

CALLBACK = "callback:"
_PLACE = re.compile(r"(?P<chat>-?\d+)(~(?P<direct>\d+))?(:(?P<number>\d+))?(@(?P<connection>.+))?", re.ASCII)


class Place(NamedTuple):
    """A chat, or a topic or message in it, reached through a business connection or by the bot itself.

    `direct` is the topic of one person in the direct messages of a channel.
    """

    chat: str
    number: str = ""
    connection: str = ""
    direct: str = ""

    def __str__(self) -> str:
        text = f"{self.chat}~{self.direct}" if self.direct else self.chat
        if self.number:
            text = f"{text}:{self.number}"
        return f"{text}@{self.connection}" if self.connection else text

    @classmethod
    def read(cls, text: str) -> "Place":
        """The inverse of `str`; raises ValueError for other texts."""
        match = _PLACE.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return cls(**{name: value or "" for name, value in match.groupdict().items()})


def thread(value: base.Json) -> str:
    """The id of the thread. Raises ValueError for direct messages of a channel whose person cannot be read."""
    topic = identity_or_none(value.get("message_thread_id")) if value.get("is_topic_message") is True else ""
    direct = _direct(value)
    return str(Place(_chat(value), "" if direct else topic, _connection(value), direct))


def message(value: base.Json, number: object) -> str:
    return str(Place(_chat(value), identity(number), _connection(value)))


def answered(value: base.Json) -> str:
    """The id of the message answered. In a topic, every message formally answers the notice that opened the topic."""
    if "reply_to_message" not in value:
        return ""
    answered = part(value, "reply_to_message")
    number = "" if "forum_topic_created" in answered else identity_or_none(answered.get("message_id"))
    return number and message(value, number)


def _chat(value: base.Json) -> str:
    return identity(value["chat"]["id"])


def _direct(value: base.Json) -> str:
    if "direct_messages_topic" not in value and value["chat"].get("is_direct_messages") is not True:
        return ""
    return identity(part(value, "direct_messages_topic").get("topic_id"))


def _connection(value: base.Json) -> str:
    """Raises ValueError for an id that cannot be read: without it, the thread would be a different chat."""
    connection = value.get("business_connection_id")
    if connection is None:
        return ""
    if not isinstance(connection, str) or not connection:
        raise ValueError("business_connection_id")
    return connection

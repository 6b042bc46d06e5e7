"""Makes the facts again from the stored messages, for hours of which the stream may have missed some.

They are the same facts that the stream gives, so those that exist already count once, and none is lost.
"""

from collections.abc import Iterable, Iterator

from chalicelib.figures import facts, hours
from chalicelib.figures.facts import Fact
from chalicelib.inbox import conversations
from chalicelib.store import keys, listings, table
from chalicelib.store.models.inbox import Conversation, Message


def rebuild(agency: str, brands: Iterable[str], now: int) -> tuple[int, int]:
    """Counts the messages of these brands of the last forty days.

    Gives how many hours there are, and how many rows changed.
    """
    known: set[int] = set()
    for brand in brands:
        recent_facts = [fact for fact in _facts(agency, brand) if fact.hour >= now - hours.FOLDED_FOR]
        hours.keep(recent_facts)
        known |= {fact.hour for fact in recent_facts}
    return len(known), sum(hours.fold(agency, hour, now) for hour in sorted(known))


def _facts(agency: str, brand: str) -> Iterator[Fact]:
    """From all messages of the brand. A conversation that changes its status meanwhile may come twice, which does not
    matter.
    """
    for status in conversations.STATUSES:
        for conversation in listings.every(Conversation, keys.inbox(agency, brand, status), only=["pk", "sk"]):
            for message in table.query(Message, conversation.pk, keys.MESSAGES):
                yield from facts.of_message(message.pk, message.serialize(null_check=False))

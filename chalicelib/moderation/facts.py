"""What is known of a message when rules judge it: what is in it, where it is, who wrote it and what they did before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock
from chalicelib.channels import channels
from chalicelib.inbox import messages
from chalicelib.moderation import cases, standings
from chalicelib.people import accounts
from chalicelib.rules import banned, fields, looking, same_words
from chalicelib.rules.judging import Facts
from chalicelib.rules.policies import Policy
from chalicelib.store import keys, table
from chalicelib.store.items import Item
from chalicelib.store.models.channels import Channel, Route
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Standing
from chalicelib.store.models.people import OwnAccount
from chalicelib.words.competitors import Author, Same


@dataclass(frozen=True, slots=True)
class Known:
    """A message with its conversation, its channel (None once disconnected), and its author, if they are known.

    `standing` is what the author did before. `own`: the author's account is connected to the agency, or a member's.
    """

    message: Message
    conversation: Conversation
    channel: Channel | None
    contact: Contact | None
    standing: Standing | None
    own: bool = False


def load(message: Message) -> Known | None:
    """Takes two reads. None for a message whose conversation is gone."""
    agency, person = keys.agency_of(message.pk), (message.author or {}).get("contact", "")
    conversation, channel, *of_author = table.each(
        (Conversation, message.pk, keys.CONVERSATION),
        (Channel, agency, keys.noun(message.channel)),
        *_of_author(agency, person),
        consistent=True,
    )
    if not isinstance(conversation, Conversation):
        return None
    connected = channel if isinstance(channel, Channel) else None
    knowledge = Known(message, conversation, connected, *_read_author(of_author))
    return replace(knowledge, own=is_own(agency, *account_of(knowledge)))


def account_of(known: Known) -> tuple[str, str, str]:
    """The network, the id and the name there of the account that wrote the message, as far as they are known."""
    wrote = (known.message.author or {}).get("network_id", "")
    return known.conversation.network, wrote, _identity(known).get("username", "")


def is_own(agency: str, network: str, account: str, username: str) -> bool:
    """True if the account is connected to the agency, as any channel, or belongs to one of its members.

    Takes one read.
    """
    places: list[tuple[type[Item], str, str]] = [*channels.routes_of(network, account)]
    places += [(OwnAccount, agency, key) for key in accounts.keys_of(network, account, username)]
    items = table.each(*places) if places else ()
    return any(isinstance(item, OwnAccount) or (isinstance(item, Route) and item.agency == agency) for item in items)


def author(agency: str, person: str) -> tuple[Contact | None, Standing | None]:
    """Who wrote something, and what they did before; None and None if they are unknown."""
    places = _of_author(agency, person)
    return _read_author(table.each(*places) if places else ())


def _of_author(agency: str, person: str) -> list[tuple[type[Item], str, str]]:
    pk = keys.within(agency, person)
    return [(Contact, pk, keys.CONTACT), (Standing, pk, keys.STANDING)] if person else []


def _read_author(items: Sequence[Item | None]) -> tuple[Contact | None, Standing | None]:
    contact, standing = items or (None, None)
    return (
        contact if isinstance(contact, Contact) else None,
        standing if isinstance(standing, Standing) else None,
    )


def of(policy: Policy, known: Known, now: int, *, counts: bool = False) -> Facts:
    """All facts that rules may ask for. If a fact about the author is unknown, no condition on it matches.

    `counts`: also counts who else wrote the same, if the message has links, hints at a competitor, or has a new author.
    """
    message, conversation, contact = known.message, known.conversation, known.contact
    account = _account(known)
    verdict = looking.look(policy, message.text, account)
    age = max(0, now - contact.created_at) if contact else None
    is_first = contact.created_at >= message.received_at if contact else None
    said = _messages_of_author(conversation, is_first)
    who = Author(account, None if age is None else age // clock.DAY, said)
    score = looking.score(policy, message.text, who)
    if same := _same(policy, known, bool(verdict.domains or score.features or is_first), now) if counts else None:
        score = looking.score(policy, message.text, who, same)
    about = {
        **looking.of_text(message.text, verdict),
        **looking.of_others(message.text, same),
        **looking.of_account(policy, account),
        **looking.of_time(policy, message.sent_at),
        **looking.of_brand(policy, now),
        **_of_message(message, conversation),
        **_of_author_before(known, now),
        **_verdicts(policy, known),
        **(_recent_counts(policy, known, now) if counts else {}),
        "promotion": looking.points(score),
        "first_message": is_first,
        "author_messages": said,
        "author_since": age,
    }
    return Facts(
        about,
        verdict.findings,
        score.features,
        hideable=_is_hideable(known),
        settled=message.hidden is not None and (message.hidden_at or 0) >= (message.edited_at or 0),
        banned=banned.is_now(policy.banned, (message.author or {}).get("contact", ""), now),
        past=_is_past(message, now),
        own=known.own or looking.is_own_handle(policy.line.own.handles, _identity(known).get("username", "")),
    )


def _of_message(message: Message, conversation: Conversation) -> dict[str, Any]:
    return {
        "media": bool(message.attachments),
        "network": conversation.network,
        "surface": message.surface,
        "channel": message.channel,
        "origin": (conversation.origin or {}).get("id") or None,
        "reply": bool(message.reply_to),
        "paid": bool(conversation.paid),
        "edited": bool(message.edited_at),
        "labels": conversation.labels or (),
    }


def _of_author_before(known: Known, now: int) -> dict[str, Any]:
    """What rules can ask about what the author did before, and about the labels that people gave them."""
    standing, contact = known.standing, known.contact
    return {
        "strikes": standings.points(standing.strikes, now) if standing else 0,
        "banned_before": bool(standing and standing.banned_before),
        "contact_labels": (contact.labels or ()) if contact else None,
        "followers": _identity(known).get("followers"),
    }


def _verdicts(policy: Policy, known: Known) -> dict[str, int]:
    """People's verdicts on the author's messages; read only if a rule asks and the author is known."""
    person = (known.message.author or {}).get("contact", "")
    if not person or not policy.asked & fields.VERDICTS:
        return {}
    said = cases.verdicts(keys.agency_of(known.message.pk), person)
    return {f"author_{name}": count for name, count in said.items()}


def _recent_counts(policy: Policy, known: Known, now: int) -> dict[str, int]:
    """How many messages the author wrote in the last minutes; counted only if a rule asks and the author is known."""
    person = (known.message.author or {}).get("contact", "")
    if not person or not policy.asked & fields.LATELY.keys() or _is_past(known.message, now):
        return {}
    message, agency = known.message, keys.agency_of(known.message.pk)
    said = standings.lately(agency, person, message.id, message.sent_at)
    since = {name: message.sent_at - minutes * clock.MINUTE for name, minutes in fields.LATELY.items()}
    return {name: sum(at > began for at in said) for name, began in since.items()}


def _is_past(message: Message, now: int) -> bool:
    return bool((message.context or {}).get("history")) or message.sent_at < now - messages.HISTORY_AGE


def _same(policy: Policy, known: Known, hints: bool, now: int) -> Same:
    """How many contacts wrote nearly the same. Counted only for a recent message that `hints` at promotion, by a known
    author.
    """
    person = (known.message.author or {}).get("contact", "")
    if not hints or not person or _is_past(known.message, now):
        return Same()
    agency, brand = keys.agency_of(known.message.pk), known.message.brand
    return same_words.count(agency, brand, person, known.message.text, policy.names, now)


def _messages_of_author(conversation: Conversation, is_first: bool | None) -> int | None:
    """How many messages the author wrote here. In a thread of several people that is known only of a first one; else
    None.
    """
    if conversation.surface == "dm" and is_first is not None:
        return conversation.heard - conversation.revised
    return 1 if is_first else None


def _account(known: Known) -> str:
    name: str = _identity(known).get("username") or (known.message.author or {}).get("name", "")
    return name


def _identity(known: Known) -> Mapping[str, Any]:
    """The author's account on this network: the one that wrote the message if its id is known, else the first of those
    with a username.
    """
    identities = known.contact.identities if known.contact else ()
    here = [
        identity
        for identity in identities
        if identity["network"] == known.conversation.network and identity.get("username")
    ]
    wrote = (known.message.author or {}).get("network_id", "")
    return next((identity for identity in here if identity["id"] == wrote), here[0] if here else {})


def _is_hideable(known: Known) -> bool:
    if known.channel is None or not known.message.network_id:
        return False
    return known.message.surface in channels.network_of(known.channel).capabilities.hide

"""What is included beside rows in one answer: each item once, and only if the actor may see it; others are left out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.contacts import contacts, masks
from chalicelib.contacts.masks import Mask
from chalicelib.inbox import conversations, presentation
from chalicelib.origins import posts
from chalicelib.people import members
from chalicelib.replies import leases, lists, sendability
from chalicelib.replies import presentation as replies_presentation
from chalicelib.screens import allowed, reads
from chalicelib.screens.allowed import Gate, Talk
from chalicelib.store.models.inbox import Conversation, Message, Post
from chalicelib.store.models.replies import Lease, Reply
from chalicelib.teamwork import notes

Json = Mapping[str, Any]
WITH_CONVERSATIONS = ("contact", "assignee", "channel", "replies", "origin", "allowed", "lease", "attachment")
WITH_ONE = (*WITH_CONVERSATIONS, "sendability", "notes")
MOST_NOTES = 25
WITH_MESSAGES = ("contact", "channel", "replies", "allowed")
WITH_REPLIES = ("allowed",)


@dataclass(frozen=True)
class Screen:
    """How somebody asks for rows: what to include, and the address of hooks. Lists mask grave words."""

    actor: Actor
    include: Collection[str]
    hooks: str
    now: int
    is_list: bool = True
    gate: Gate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "gate", Gate(self.actor.agency, self.now))

    def conversations(self, shown: Sequence[Conversation]) -> tuple[list[Json], Json]:
        """The rows, and what is included beside them."""
        brands = self._masks(shown)
        rows = [
            presentation.conversation(self.actor, conversation, brands[conversation.brand]) for conversation in shown
        ]
        if {"allowed", "replies"} & set(self.include):
            shown = self._whole(shown)
        if "allowed" in self.include:
            talks = self._talks(shown)
            rows = [
                {**row, "allowed": allowed.of_conversation(talks[conversation.id])}
                for row, conversation in zip(rows, shown, strict=True)
            ]
        if "origin" in self.include:
            publications = posts.of(self.actor.agency, shown)
            rows = [
                {**row, **_origin(conversation, publications)} for row, conversation in zip(rows, shown, strict=True)
            ]
        if "lease" in self.include:
            held = reads.leases(shown, self.now)
            rows = [{**row, **_lease(held.get(conversation.pk))} for row, conversation in zip(rows, shown, strict=True)]
        if "attachment" in self.include:
            places = ((conversation.pk, (conversation.last_message or {}).get("id", "")) for conversation in shown)
            rows = _with_files(rows, reads.messages(places))
        people = self._people(
            id
            for conversation in shown
            for id in (conversation.contact, (conversation.last_message or {}).get("by", ""))
        )
        rows = [_with_faces(row, people) for row in rows] if people else rows
        replies = lists.open_in(self.actor.agency, shown) if "replies" in self.include else []
        return rows, {
            **self._contacts(people),
            **self._assignees(conversation.assignee for conversation in shown),
            **self._channels(conversation.channel for conversation in shown),
            **self._included_replies(replies, {conversation.id: conversation for conversation in shown}),
        }

    def conversation(self, conversation: Conversation) -> Json:
        """One conversation, which can include more than rows of a list: its sendability, lease and notes."""
        [row], included = self.conversations([conversation])
        more: dict[str, Any] = {}
        if "sendability" in self.include:
            place = sendability.place_of(self.actor, conversation)
            more["sendability"] = sendability.view(conversations.network_of(conversation).capabilities, place, self.now)
        if "lease" in self.include:
            more["lease"] = row["lease"]
        if "notes" in self.include:
            more["notes"] = notes.listing(conversation, MOST_NOTES, None)["items"]
        return {**row, "included": {**included, **more}}

    def _whole(self, shown: Sequence[Conversation]) -> Sequence[Conversation]:
        """The same conversations with all attributes: a search reads only those that rows show."""
        if all(conversation.sk for conversation in shown):
            return shown
        known = reads.conversations(self.actor.agency, (conversation.id for conversation in shown))
        return [known.get(conversation.id, conversation) for conversation in shown]

    def messages(self, said: Sequence[Message], by_partition: Mapping[str, Conversation]) -> tuple[list[Json], Json]:
        """The rows of messages, and what is included beside them. `by_partition` has their conversations."""
        brands = self._masks(by_partition.values())
        names = {pk: presentation.names_in(conversation) for pk, conversation in by_partition.items()}
        show = presentation.listed if self.is_list else presentation.view
        rows = [show(self.actor, message, names[message.pk], brands[message.brand]) for message in said]
        offers = reads.own_messages(
            (message.pk, message.reply_to) for message in said if presentation.is_choice(message)
        )
        if offers:
            rows = [
                {**row, "in_reply_to": offers.get((message.pk, message.reply_to))}
                for row, message in zip(rows, said, strict=True)
            ]
        if "allowed" in self.include:
            talks = self._talks(list(by_partition.values()))
            rows = [
                {**row, "allowed": allowed.of_message(talks[by_partition[message.pk].id], message)}
                for row, message in zip(rows, said, strict=True)
            ]
        wanted = [(message.pk, message.reply) for message in said if message.reply] if "replies" in self.include else []
        return rows, {
            **self._contacts(self._people((message.author or {}).get("contact", "") for message in said)),
            **self._channels(message.channel for message in said),
            **self._included_replies(
                list(reads.replies(wanted).values()),
                {conversation.id: conversation for conversation in by_partition.values()},
            ),
        }

    def replies(self, shown: Sequence[Reply], by_id: Mapping[str, Conversation]) -> list[Json]:
        """The rows of replies. `by_id` has their conversations. Their messages and places are read all at once.

        With `allowed` each row says what may be done with the reply.
        """
        places = [(reply.pk, id) for reply in shown for id in reply.messages]
        parts, talks = reads.messages(places), self._talks([by_id[reply.conversation] for reply in shown])
        rows = []
        for reply in shown:
            talk = talks[reply.conversation]
            said = sorted((parts[id] for id in reply.messages if id in parts), key=lambda part: part.sk)
            row = replies_presentation.view(self.actor, reply, talk.conversation, self.now, said, talk.place)
            rows.append({**row, "allowed": allowed.of_reply(talk, reply)} if "allowed" in self.include else row)
        return rows

    def _talks(self, shown: Iterable[Conversation]) -> Mapping[str, Talk]:
        """The conversations with what decides about actions on them, by their ids."""
        agency, each = self.actor.agency, {conversation.id: conversation for conversation in shown}
        brands = reads.brands(agency, (conversation.brand for conversation in each.values()))
        accounts = reads.channels(agency, (conversation.channel for conversation in each.values()))
        people = reads.contacts(agency, (conversation.contact for conversation in each.values()))
        leases = reads.leases(each.values(), self.now)
        return {
            id: Talk(
                self.actor, conversation, brands[conversation.brand], accounts.get(conversation.channel),
                people.get(conversation.contact), leases.get(conversation.pk), self.gate, self.now,
            )
            for id, conversation in each.items()
        }  # fmt: skip

    def _masks(self, shown: Iterable[Conversation]) -> Mapping[str, Mask]:
        return {brand: masks.of(self.actor, brand) for brand in {conversation.brand for conversation in shown}}

    def _people(self, ids: Iterable[str]) -> Mapping[str, Json]:
        """The contacts that are included and may be seen, by the ids that the rows have for them."""
        if "contact" not in self.include:
            return {}
        people = reads.contacts(self.actor.agency, (id for id in ids if id.startswith("ctc_")))
        return {
            id: contacts.view(self.actor, contact)
            for id, contact in people.items()
            if self.actor.may("contact.view", brand=contact.brand)
        }

    def _contacts(self, people: Mapping[str, Json]) -> Json:
        each = {contact["id"]: contact for contact in people.values()}
        return {"contacts": list(each.values())} if "contact" in self.include else {}

    def _assignees(self, ids: Iterable[str | None]) -> Json:
        if "assignee" not in self.include:
            return {}
        wanted = [id for id in ids if id]
        people, teams = reads.members(self.actor.agency, wanted), reads.teams(self.actor.agency, wanted)
        return {
            "members": [members.colleague_view(member) for member in people.values()],
            "teams": [{"id": team.id, "name": team.name} for team in teams.values()],
        }

    def _channels(self, ids: Iterable[str]) -> Json:
        if "channel" not in self.include:
            return {}
        accounts = reads.channels(self.actor.agency, ids).values()
        return {
            "channels": [channels.view(channel, self.hooks) for channel in accounts if self.actor.sees(channel.brand)]
        }

    def _included_replies(self, shown: Sequence[Reply], by_id: Mapping[str, Conversation]) -> Json:
        return {"replies": self.replies(shown, by_id)} if "replies" in self.include else {}


def _with_faces(row: Json, people: Mapping[str, Json]) -> Json:
    """The row with the pictures of its contact and of the author of the last message."""
    last = {**row["last_message"], "author": _faced(row["last_message"]["author"], people)}
    return {**row, "contact": _faced(row["contact"], people), "last_message": last}


def _faced(person: Json | None, people: Mapping[str, Json]) -> Json | None:
    known = people.get(person["id"]) if person else None
    if not person or not known:
        return person
    called = {"display_name": known["display_name"]} if known["own_name"] else {}
    return {**person, "avatar": known["avatar"], **called}


_CLOSED = Mask(is_off=False)  # no row needs the numbers of a card


def _with_files(rows: Sequence[Json], said: Mapping[str, Message]) -> list[Json]:
    """The rows with the first file of the last message."""
    return [{**row, "last_message": _with_file(row["last_message"], said)} for row in rows]


def _with_file(last: Json, said: Mapping[str, Message]) -> Json:
    message = said.get(last.get("id", ""))
    files = (message.attachments or ()) if message else ()
    return {**last, "attachment": presentation.attachment(_CLOSED.attachment(files[0])) if files else None}


def _lease(lease: Lease | None) -> Json:
    return {"lease": leases.view(lease) if lease else None}


def _origin(conversation: Conversation, publications: Mapping[tuple[str, str], Post]) -> Json:
    if not conversation.origin:
        return {}
    publication = publications.get((conversation.channel, conversation.origin.get("id", "")))
    return {"origin": posts.view(conversation.origin, publication)}

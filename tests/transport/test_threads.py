"""A thread that the network renames: its messages stay together, whichever comes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, revisions
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Message
from chalicelib.transport import arrivals
from tests.support.calls import at
from tests.support.stack import number

NOW = clock.now()


@pytest.fixture
def names() -> tuple[str, str]:
    """The id of somebody before and after the network changes it."""
    return number(), number()


def said(name: str, id: str, at: int = NOW) -> base.Message:
    return base.Message(thread=name, id=id, at=at, person=base.Person(id=name, name="Ana"), text=id)


@contextmanager
def failures() -> Iterator[list[str]]:
    """The operations that DynamoDB refuses meanwhile."""
    refused: list[str] = []

    def note(http_response: Any, model: Any, **_: Any) -> None:
        if http_response.status_code >= 300:
            refused.append(model.name)

    with at("after-call.dynamodb", note):
        yield refused


def test_message_under_the_new_name_goes_on_in_the_conversation_at_once(owner: Owner, names: tuple[str, str]) -> None:
    old, new = names
    first = arrivals.receive(owner, said(old, "first"), NOW)
    conversations.rename_thread(owner, "dm", old, new, NOW)
    arrivals.receive(owner, said(new, "second", NOW + 1000), NOW)  # which tells that the person has a new id
    with failures() as refused:
        third = arrivals.receive(owner, said(new, "third", NOW + 2000), NOW)
    assert refused == []
    assert conversations.find_id(owner, "dm", new) == f"cnv_{first.id[4:24]}" == f"cnv_{third.id[4:24]}"


def test_name_that_was_written_to_before_keeps_its_own_conversation(owner: Owner, names: tuple[str, str]) -> None:
    old, new = names
    arrivals.receive(owner, said(old, "first"), NOW)
    arrivals.receive(owner, said(new, "second"), NOW)
    conversations.rename_thread(owner, "dm", old, new, NOW)
    third = arrivals.receive(owner, said(new, "third", NOW + 1000), NOW)
    revisions.delete(owner, base.Delete(thread=new, ids=("third",), at=NOW + 2000), NOW)
    message = table.get(Message, keys.within(owner.agency, f"cnv_{third.id[4:24]}"), keys.message(third.id))
    assert message and message.deleted_at


def test_repeated_deletion_takes_the_words_out_of_the_inbox_that_a_dead_process_left(owner: Owner) -> None:
    name = number()
    received = arrivals.receive(owner, said(name, "secret"), NOW)
    deletion = base.Delete(thread=name, ids=("secret",), at=NOW + 1000)
    message = table.get(Message, keys.within(owner.agency, f"cnv_{received.id[4:24]}"), keys.message(received.id))
    assert message
    table.update(message, list(revisions.actions_for_deletion(message, NOW)))  # and then it dies
    revisions.delete(owner, replace(deletion, at=NOW + 2000), NOW)
    conversation = conversations.find(owner.agency, f"cnv_{received.id[4:24]}")
    assert conversation and conversation.last_message and conversation.last_message["text"] == ""

"""A file that the network tells only when it is asked is copied like one that came with the message."""

import pytest

from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, messages, revisions
from chalicelib.networks import base
from chalicelib.transport import apply

AT = 1_790_000_000_000
MENTION = base.Message(thread="17920", id="17920", at=AT, surface="mention", person=base.Person(id="1"))


@pytest.mark.parametrize(("expires", "todo"), [(True, ["complete", "fetch"]), (False, ["complete"])])
def test_file_whose_address_dies_is_to_be_copied(owner: Owner, expires: bool, todo: list[str]) -> None:
    apply.event(owner, base.Inbound(account="", event=MENTION, raw={}), AT)
    conversation = conversations.find_id(owner, "mention", "17920")
    message = messages.find(owner.agency, conversation, "17920", AT)
    assert message
    assert messages.todo(message) == ["complete"]
    picture = base.Attachment(kind="image", url="https://scontent.example/1.jpg", expires=expires)
    files = [messages.attachment_fields(picture)]
    assert revisions.apply(message, revisions.actions_for_files(message, files))
    assert messages.todo(message) == todo

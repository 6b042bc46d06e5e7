"""A file that the network tells only when it is asked is copied like one that came with the message."""

import pytest

from chalicelib.inbox import messages, revisions
from chalicelib.networks import base
from chalicelib.store.models.inbox import Message


@pytest.mark.parametrize("expires", [True, False])
def test_file_whose_address_dies_is_to_be_copied(expires: bool) -> None:
    message = Message("agc_1#cnv_1", "message#1", todo="complete")
    picture = base.Attachment(kind="image", url="https://scontent.example/1.jpg", expires=expires)
    actions = revisions.actions_for_files(message, [messages.attachment_fields(picture)])
    assert "'https://scontent.example/1.jpg'" in str(actions).replace('"', "'")
    assert ("'complete,fetch'" in str(actions)) == expires

"""What is shown of a file, or of what a network sends in the place of one."""

from dataclasses import fields
from typing import Any

from chalicelib.access.actors import Actor
from chalicelib.api import schema
from chalicelib.inbox import messages, presentation, schemas
from chalicelib.networks import base
from chalicelib.store.models.inbox import Message

PLACE: dict[str, Any] = {
    "kind": "location", "url": "https://maps.example/1", "media": "m1", "mime": "text/plain", "name": "harbour.txt",
    "size": 9, "title": "Harbour", "expires": True, "details": {"latitude": 41.4, "longitude": 2.2},
}  # fmt: skip


def test_all_that_an_attachment_may_hold_is_in_its_schema() -> None:
    assert PLACE.keys() == {field.name for field in fields(base.Attachment)}
    kept = {**messages.attachment_fields(base.Attachment(**PLACE)), "state": "unavailable", "tries": 1}
    message = Message(
        "agc_1#cnv_1", "message#1", id="msg_1", brand="brd_1", surface="dm", kind="location", direction="in",
        status="received", sent_at=0, received_at=0, attachments=[kept],
    )  # fmt: skip
    [shown] = presentation.view(Actor("agc_1", "mbr_1", "Ann"), message)["attachments"]
    schema.check(schemas.ATTACHMENT, shown)
    assert shown["details"] == PLACE["details"]
    assert not shown.keys() & {"media", "expires", "tries"}

"""What a page does to upload a file."""

from collections.abc import Mapping
from typing import Any

import urllib3

from chalicelib.networks.example.double import PIXEL
from tests.support.stack import Member

_pool = urllib3.PoolManager(retries=False, timeout=40)
PNG = {"type": "image/png", "size": len(PIXEL), "name": "menu.png"}


def posted(form: Mapping[str, Any], body: bytes, **changed: str) -> int:
    """Posts the form with that file, with some of its fields changed; gives the status."""
    fields: dict[str, Any] = {**form["fields"], **changed, "file": ("menu.png", body)}
    return _pool.request("POST", form["url"], fields=fields).status


def uploaded(member: Member, body: bytes = PIXEL, **more: Any) -> str:
    """A file that is uploaded; gives the id that attachments name."""
    form = member.post("/uploads", {**PNG, "size": len(body), **more})
    assert posted(form, body) == 201
    return str(form["id"])

"""The Conversations API: the conversations and messages that were played so far.

https://developers.facebook.com/docs/messenger-platform/conversations
"""

import time
from collections.abc import Mapping
from typing import Any

from chalicelib.networks._meta import double_lists
from chalicelib.networks.double import Request

Json = Mapping[str, Any]
_PERSON = {"id": None, "name": None, "username": None, "email": None}
_FILE = {
    "id": None, "mime_type": None, "name": None, "size": None, "image_data": None, "video_data": None, "file_url": None,
}  # fmt: skip
_MESSAGE = {
    "id": None, "created_time": None, "from": _PERSON, "to": _PERSON, "message": None, "sticker": None,
    "attachments": _FILE, "shares": {"id": None, "link": None}, "is_unsupported": None,
}  # fmt: skip
_CONVERSATION = {"id": None, "updated_time": None, "link": None, "participants": _PERSON, "messages": _MESSAGE}
_DATA = {"image": "image_data", "video": "video_data"}


class Conversations:
    """The conversations of all accounts of a network, by the id that webhooks use for the account."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._known: dict[str, dict[str, dict[str, Any]]] = {}

    def note(self, payload: Json) -> None:
        for entry in payload["entry"]:
            for item in entry.get("messaging", ()):
                if "message" in item:
                    self._note_item(entry["id"], item)

    def _note_item(self, account: str, item: Json) -> None:
        said, (sender, receiver) = item["message"], (item["sender"]["id"], item["recipient"]["id"])
        person, at = receiver if sender == account else sender, item["timestamp"] // 1000
        fresh: dict[str, Any] = {"id": f"t_{account}{person}", "messages": []}
        conversation = self._known.setdefault(account, {}).setdefault(person, fresh)
        messages = conversation["messages"]
        known = next((message for message in messages if message["id"] == said["mid"]), None)
        if said.get("is_deleted") and known:
            messages.remove(known)
        elif known is None:
            messages.append(_message(said, sender, receiver, at))
        messages.sort(key=lambda message: -message["at"])
        conversation["updated_time"] = _iso(max((message["at"] for message in messages), default=at))

    def listed(self, request: Request, account: str) -> Json:
        """Newest first. The API has no filter by time."""
        if request.query.get("platform") != self._platform:
            raise double_lists.Wrong("Param platform must be that of the conversations")
        rows = sorted(self._known.get(account, {}).values(), key=lambda row: row["updated_time"], reverse=True)
        return double_lists.edge(request, rows, _CONVERSATION, more="platform")

    def conversation(self, request: Request, id: str) -> Json:
        wanted = double_lists.asked(request.query.get("fields", "id"))
        every = (row for known in self._known.values() for row in known.values())
        conversation = next((row for row in every if row["id"] == id), None)
        if conversation is None:
            raise double_lists.Wrong("Object does not exist")
        return double_lists.shown(conversation, wanted, _CONVERSATION)


def _message(said: Json, sender: str, receiver: str, at: int) -> dict[str, Any]:
    files = [_file(file) for file in said.get("attachments", ())]
    return {
        "id": said["mid"], "at": at, "created_time": _iso(at), "message": said.get("text", ""),
        "from": {"id": sender, "name": "Ana"}, "to": [{"id": receiver}],
        **({"attachments": files} if files else {}),
    }  # fmt: skip


def _file(file: Json) -> dict[str, Any]:
    url = file["payload"]["url"]
    return {_DATA[file["type"]]: {"url": url}} if file["type"] in _DATA else {"file_url": url, "name": "file"}


def _iso(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(at))

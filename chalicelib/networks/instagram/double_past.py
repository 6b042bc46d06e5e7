"""An account's media with their comments as lists of the Graph API, as far as they were played."""

import time
from collections.abc import Mapping
from typing import Any

from chalicelib.networks._meta import double_lists
from chalicelib.networks.double import Request

Json = Mapping[str, Any]
_SAID: Mapping[str, Any] = {
    "id": None, "text": None, "timestamp": None, "username": None, "from": {"id": None, "username": None},
    "hidden": None, "like_count": None, "parent_id": None,
}  # fmt: skip
_MEDIUM = {
    "id": None, "timestamp": None, "media_product_type": None, "media_type": None, "caption": None, "permalink": None,
    "comments": {**_SAID, "replies": _SAID},
}  # fmt: skip
_A_DAY = 24 * 60 * 60
_accounts: dict[str, dict[str, dict[str, Any]]] = {}  # media by account and id


def note(payload: Json) -> None:
    for entry in payload["entry"]:
        for change in entry.get("changes", [entry] if "field" in entry else []):
            if change["field"] == "comments":
                _note_value(entry["id"], change["value"], entry["time"])


def _note_value(account: str, value: Json, at: int) -> None:
    about = value["media"]
    fresh: dict[str, Any] = {
        "id": about["id"], "at": at - _A_DAY, "timestamp": _iso(at - _A_DAY), "comments": [],
        "media_product_type": about["media_product_type"],
    }  # fmt: skip
    comments = _accounts.setdefault(account, {}).setdefault(about["id"], fresh)["comments"]
    author = {name: value["from"][name] for name in ("id", "username")}
    said: dict[str, Any] = {
        "id": value["id"], "text": value["text"], "at": at, "timestamp": _iso(at), "username": author["username"],
        "from": author, "hidden": False,
    }  # fmt: skip
    top = next((comment for comment in comments if comment["id"] == value.get("parent_id")), None)
    among = top["replies"] if top else comments
    if top is None:
        said["replies"] = []
    if said["id"] not in [comment["id"] for comment in among]:
        among.append(said)
        among.sort(key=lambda comment: -comment["at"])


def _iso(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(at))


def media(request: Request, account: str) -> Json:
    """Without the media that were made for an advertisement only."""
    every = [medium for medium in _accounts.get(account, {}).values() if medium["media_product_type"] != "AD"]
    return double_lists.edge(request, sorted(every, key=lambda medium: -medium["at"]), _MEDIUM)


def medium_with_comments(request: Request, id: str) -> Json | None:
    """A medium with its comments; None if the call does not ask for comments."""
    medium = next((known[id] for known in _accounts.values() if id in known), None)
    if medium is None or "comments" not in request.query.get("fields", ""):
        return None
    return double_lists.shown(medium, double_lists.asked(request.query["fields"]), _MEDIUM)

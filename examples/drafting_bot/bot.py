"""Drafts an answer for each message that waits for one, in the words of a canned reply. It sends nothing: people do."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import urllib3  # pip install "urllib3>=2"

API, CANNED_REPLY = os.environ["PALABRE_API"], os.environ["CANNED_REPLY"]  # .../v1, can_...
PLACE = Path(os.environ.get("PLACE", "place.txt"))  # how far it has read
# A 429 or 503 is asked again when its Retry-After says, and what got no answer after a while, each time a longer one.
# Every POST has an Idempotency-Key, so it may be repeated.
PATIENCE = urllib3.Retry(1000, backoff_factor=1, status_forcelist=(429, 502, 503, 504), allowed_methods=None)
HTTP = urllib3.PoolManager(
    retries=PATIENCE, timeout=30, headers={"Authorization": f"Bearer {os.environ['PALABRE_KEY']}"}
)


class Refused(Exception):
    """What the API has against it, see /docs/problems."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['status']} {problem['code']}: {problem.get('detail') or problem['title']}")
        self.problem = problem


def get(path: str, **query: str) -> Any:
    return _json(HTTP.request("GET", API + path, fields=query))


def post(path: str, body: dict[str, Any], key: str) -> Any:
    return _json(HTTP.request("POST", API + path, json=body, headers={**HTTP.headers, "Idempotency-Key": key}))


def _json(answer: urllib3.BaseHTTPResponse) -> Any:
    if answer.status >= 400:
        raise Refused(answer.json())
    return answer.json()


def arrivals(brand: str) -> Iterator[dict[str, Any]]:
    """What customers write to the brand, from where we were or from now on, without end.

    The place is noted once what was read is dealt with. If we end before, some of it comes twice.
    """
    if not PLACE.exists():
        note(get("/events", after="now")["cursor"])
    while True:
        try:
            feed = get("/events", after=PLACE.read_text(), brand=brand, type="message.received")
        except Refused as refused:
            if refused.problem["code"] != "resync_required":
                raise
            print("We were away for more than a week. What was said before is left to people.", flush=True)
            feed = {"items": [], "more": True, "cursor": refused.problem["cursor"]}
        yield from feed["items"]
        note(feed["cursor"])
        if not feed["more"]:
            time.sleep(feed["next_in"])  # the answer says when it is worth asking again


def note(cursor: str) -> None:
    fresh = PLACE.with_suffix(".new")
    fresh.write_text(cursor)
    fresh.replace(PLACE)


def draft(event: dict[str, Any]) -> str:
    """Drafts an answer, once for each message; gives what came of it.

    The key makes a repeat harmless for a day, `external_id` for ever. `seen` has it refused if somebody wrote since:
    then nobody waits any more, or the newer message does.
    """
    message, row = event["target"], (event["data"] or {}).get("conversation")
    if not row or not row["waiting_since"]:
        return "nobody waits for an answer"
    filled = post(f"/canned-replies/{CANNED_REPLY}/render", {"conversation": row["id"]}, f"render-{message}")
    body = {"text": filled["text"], "draft": True, "seen": message, "external_id": f"draft-{message}"}
    reply = post(f"/conversations/{row['id']}/replies", body, f"draft-{message}")
    return f"drafted {reply['id']}"


def main() -> None:
    """Never ends by itself, unless the key is refused."""
    for event in arrivals(get(f"/canned-replies/{CANNED_REPLY}")["brand"]):
        try:
            outcome = draft(event)
        except Refused as refused:
            if refused.problem["status"] == 401:
                raise
            outcome = str(refused)
        print(event["target"], outcome, flush=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()

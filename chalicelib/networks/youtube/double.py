"""YouTube's side: lists in pages with the newest first, answers and moderation, a hub, and Google's tokens."""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chalicelib.networks._google import double as google
from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

Json = dict[str, Any]
CHANNEL, PERSON, VIDEO = "UCus", "UCana", "vid_1"
CONNECTION = {"account": "UC{n}", "credentials": {"token": "ya29.UC{n}"}}
FAILURES: Mapping[str, Answer] = {
    **google.failures(google.failure(403, "quotaExceeded", "The request cannot be completed")),
    "gone": google.failure(404, "commentNotFound", "The comment could not be found"),
    "parent_gone": google.failure(404, "parentCommentNotFound", "The parent comment could not be found"),
    "rejected": google.failure(400, "commentTextTooLong", "The text exceeds the limit"),
    "disabled": google.failure(403, "commentsDisabled", "The video has disabled comments"),
    "failed": google.failure(400, "processingFailure", "The API server failed to process the request"),
    "closed": google.failure(403, "authenticatedUserAccountClosed", "The account is closed"),
    "page_gone": google.failure(400, "invalidPageToken", "The request specifies an invalid page token"),
    "nameless": Answer(200, {}),
}
PAGE = 100
threads: dict[str, dict[str, Json]] = {}  # by channel, then by id
answers: dict[str, list[Json]] = {}  # all answers of a thread
_states: dict[str, str] = {}  # of comments that were moderated


def posted(payload: Mapping[str, Any]) -> None:
    """Keeps threads until they are asked for; an answer goes below its thread, which shows five of its answers."""
    for thread in payload.get("items", ()):
        kept = threads.setdefault(payload["account"], {})
        above = thread["snippet"].get("parentId")
        if not above:
            kept[thread["id"]] = thread
            _show(thread)
        elif above in kept:
            rest = [answer for answer in answers.get(above, []) if answer["id"] != thread["id"]]
            answers[above] = [*rest, thread]
            _show(kept[above])


def _show(thread: Json) -> None:
    said = answers.get(thread["id"], [])
    thread["replies"], thread["snippet"]["totalReplyCount"] = {"comments": said[-5:]}, len(said)


def answer(request: Request) -> Answer:
    if consent := google.consent(request):
        return consent
    if request.host == "pubsubhubbub.appspot.com":
        return _hub(request)
    if not request.token.startswith("ya29."):
        return FAILURES["expired"]
    play = _ROUTES.get((request.method, request.path))
    return play(request) if play else google.failure(404, "notFound", f"No {request.method} {request.path}")


def _hub(request: Request) -> Answer:
    form = request.json
    topic = re.fullmatch(r"https://www\.youtube\.com/xml/feeds/videos\.xml\?channel_id=UC[\w-]+", form["hub.topic"])
    fine = topic and form["hub.mode"] == "subscribe" and form["hub.callback"].startswith("http")
    fine = fine and 0 < len(form["hub.secret"]) <= 200 and int(form["hub.lease_seconds"]) <= 864_000
    return Answer(202, raw=b"") if fine else Answer(400, raw=b"bad subscription", content_type="text/plain")


def _page(rows: list[Json], request: Request) -> Answer:
    place = request.query.get("pageToken", "")
    if place and not place.startswith("p"):
        return FAILURES["page_gone"]
    first, size = int(place[1:] or 0), min(PAGE, int(request.query["maxResults"]))
    following = {"nextPageToken": f"p{first + size}"} if first + size < len(rows) else {}
    return Answer(json={"items": rows[first : first + size], **following})


def _list_threads(request: Request) -> Answer:
    query = request.query
    if query.get("order") != "time" or "snippet" not in query.get("part", ""):
        return google.failure(400, "missingRequiredParameter", "part")
    kept = threads.get(query["allThreadsRelatedToChannelId"], {}).values()
    return _page(sorted(kept, key=lambda thread: _top_comment(thread)["publishedAt"], reverse=True), request)


def _top_comment(thread: Json) -> Json:
    snippet: Json = thread["snippet"]["topLevelComment"]["snippet"]
    return snippet


def _list_answers(request: Request) -> Answer:
    """The answers of a thread; or one comment by its id, with the state that only the channel's owner sees."""
    if id := request.query.get("id"):
        state = _states.get(id, "published")
        row = {"kind": "youtube#comment", "id": id, "snippet": {"moderationStatus": state}}
        return Answer(json={"items": [row] if state != "rejected" else []})
    return _page(answers.get(request.query["parentId"], [])[::-1], request)


def _insert(request: Request) -> Answer:
    snippet: Any = request.json.get("snippet")
    if set(request.json) != {"snippet"} or set(snippet) != {"parentId", "textOriginal"}:
        return google.failure(400, "invalidCommentMetadata", "snippet")
    if len(snippet["textOriginal"]) > 10_000:
        return FAILURES["rejected"]
    return Answer(json={"id": f"{snippet['parentId']}.{number()}", "snippet": snippet})


def _delete(request: Request) -> Answer:
    """A channel cannot delete comments of others, which here have ids that end in `others`."""
    return FAILURES["forbidden"] if request.query["id"].endswith("others") else Answer(204, raw=b"")


def _moderate(request: Request) -> Answer:
    states = ("heldForReview", "published", "rejected")
    fine = request.query.get("moderationStatus") in states and request.query.get("id")
    if fine:
        _states[request.query["id"]] = request.query["moderationStatus"]
    return Answer(204, raw=b"") if fine else google.failure(400, "invalidModerationStatus", "moderationStatus")


def _own_channel(request: Request) -> Answer:
    name, picture = request.token.removeprefix("ya29."), {"default": {"url": "https://yt3.ggpht.com/us"}}
    row = {"id": name if name.startswith("UC") else CHANNEL, "snippet": {"title": "Bella Pasta", "thumbnails": picture}}
    return Answer(json={"items": [] if name == "nobody" else [row]})


def _answer_video(request: Request) -> Answer:
    picture = {"high": {"url": "https://i.ytimg.com/1.jpg"}, "default": {"url": "https://i.ytimg.com/0.jpg"}}
    snippet = {"title": "Carbonara", "description": "No cream!", "channelTitle": "Bella Pasta", "thumbnails": picture}
    row = {"id": request.query["id"], "snippet": {**snippet, "publishedAt": "2026-09-01T09:00:00Z"}}
    return Answer(json={"items": [] if request.query["id"] == "gone" else [row]})


_ROUTES: Mapping[tuple[str, str], Callable[[Request], Answer]] = {
    ("GET", "/youtube/v3/commentThreads"): _list_threads,
    ("GET", "/youtube/v3/comments"): _list_answers,
    ("POST", "/youtube/v3/comments"): _insert,
    ("DELETE", "/youtube/v3/comments"): _delete,
    ("POST", "/youtube/v3/comments/setModerationStatus"): _moderate,
    ("GET", "/youtube/v3/channels"): _own_channel,
    ("GET", "/youtube/v3/videos"): _answer_video,
}


# What is told


def wire(payload: Mapping[str, Any]) -> bytes:
    """A feed is posted as Atom; comments are not posted."""
    if "feed" not in payload:
        return json.dumps(payload).encode()
    return f'<?xml version="1.0"?>{"".join(_feed(entry) for entry in payload["feed"])}'.encode()


_NAMES = 'xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom"'


def _feed(entry: Mapping[str, str]) -> str:
    if "gone" in entry:
        element = f'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="yt:video:{entry["video"]}"'
        uri = f"<uri>https://www.youtube.com/channel/{entry['channel']}</uri>"
        element += f' when="{entry["updated"]}"><at:by>{uri}</at:by></at:deleted-entry>'
    else:
        element = f"<entry><yt:videoId>{entry['video']}</yt:videoId><yt:channelId>{entry['channel']}</yt:channelId>"
        element += f"<title>Carbonara</title><updated>{entry['updated']}</updated></entry>"
    return f"<feed {_NAMES}>{element}</feed>"


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    digest = hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()
    return {"X-Hub-Signature": f"sha1={digest}", "Content-Type": "application/atom+xml"}


def written(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def video(*, account: str = CHANNEL, id: str = VIDEO, at: int = 0, **more: str) -> Json:
    when = written(at or int(time.time() * 1000))
    return {"feed": [{"video": id, "channel": account, "updated": when, **more}]}


def comment(
    text: str = "Best pasta!", *, account: str = CHANNEL, id: str = "", person: str = PERSON, name: str = "@ana",
    at: int = 0, edited: int = 0, parent: str = "", **fields: Any,
) -> Json:  # fmt: skip
    """A comment with its thread, or an answer; `at` and `edited` in ms."""
    when = at or int(time.time() * 1000)
    snippet = {
        "channelId": account, "videoId": VIDEO, "textDisplay": text, "textOriginal": text, "authorDisplayName": name,
        "authorChannelId": {"value": person}, "publishedAt": written(when), "updatedAt": written(edited or when),
        **({"parentId": parent} if parent else {}), **fields,
    }  # fmt: skip
    comment = {"kind": "youtube#comment", "id": id or f"Ug{number()}", "snippet": snippet}
    if parent:
        return {"account": account, "items": [comment]}
    about = {"channelId": account, "videoId": VIDEO, "topLevelComment": comment, "totalReplyCount": 0, "canReply": True}
    return {"account": account, "items": [{"kind": "youtube#commentThread", "id": comment["id"], "snippet": about}]}


def own(text: str = "Thank you!", *, account: str = CHANNEL, **fields: Any) -> Json:
    return comment(text, account=account, **{"person": account, "name": "@us", **fields})


EVENTS: Mapping[str, Callable[..., Json]] = {
    "comment": comment,
    "answer": partial(comment, "Mine is better", parent="Ug0"),
    "own_comment": own,
    "video": video,
    "video_gone": partial(video, gone="yes"),
}


def _in_thread(fan: Fan, comment: str, at: int, **fields: Any) -> Json:
    return by(fan, at, id=comment, parent=fan.top if fan.top != comment else "", **fields)


VOICE = Voice(
    surface="comment",
    name=lambda fan, number: f"Ug{number}",
    says=lambda fan, comment, text, at: ("comment", _in_thread(fan, comment, at, text=text, name=fan.name)),
    edits=lambda fan, comment, text, at: (
        "comment",
        _in_thread(fan, comment, fan.times[comment], text=text, name=fan.name, edited=at),
    ),
    echo=lambda fan, comment, text, at: ("own_comment", _in_thread(fan, comment, at, text=text, person=fan.account)),
)

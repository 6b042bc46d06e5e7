"""What the account itself said, here or in another app: its comments in one turn, its private messages in the next.

A comment belongs to a conversation if it answers somebody who answered the account or named it. To find out, the
comments above are asked for, level by level for all of them together; if few are left, many levels at once for the
oldest. What one look does not finish is left to the next look, for a day at most. A comment that is too deep to be seen
is left out. https://www.reddit.com/dev/api#section_users
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.networks import base, marks
from chalicelib.networks.base import Credentials, Json
from chalicelib.networks.read import millis, part, parts, words
from chalicelib.networks.reddit.inbound import post_in
from chalicelib.networks.reddit.outbound import call, listings

PAGE, MOST_ASKED = 100, 100
COMMENT = "t1_"
_LEVELS = 8  # the most comments above a comment that Reddit shows with it
_SHOWN = ("t1", "t3")  # comments and posts; `more` only counts what is not shown
_WAITS = 86_400_000  # for so long (ms), what could not be seen is tried again
_DEEPEST = 20  # deeper comments are not followed
Chain = Sequence[Json]  # the comments above one, the nearest first


def since(credentials: Credentials, own: Json, now: int, turn: int, calls: int) -> tuple[list[Json], Json, int]:
    """The items after the known ones, oldest first; what is known now; and the number of calls made in all."""
    name = credentials.details.get("name", "")
    kind = "comments" if name and turn % 2 else "sent"
    path, moment = f"/user/{name}/comments" if kind == "comments" else "/message/sent", millis(own.get(kind)) or now
    try:
        listing = call(credentials, "GET", path, query={"limit": str(PAGE)})
    except base.Rejected:  # consents of long ago lack the right to read comments
        return [], own, calls + 1
    said = parts(part(listing, "data"), "children")
    listed = [item for item in reversed(said) if _at(item) > moment]
    newest = max([moment, *map(_at, listed)])
    if kind == "comments":
        known, calls = _comments_above_own(credentials, listed, _by_name(said), calls + 1)
        newest = min(
            [newest, *(_at(item) - 1 for item in listed if _is_open(item, known) and _at(item) > now - _WAITS)]
        )
        listed = list(_with_thread(credentials, listed, known))
    else:
        calls += 1
    return listed, {**own, kind: newest}, calls


def _at(item: Json) -> int:
    return millis(part(item, "data").get("created_utc"))


def fetch(credentials: Credentials, names: Sequence[str]) -> Mapping[str, Json]:
    """These things by name; empty for one that does not exist any more."""
    answer = call(credentials, "GET", "/api/info", query={"id": ",".join(names)})
    things = {
        words(part(child, "data").get("name")): part(child, "data") for child in parts(part(answer, "data"), "children")
    }
    return {name: things.get(name, {}) for name in names}


def comments_above(credentials: Credentials, listed: Sequence[Json], calls: int) -> tuple[Mapping[str, Json], int]:
    """The comments above these items, by name, as far as calls are left. Their posts are asked for in the first of
    these calls.
    """
    known = _by_name(listed)
    posts = list(dict.fromkeys(filter(None, map(_post, listed))))
    while calls < marks.MOST_PAGES and (unknown := _unknown(listed, known)):
        known |= fetch(credentials, [*unknown, *posts][:MOST_ASKED])
        calls, posts = calls + 1, []
    return known, calls


def _comments_above_own(
    credentials: Credentials, listed: Sequence[Json], known: dict[str, Json], calls: int
) -> tuple[Mapping[str, Json], int]:
    """Like `comments_above`, for what the account said: the last calls go to deep comments, the oldest first."""
    is_shown = True
    while (left := marks.MOST_PAGES - calls) > 0 and (unknown := _unknown(listed, known)):
        top, item = next(iter(unknown.items()))
        comments: Mapping[str, Json] = {}
        if is_shown and _post(item) and (len(unknown) <= left or left == 1):
            comments = _with_levels_above(credentials, _post(item), top)
            is_shown = bool(comments)
        else:
            comments = fetch(credentials, [*unknown][:MOST_ASKED])
        known, calls = {**known, **comments}, calls + 1
    return known, calls


def _with_levels_above(credentials: Credentials, post: str, name: str) -> Mapping[str, Json]:
    """The comment and some levels of the comments above it, by name; empty if Reddit does not show them."""
    query = {"comment": name.removeprefix(COMMENT), "context": str(_LEVELS)}
    try:
        rows = listings(credentials, f"/comments/{post.removeprefix('t3_')}", query)
    except (base.Rejected, base.Gone):
        return {}
    comments: dict[str, Json] = {name: {}}
    waiting = [child for row in rows for child in parts(part(row, "data"), "children")]
    while waiting and len(comments) < MOST_ASKED:
        item = waiting.pop(0)
        value = part(item, "data")
        if item.get("kind") in _SHOWN:
            comments[words(value.get("name"))] = value
        waiting += parts(part(part(value, "replies"), "data"), "children")
    return comments


def _by_name(items: Sequence[Json]) -> dict[str, Json]:
    return {words(comment.get("name")): comment for comment in (part(item, "data") for item in items)}


def _unknown(listed: Sequence[Json], known: Mapping[str, Json]) -> Mapping[str, Json]:
    """The comments to ask for next, each with the first item below it."""
    unknown: dict[str, Json] = {}
    for item in listed:
        if _is_open(item, known):
            unknown.setdefault(_chain(item, known)[1], item)
    return unknown


def _is_open(item: Json, known: Mapping[str, Json]) -> bool:
    """True while a comment above it has not been asked for, and is not too far above."""
    chain, above = _chain(item, known)
    return above.startswith(COMMENT) and above not in known and len(chain) < _DEEPEST


def _post(item: Json) -> str:
    """The id of the item's post; an item of an inbox has it only in its path."""
    value = part(item, "data")
    return words(value.get("link_id")) or post_in(words(value.get("context")))


def _chain(item: Json, known: Mapping[str, Json]) -> tuple[Chain, str]:
    """The known comments above this one, and the name of the parent of the topmost."""
    chain: list[Json] = []
    above = words(part(item, "data").get("parent_id"))
    while above.startswith(COMMENT) and known.get(above) and len(chain) < MOST_ASKED:
        chain.append(known[above])
        above = words(known[above].get("parent_id"))
    return chain, above


def _with_thread(credentials: Credentials, listed: Sequence[Json], known: Mapping[str, Json]) -> Iterator[Json]:
    """The items that are known to answer somebody who spoke to the account, with thread and surface."""
    for item in listed:
        chain, above = _chain(item, known)
        is_whole = bool(chain) and not above.startswith(COMMENT)
        if is_whole and _spoke_to_us(credentials, item, chain, known):
            yield {
                "kind": item.get("kind"),
                "data": item["data"],
                **_thread_from_chain(credentials, item, chain, known),
            }


def _spoke_to_us(credentials: Credentials, item: Json, chain: Chain, known: Mapping[str, Json]) -> bool:
    """True if the nearest comment above by somebody else answers the account, or names it."""
    place = next((place for place, comment in enumerate(chain) if not _is_ours(credentials, comment)), len(chain))
    if place == len(chain):
        return False
    answers_us = (
        _is_ours(credentials, chain[place + 1]) if chain[place + 1 :] else _is_on_our_post(credentials, item, known)
    )
    return answers_us or _mentions_us(credentials, chain[place])


def thread_and_surface(credentials: Credentials, item: Json, known: Mapping[str, Json]) -> Mapping[str, str]:
    """Thread and surface of an answer to the account, found by the comments above it."""
    return _thread_from_chain(credentials, item, [item["data"], *_chain(item, known)[0]], known)


def _thread_from_chain(
    credentials: Credentials, item: Json, chain: Chain, known: Mapping[str, Json]
) -> Mapping[str, str]:
    """The mention that the conversation began with; otherwise the topmost comment that is not ours."""
    theirs = [place for place, comment in enumerate(chain) if not _is_ours(credentials, comment)]
    begun = next((place for place in theirs if not _answers_ours(credentials, chain[place:])), theirs[-1])
    is_top = not words(chain[begun].get("parent_id")).startswith(COMMENT)
    if _mentions_us(credentials, chain[begun]) and not (is_top and _is_on_our_post(credentials, item, known)):
        return {"thread": words(chain[begun].get("name")), "surface": "mention"}
    return {"thread": words(chain[theirs[-1]].get("name")), "surface": "comment"}


def _answers_ours(credentials: Credentials, chain: Chain) -> bool:
    return len(chain) > 1 and _is_ours(credentials, chain[1])


def _is_ours(credentials: Credentials, comment: Json) -> bool:
    return words(comment.get("author_fullname")) == credentials.account


def _mentions_us(credentials: Credentials, comment: Json) -> bool:
    name = credentials.details.get("name", "")
    return bool(name and re.search(rf"\bu/{re.escape(name)}\b", words(comment.get("body")), re.IGNORECASE))


def _is_on_our_post(credentials: Credentials, item: Json, known: Mapping[str, Json]) -> bool:
    author = words(part(item, "data").get("link_author")) or words(known.get(_post(item), {}).get("author"))
    return author != "" and author.lower() == credentials.details.get("name", "").lower()

"""What the account itself said, here or elsewhere: its comments, and in the next turn its private messages.

A comment is in a conversation if it answers somebody who answered the account, or named it; that is looked up level by
level. What is too far below to see that is left out. https://www.reddit.com/dev/api#section_users
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.networks import base, marks
from chalicelib.networks.base import Credentials, Json
from chalicelib.networks.read import millis, part, parts, words
from chalicelib.networks.reddit.inbound import post_in
from chalicelib.networks.reddit.outbound import call

PAGE, MOST_ASKED = 100, 100
COMMENT = "t1_"
Chain = Sequence[Json]  # the comments above one, the nearest first


def since(credentials: Credentials, own: Json, now: int, turn: int, calls: int) -> tuple[list[Json], Json, int]:
    """The items after those that are known, the oldest first; what is known then; how many calls were made in all."""
    name = credentials.details.get("name", "")
    kind = "comments" if name and turn % 2 else "sent"
    path, moment = f"/user/{name}/comments" if kind == "comments" else "/message/sent", millis(own.get(kind)) or now
    try:
        told = call(credentials, "GET", path, query={"limit": str(PAGE)})
    except base.Rejected:  # consents of long ago lack the right to read comments
        return [], own, calls + 1
    listed = [one for one in reversed(parts(part(told, "data"), "children")) if _at(one) > moment]
    newest = max([moment, *map(_at, listed)])
    if kind == "comments":
        known, calls = above(credentials, listed, calls + 1)
        listed = list(_placed(credentials, listed, known))
    else:
        calls += 1
    return listed, {**own, kind: newest}, calls


def _at(item: Json) -> int:
    return millis(part(item, "data").get("created_utc"))


def asked(credentials: Credentials, names: Sequence[str]) -> Mapping[str, Json]:
    """What there is of these, by name; nothing for one that is not there any more."""
    answer = call(credentials, "GET", "/api/info", query={"id": ",".join(names)})
    found = {words(part(one, "data").get("name")): part(one, "data") for one in parts(part(answer, "data"), "children")}
    return {name: found.get(name, {}) for name in names}


def above(credentials: Credentials, listed: Sequence[Json], calls: int) -> tuple[Mapping[str, Json], int]:
    """The comments above these, by name, as far as calls are left; and their posts, which cost no call of their own."""
    known: dict[str, Json] = {words(one.get("name")): one for one in (part(item, "data") for item in listed)}
    posts = list(dict.fromkeys(filter(None, map(_post, listed))))
    while calls < marks.MOST_PAGES:
        tops = [_chain(item, known)[1] for item in listed]
        unknown = list(dict.fromkeys(top for top in tops if top.startswith(COMMENT) and top not in known))
        if not unknown:
            break
        known |= asked(credentials, [*unknown, *posts][:MOST_ASKED])
        calls, posts = calls + 1, []
    return known, calls


def _post(item: Json) -> str:
    """What is in an inbox has its post in its path only."""
    value = part(item, "data")
    return words(value.get("link_id")) or post_in(words(value.get("context")))


def _chain(item: Json, known: Mapping[str, Json]) -> tuple[Chain, str]:
    """The comments above this one that are known, and the name of what the last of them answers."""
    chain: list[Json] = []
    above = words(part(item, "data").get("parent_id"))
    while above.startswith(COMMENT) and known.get(above) and len(chain) < MOST_ASKED:
        chain.append(known[above])
        above = words(known[above].get("parent_id"))
    return chain, above


def _placed(credentials: Credentials, listed: Sequence[Json], known: Mapping[str, Json]) -> Iterator[Json]:
    """Those that are seen to answer somebody who spoke to the account, with where that is."""
    for item in listed:
        chain, above = _chain(item, known)
        is_whole = bool(chain) and not above.startswith(COMMENT)
        if is_whole and _spoke(credentials, item, chain, known):
            yield {"kind": item.get("kind"), "data": item["data"], **_where(credentials, item, chain, known)}


def _spoke(credentials: Credentials, item: Json, chain: Chain, known: Mapping[str, Json]) -> bool:
    """Whether the nearest that somebody else said answers the account, or names it."""
    place = next((place for place, one in enumerate(chain) if not _is_ours(credentials, one)), len(chain))
    if place == len(chain):
        return False
    answers_us = _is_ours(credentials, chain[place + 1]) if chain[place + 1 :] else _on_ours(credentials, item, known)
    return answers_us or _names(credentials, chain[place])


def where(credentials: Credentials, item: Json, known: Mapping[str, Json]) -> Mapping[str, str]:
    """The thread and the surface of what somebody answered the account, with the comments above it."""
    return _where(credentials, item, [item["data"], *_chain(item, known)[0]], known)


def _where(credentials: Credentials, item: Json, chain: Chain, known: Mapping[str, Json]) -> Mapping[str, str]:
    """The mention that it began with; else the topmost comment that is surely not ours."""
    theirs = [place for place, one in enumerate(chain) if not _is_ours(credentials, one)]
    begun = next((place for place in theirs if not _answers_ours(credentials, chain[place:])), theirs[-1])
    is_top = not words(chain[begun].get("parent_id")).startswith(COMMENT)
    if _names(credentials, chain[begun]) and not (is_top and _on_ours(credentials, item, known)):
        return {"thread": words(chain[begun].get("name")), "surface": "mention"}
    return {"thread": words(chain[theirs[-1]].get("name")), "surface": "comment"}


def _answers_ours(credentials: Credentials, chain: Chain) -> bool:
    return len(chain) > 1 and _is_ours(credentials, chain[1])


def _is_ours(credentials: Credentials, comment: Json) -> bool:
    return words(comment.get("author_fullname")) == credentials.account


def _names(credentials: Credentials, comment: Json) -> bool:
    name = credentials.details.get("name", "")
    return bool(name and re.search(rf"\bu/{re.escape(name)}\b", words(comment.get("body")), re.IGNORECASE))


def _on_ours(credentials: Credentials, item: Json, known: Mapping[str, Json]) -> bool:
    author = words(part(item, "data").get("link_author")) or words(known.get(_post(item), {}).get("author"))
    return author != "" and author.lower() == credentials.details.get("name", "").lower()

"""What the account itself said, here or elsewhere: its comments, and in the next turn its private messages.

A comment is in a conversation if it answers somebody who answered the account, or named it; that is looked up level by
level. What is too far below to see that is left out. https://www.reddit.com/dev/api#section_users
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.networks import base, marks
from chalicelib.networks.base import Credentials, Json
from chalicelib.networks.read import millis, part, parts, words
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
        known, calls = _above(credentials, listed, calls + 1)
        listed = list(_placed(credentials.account, name, listed, known))
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


def _above(credentials: Credentials, listed: Sequence[Json], calls: int) -> tuple[Mapping[str, Json], int]:
    """The comments above these, by name, as far as calls are left."""
    known: dict[str, Json] = {}
    while calls < marks.MOST_PAGES:
        tops = [_chain(item, known)[1] for item in listed]
        unknown = list(dict.fromkeys(top for top in tops if top.startswith(COMMENT) and top not in known))
        if not unknown:
            break
        known |= asked(credentials, unknown[:MOST_ASKED])
        calls += 1
    return known, calls


def _chain(item: Json, known: Mapping[str, Json]) -> tuple[Chain, str]:
    """The comments above this one that are known, and the name of what the last of them answers."""
    chain: list[Json] = []
    above = words(part(item, "data").get("parent_id"))
    while known.get(above) and len(chain) < MOST_ASKED:
        chain.append(known[above])
        above = words(known[above].get("parent_id"))
    return chain, above


def _placed(account: str, name: str, listed: Sequence[Json], known: Mapping[str, Json]) -> Iterator[Json]:
    for item in listed:
        chain, above = _chain(item, known)
        is_whole = bool(chain) and not above.startswith(COMMENT)
        on_ours = words(part(item, "data").get("link_author")).lower() == name.lower()
        if is_whole and (where := _where(account, name, chain, on_ours)):
            yield {"kind": item.get("kind"), "data": item["data"], **where}


def _where(account: str, name: str, chain: Chain, on_ours: bool) -> Mapping[str, str]:
    """The thread of the nearest that somebody else said, as `polling` has it; nothing if they did not speak to us."""
    theirs = [place for place, one in enumerate(chain) if words(one.get("author_fullname")) != account]
    if not theirs:
        return {}
    nearest, above = chain[theirs[0]], chain[theirs[0] + 1 :]
    if words(above[0].get("author_fullname")) == account if above else on_ours:
        return {"thread": words(chain[theirs[-1]].get("name")), "surface": "comment"}
    named = re.search(rf"\bu/{re.escape(name)}\b", words(nearest.get("body")), re.IGNORECASE)
    return {"thread": words(nearest.get("name")), "surface": "mention"} if named else {}

"""Sends frames to sockets, to many of them at the same time."""

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from chalicelib import errors
from chalicelib.aws.gateway import AT_ONCE, Gateway, Outcome

SECONDS = 3.0  # what is not begun by then counts as not reached; a post takes 3 s at most, the functions have 10 s


@dataclass(frozen=True)
class Post:
    """Frames for a socket, sent one after another. With `closes` the socket is closed afterwards."""

    socket: str
    frames: Sequence[bytes]
    closes: bool = False


def frame(kind: str, **content: Any) -> bytes:
    return encoded({"type": kind, **content})


def encoded(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def closing(socket: str, problem: errors.Problem) -> Post:
    """The last frame of a socket, which says why it is closed, and its end."""
    return Post(socket, [frame("closing", code=problem.code)], closes=True)


def send(gateway: Gateway, posts: Sequence[Post], seconds: float = SECONDS) -> list[Outcome]:
    """Sends the posts; a frame that would begin after that many seconds fails. Gives the outcome of each post."""
    end = time.monotonic() + seconds

    def run(post: Post) -> Outcome:
        outcome: Outcome = "sent"
        for frame in post.frames:
            outcome = gateway.post(post.socket, frame) if time.monotonic() < end else "failed"
            if outcome != "sent":
                break
        if post.closes:
            gateway.close(post.socket)
        return outcome

    if len(posts) < 2:
        return [run(post) for post in posts]
    with ThreadPoolExecutor(min(AT_ONCE, len(posts))) as pool:
        return list(pool.map(run, posts))

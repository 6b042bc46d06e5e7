"""A worker that is killed with -9 between its steps: a process of its own, which nothing in it can put in order.

Each line it reads names a message and a step; a child judges the message and is killed there. It says how that ended.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from chalicelib import clock
from chalicelib.moderation import judging
from chalicelib.store import connection, fence, keys, table
from chalicelib.store.models.inbox import Message
from chalicelib.words import lexicons

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
_WRITES = ("PutItem", "UpdateItem", "TransactWriteItems")


class Worker:
    """Judges messages, one after another."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def judges(self, message: dict[str, Any], agency: str, dies_at: int | None = None) -> int:
        """The code with which it ended: 0, or that it was killed before (even) or after (odd) a write."""
        assert self._process.stdin
        assert self._process.stdout
        names = {"agency": agency, "conversation": message["conversation"], "message": message["id"]}
        self._process.stdin.write(json.dumps({**names, "dies_at": dies_at}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def worker() -> Iterator[Worker]:
    """The process ends with the context."""
    pipe, asked = subprocess.PIPE, [sys.executable, "-m", "tests.support.killing"]
    with subprocess.Popen(asked, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as process:
        yield Worker(process)
        assert process.stdin
        process.stdin.close()


def _judge(task: dict[str, Any]) -> None:
    steps, events = count(), connection.opened().connection.client.meta.events

    def pass_by(**_: Any) -> None:
        if next(steps) == task["dies_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    for write in _WRITES:
        for edge in ("before-call", "after-call"):
            events.register(f"{edge}.dynamodb.{write}", pass_by)
    with fence.within(task["agency"]):
        place = keys.within(task["agency"], task["conversation"]), keys.message(task["message"])
        message = table.get(Message, *place)
        assert message
        judging.judge(message, 1, clock.now())


def _answer(task: dict[str, Any]) -> int:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where it logs, the answers are written
        code = 1
        try:
            _judge(task)
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    lexicons.of_languages(lexicons.LANGUAGES)  # once, so that no child has to read them
    for line in sys.stdin:
        sys.stdout.write(f"{_answer(json.loads(line))}\n")
        sys.stdout.flush()

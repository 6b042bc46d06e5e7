"""Runs MiniStack, made quicker where tests and `make run` spend most of their time in it; its answers stay the same.

What it reads from the text of a condition it reads once, and not for each item; what our queries ask of each item of a
partition it compares at once, and it sorts what they ask for alone; processes of functions with the same package share
its files; and uvicorn serves it. A version that has no such function is left as it is.
"""

import hashlib
import re
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock, local
from types import FunctionType, SimpleNamespace
from typing import Any, ClassVar

import uvicorn
from hypercorn import asyncio as hypercorn
from ministack import app
from ministack.core import lambda_runtime
from ministack.services import dynamodb

_MOST_TEXTS = 10_000
_PARTS = {"_tables", "_normalize_table_name", "_index_members", "_INDEX_MEMBERS"}  # of dynamodb, that are used here
_inside = vars(dynamodb)
_OURS = re.compile(r"(?:/_user_request_|/_aws/execute-api/\w+)(/v1(?:/[^?]*)?|/docs(?:/[^?]*)?|/hooks/[a-z_]+)")
_OWN_ID = re.compile(r"/ext:[^/]*")
_OF_KEYS = re.compile(r"[(]?([#\w]+) = (:\w+) AND ([#\w]+) BETWEEN (:\w+) AND (:\w+)[)]?")
Json = Mapping[str, Any]


def by_keys(evaluate: Callable[..., bool]) -> Callable[..., bool]:
    """The same function, quicker for conditions on a partition and a stretch of it, both of texts."""

    def quicker(text: str, item: Json, values: Json, names: Json, slot: str = "ConditionExpression") -> bool:
        asked = _of_keys(text) if slot == "KeyConditionExpression" else None
        if asked:
            partition, value, place, low, high = asked
            try:
                mine, wanted = item[names.get(partition, partition)]["S"], values[value]["S"]
                here = item[names.get(place, place)]["S"]
                first, last = values[low]["S"], values[high]["S"]
            except (KeyError, TypeError, AttributeError):
                return evaluate(text, item, values, names, slot)
            if first <= last:
                return bool(mine == wanted and first <= here <= last)
        return evaluate(text, item, values, names, slot)

    return quicker


@lru_cache(_MOST_TEXTS)
def _of_keys(text: str) -> tuple[str, ...] | None:
    found = _OF_KEYS.fullmatch(text)
    return found.groups() if found else None


def by_stretch(query: FunctionType) -> Callable[[Json], Any]:
    """The same function, which is shown no items but those between the two ends of what is asked for.

    It would sort and examine all items of a partition for each page.
    """
    if not set(_inside) >= _PARTS:
        return query
    here = local()  # has what a thread is shown in place of a table while it answers a query
    shown = SimpleNamespace(get=lambda _name: here.table)
    ask = FunctionType(query.__code__, {**_inside, "_tables": shown})

    def quicker(asked: Json) -> Any:
        stored = _inside["_tables"].get(_inside["_normalize_table_name"](asked.get("TableName")))
        here.table = (stored and _narrowed(stored, asked)) or stored
        return ask(asked)

    return quicker


def _narrowed(stored: Json, asked: Json) -> Json | None:
    """The table with the items in question alone; None if that cannot be told, or they are not texts."""
    names, values = asked.get("ExpressionAttributeNames") or {}, asked.get("ExpressionAttributeValues") or {}
    keys = None if asked.get("KeyConditions") else _of_keys(asked.get("KeyConditionExpression") or "")
    if keys is None:
        return None
    partition, value, place, low, high = keys
    index = asked.get("IndexName")
    try:
        wanted, first, last = (values[name]["S"] for name in (value, low, high))
        place = names.get(place, place)
        if index is None and (names.get(partition, partition), place) == (stored["pk_name"], stored["sk_name"]):
            items = list(stored["items"].get(wanted, {}).items())
            return {**stored, "items": {wanted: {sk: item for sk, item in items if first <= sk <= last}}}
        members, every = _inside["_index_members"](stored)[index], stored["items"]
        there = [(pk, sk) for pk, sk in list(members.get(wanted, ())) if first <= every[pk][sk][place]["S"] <= last]
        return {**stored, _inside["_INDEX_MEMBERS"]: {index: {wanted: dict.fromkeys(there)}}}
    except (KeyError, TypeError, AttributeError):
        return None


class Package(zipfile.ZipFile):
    """A package that is unpacked once; whoever wants it somewhere is led there. Nobody writes to it."""

    _unpacked: ClassVar[dict[str, str]] = {}
    _one_at_a_time = Lock()

    def extractall(self, path: Any = None, *given: Any, **more: Any) -> None:
        if not path or not self.filename or any(Path(path).iterdir()):
            return super().extractall(path, *given, **more)
        digest = hashlib.sha256(Path(self.filename).read_bytes()).hexdigest()
        with self._one_at_a_time:
            if digest not in self._unpacked:
                place = mkdtemp(prefix="package-")
                super().extractall(place)
                self._unpacked[digest] = place
        Path(path).rmdir()
        Path(path).symlink_to(self._unpacked[digest], target_is_directory=True)
        return None


# What takes the place of functions that read the text of a condition, by their names.
QUICKER: Mapping[str, Callable[[Any], Any]] = {
    "_tokenize": lru_cache(_MOST_TEXTS),
    "_condition_syntax_error": lru_cache(_MOST_TEXTS),
    "_evaluate_condition": by_keys,
    "_query": by_stretch,  # the last, as it takes the others with it
}


def read_texts_once() -> None:
    for name, made_quicker in QUICKER.items():
        if hasattr(dynamodb, name):
            setattr(dynamodb, name, made_quicker(getattr(dynamodb, name)))


def share_packages() -> None:
    if hasattr(lambda_runtime, "zipfile"):
        vars(lambda_runtime)["zipfile"] = SimpleNamespace(**{**vars(zipfile), "ZipFile": Package})


def told(served: Any, write: Callable[[str], None]) -> Any:
    """The same app, which writes a line for each request of the API and of the hooks: how, where, what came of it.

    No query is in it and no id that a client made up, as they may say what nobody is to read.
    """

    async def app(scope: Any, receive: Any, send: Any) -> None:
        place = place_of(scope.get("path", "")) if scope["type"] == "http" else ""
        if not place:
            await served(scope, receive, send)
            return
        began = time.monotonic()
        answer: dict[str, Any] = {"status": 0, "headers": ()}

        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.update(message)
            await send(message)

        try:
            await served(scope, receive, noted)
        finally:
            headers = {bytes(name).lower(): bytes(value).decode() for name, value in answer["headers"]}
            id, ms = headers.get(b"request-id", "-"), round((time.monotonic() - began) * 1000)
            write(f"{scope['method']} {place} {answer['status']} {ms} ms {id}")

    return app


def place_of(path: str) -> str:
    """What of a path the log may have; empty for what is no request of ours."""
    found = _OURS.search(path)
    return _OWN_ID.sub("/ext:...", found[1]) if found else ""


async def serve(served: Any, config: Any) -> None:
    """What hypercorn's function of this name does, for one address, in two thirds of the time."""
    host, _, port = config.bind[0].rpartition(":")
    logged = told(served, partial(print, flush=True))
    settings = uvicorn.Config(
        logged, host, int(port), http="httptools", ws="wsproto", lifespan="on", timeout_keep_alive=75,
        timeout_graceful_shutdown=1, access_log=False, date_header=False, server_header=False, log_level="warning",
    )  # fmt: skip
    await uvicorn.Server(settings).serve()


if __name__ == "__main__":
    read_texts_once()
    share_packages()
    vars(hypercorn)["serve"] = serve
    sys.exit(app.main())

"""Runs MiniStack, made faster where tests and `make run` spend most of their time in it; its answers stay the same.

Its DynamoDB and its queues are faster (`quicker`), and called more directly (`short_way`); so are the processes of
functions (`workers`), and functions with the same package share its files. What nobody waits for is done once a second
(`seldom`), and uvicorn serves it. Where a version of MiniStack lacks a part that is replaced, that part is left as it
is.
"""

import gc
import hashlib
import re
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from types import SimpleNamespace
from typing import Any, ClassVar

import uvicorn
from hypercorn import asyncio as hypercorn
from ministack import app
from ministack.core import lambda_runtime

from local import quicker, seldom, short_way, workers

_OURS = re.compile(r"(?:/_user_request_|/_aws/execute-api/\w+)(/v1(?:/[^?]*)?|/docs(?:/[^?]*)?|/hooks/[a-z_]+)")
_OWN_ID = re.compile(r"/ext:[^/]*")
_THRESHOLDS = (50_000, 50, 100)  # what is stored is no garbage, and looking for it there costs a twentieth of all time


class Package(zipfile.ZipFile):
    """A package that is unpacked only once; every place that wants it gets a link to it. Nobody may write to it."""

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


def share_packages() -> None:
    if hasattr(lambda_runtime, "zipfile"):
        vars(lambda_runtime)["zipfile"] = SimpleNamespace(**{**vars(zipfile), "ZipFile": Package})


def with_log_lines(served: Any, write: Callable[[str], None]) -> Any:
    """The same app, which writes a line for each request of the API and of the hooks: method, path, outcome.

    The line has no query and no id that a client made up, as these may hold private data.
    """

    async def app(scope: Any, receive: Any, send: Any) -> None:
        place = loggable_path(scope.get("path", "")) if scope["type"] == "http" else ""
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


def loggable_path(path: str) -> str:
    """The part of a path that the log may have; empty for other requests than ours."""
    ours = _OURS.search(path)
    return _OWN_ID.sub("/ext:...", ours[1]) if ours else ""


async def serve(served: Any, config: Any) -> None:
    """Takes the place of hypercorn's function of this name, for one address; it needs two thirds of the time."""
    host, _, port = config.bind[0].rpartition(":")
    logged = short_way.into(with_log_lines(served, partial(print, flush=True)))
    settings = uvicorn.Config(
        logged, host, int(port), http="httptools", ws="wsproto", lifespan="on", timeout_keep_alive=75,
        timeout_graceful_shutdown=1, access_log=False, date_header=False, server_header=False,
        proxy_headers=False, log_level="warning",
    )  # fmt: skip
    await uvicorn.Server(settings).serve()


if __name__ == "__main__":
    gc.set_threshold(*_THRESHOLDS)
    quicker.make_quicker()
    workers.make_quicker()
    seldom.make_seldom()
    share_packages()
    vars(hypercorn)["serve"] = serve
    sys.exit(app.main())

"""The emulator's package is unpacked once, and its log tells of requests without a word of anybody."""

import asyncio
import inspect
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ministack import app

from local import emulator


def test_installed_version_is_served_where_this_expects_it() -> None:
    assert "from hypercorn.asyncio import serve as hypercorn_serve" in inspect.getsource(app.main)


def test_package_is_unpacked_once_for_all_who_want_it(tmp_path: Path) -> None:
    packed, places = tmp_path / "code.zip", [tmp_path / name for name in ("one", "other", "taken")]
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("app.py", "")
        package.writestr("area/module.py", "1")
    for place in places:
        place.mkdir()
    (places[2] / "here").touch()
    for place in places:
        with emulator.Package(packed) as package:
            package.extractall(place)
        assert (place / "area" / "module.py").read_text() == "1"
    assert places[0].resolve() == places[1].resolve()
    assert not places[2].is_symlink()


PATHS = {
    "/restapis/a1/api/_user_request_/v1/contacts/ext:ana@shop.example/conversations":
        "/v1/contacts/ext:.../conversations",
    "/_aws/execute-api/b2/hooks/telegram/chn_1/s3cret": "/hooks/telegram",
    "/restapis/a1/api/_user_request_/docs": "/docs",
    "/_ministack/health": "", "/palabre-bucket/media/agc_1": "",
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_log_has_the_places_of_ours_and_no_word_of_anybody(path: str) -> None:
    assert emulator.loggable_path(path) == PATHS[path]


def test_each_request_is_a_line_with_its_status_and_id() -> None:
    lines: list[str] = []

    async def served(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": [(b"Request-Id", b"r-1")]})

    async def sent(message: Any) -> None:
        assert message["status"] == 204

    for path in ("/_aws/execute-api/b2/hooks/line", "/_ministack/health"):
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"q=secret"}
        asyncio.run(emulator.with_log_lines(served, lines.append)(scope, None, sent))
    assert [re.sub(r"\d+ ms", "9 ms", line) for line in lines] == ["POST /hooks/line 204 9 ms r-1"]

"""The example of a network of one's own, as a process: it is connected, hears, speaks, and lets nobody else in."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import urllib3

from chalicelib import settings
from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials, Message, Say, Secrets
from chalicelib.networks.custom import NETWORK
from local import ports
from local.environment import ROOT
from tests.support.stack import eventually

FILE = ROOT / "examples" / "custom_network" / "server.py"
US = Credentials(account="", token="the-secret-of-the-example", details={"address": "https://forum.example/palabre"})


Example = tuple["subprocess.Popen[bytes]", Path]


@dataclass
class Hook:
    """Where the example posts to; `taken` are the bodies and headers of what came."""

    url: str
    taken: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.taken.append((raw, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Hook(f"http://127.0.0.1:{server.server_address[1]}/hooks")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield receiver
        server.shutdown()


@pytest.fixture
def example(nowhere: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Example]:
    """The process, and the file that it prints to; our calls of the network go to it."""
    port, printed = ports.free(), tmp_path / "printed"
    monkeypatch.setenv("NETWORK_APIS", json.dumps({"custom": f"http://127.0.0.1:{port}"}))
    settings.get.cache_clear()
    env = {**os.environ, "SECRET": US.token}
    with printed.open("w") as out, subprocess.Popen(
        [sys.executable, str(FILE), str(port)], env=env, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL
    ) as process:  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: _is_there(url), 30)
        yield process, printed
        process.kill()


def _is_there(url: str) -> bool:
    try:
        return urllib3.request("POST", url, body=b"{}", retries=False).status == 401
    except urllib3.exceptions.HTTPError:
        return False


def test_example_is_connected_hears_and_speaks(example: Example, hook: Hook) -> None:
    process, printed = example
    account = NETWORK.check(US)
    assert (account.account, account.name) == ("forum.example/palabre/shop", "My network")
    us = replace(US, account=account.account)
    NETWORK.subscribe(us, hook.url, "the-secret-of-the-hook")
    assert process.stdin
    process.stdin.write(b"ines: Are you open?\n")
    process.stdin.flush()
    raw, headers = eventually(lambda: hook.taken)[0]
    assert NETWORK.verify(raw, headers, Secrets(signing=("the-secret-of-the-hook",)))
    [inbound] = NETWORK.parse(json.loads(raw))
    assert isinstance(inbound.event, Message)
    assert (inbound.event.text, inbound.event.thread) == ("Are you open?", "ines")
    say = Say(thread="ines", to="ines", text="Until eight", correlation="msg_1")
    assert NETWORK.send(us, say) == NETWORK.send(us, say)
    NETWORK.act(us, Act(verb="read", thread="ines", id=inbound.event.id))
    assert printed.read_text().splitlines() == ["To ines: Until eight", "Do: read"]


def test_example_lets_nobody_in_who_does_not_know_the_secret(example: Example) -> None:
    with pytest.raises(base.Expired):
        NETWORK.check(replace(US, token="another"))


def test_example_is_short_and_needs_no_library() -> None:
    text = FILE.read_text()
    code = [line for line in text.split('"""', 2)[2].splitlines() if line.strip()]
    assert len(code) <= 70
    imported = re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
    assert set(imported) <= sys.stdlib_module_names

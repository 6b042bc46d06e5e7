"""The command line against the running product, as a newcomer and as a script use it."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3
from standardwebhooks import Webhook

from local import clients, seed
from tests.people.test_sign_in import Browser
from tests.support import origins, receivers
from tests.support.agencies import founded
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually, number

PALABRE = clients.PYTHON.with_name("palabre")
SECRET = "whsec_" + "A" * 43 + "="
# Names itself, and whatever has no help.
SILENT = """
import click
from palabre_cli.main import palabre
def look(name, command):
    silent = [one.opts for one in command.params if isinstance(one, click.Option) and not one.help]
    if silent or not command.help:
        print(name, silent)
    for inner, one in getattr(command, "commands", {}).items():
        look(f"{name} {inner}", one)
print("palabre")
look("palabre", palabre)
"""
pytestmark = pytest.mark.usefixtures("missing")  # which installs it


class Shell:
    """Where commands are run: by whom, and where they keep what they keep."""

    def __init__(self, stack: Stack, place: Path, key: str = "") -> None:
        self.place = place
        self.variables = {**os.environ, "PALABRE_API": stack.api, "PALABRE_CONFIG": str(place), "PALABRE_KEY": key}

    def runs(self, *words: str, code: int = 0, typed: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [PALABRE, *words], env=self.variables, input=typed, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stderr[-2000:]
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.runs(*words).stdout)

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            [PALABRE, *words], env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture
def shell(stack: Stack, tmp_path: Path) -> Shell:
    return Shell(stack, tmp_path, stack.ours.owner.token)


def two_brands(stack: Stack, role: str, place: Path) -> tuple[Shell, Agency]:
    """Somebody who works for our brand and one more, and that one."""
    other = stack.brand()
    member = stack.someone(stack.ours, role, [stack.ours.brand, other.brand])
    return Shell(stack, place, member.token), other


def test_one_says_which_of_several_brands_and_answers(stack: Stack, tmp_path: Path) -> None:
    shell, other = two_brands(stack, "community_manager", tmp_path)
    channel = stack.connect("telegram", other)
    Fan(channel).says("Hello")
    conversation = channel.conversation()
    refused = shell.runs("inbox", code=2)
    assert other.brand in refused.stderr
    assert stack.ours.brand in refused.stderr
    assert [row["id"] for row in shell.json("inbox", "--brand", other.brand)] == [conversation["id"]]
    assert "Hello" in shell.runs("--output", "table", "inbox", "--brand", other.brand).stdout
    reply = shell.json("reply", conversation["id"], "Thank you!")
    shown = shell.json("conversation", "show", conversation["id"])
    assert {said["text"] for said in shown["messages"]} == {"Hello", "Thank you!"}
    assert reply["messages"][0] in [said["id"] for said in shown["messages"]]


def test_a_refusal_and_a_missing_key_have_codes_of_their_own(stack: Stack, shell: Shell) -> None:
    refused = json.loads(shell.runs("conversation", "show", "cnv_none", code=4).stderr)
    assert refused["code"] == "not_found"
    shell.variables["PALABRE_KEY"] = ""
    shell.runs("me", code=3)
    shell.variables |= {"PALABRE_KEY": "x", "PALABRE_API": "http://127.0.0.1:1/v1"}
    assert [line["what"] for line in json.loads(shell.runs("doctor", code=1).stdout)] == ["address"]


def test_the_doctor_says_what_is_well_and_what_to_do_about_the_rest(stack: Stack, tmp_path: Path) -> None:
    shell, _ = two_brands(stack, "client", tmp_path)
    lines = json.loads(shell.runs("doctor", code=1).stdout)
    by_name = {line["what"]: line for line in lines}
    assert set(by_name) == {"address", "key", "rights", "channels", "quotas", "webhooks"}
    assert by_name["key"]["ok"]
    assert "client" in by_name["rights"]["says"]
    assert all(line["do"] for line in lines if not line["ok"])
    shell.variables["PALABRE_KEY"] = "pal_full_0123456789"
    wrong = json.loads(shell.runs("doctor", code=1).stdout)[-1]
    assert (wrong["what"], wrong["ok"]) == ("key", False)


def test_the_doctor_shows_an_owner_what_is_wrong_with_a_channel_and_an_endpoint(stack: Stack, tmp_path: Path) -> None:
    agency = founded(stack, f"Agency {number()}")
    well, ill = (stack.connect("example", agency) for _ in range(2))
    stack.behave("example", "expired", path="/v1/me", token=ill.token)
    agency.owner.post(f"/channels/{ill.id}/repair")
    wanted = [{"url": f"{stack.double}/receivers/here/{number()}", "classes": ["comments"]} for _ in range(2)]
    listening, stopped = (agency.owner.post("/webhook-endpoints", endpoint)["id"] for endpoint in wanted)
    agency.owner.post(f"/webhook-endpoints/{stopped}/disable")
    shell = Shell(stack, tmp_path, agency.owner.token)
    outcomes = {
        id: line["ok"]
        for line in json.loads(shell.runs("--agency", agency.id, "doctor", code=1).stdout)
        for id in (well.id, ill.id, listening, stopped)
        if id in line["says"]
    }
    assert outcomes == {well.id: True, ill.id: False, listening: True, stopped: False}


def test_signing_in_with_a_key_is_kept_if_the_key_is_taken(stack: Stack, tmp_path: Path) -> None:
    made = stack.ours.owner.post("/api-keys", {"name": "Shell", "grants": [{"role": "client", "brands": None}]})
    shell = Shell(stack, tmp_path)
    shell.runs("login", "--key", typed="pal_full_0123456789\n", code=3)
    shell.runs("me", code=3)
    assert json.loads(shell.runs("login", "--key", typed=f"{made['key']}\n").stdout)["agency"] == stack.ours.id
    assert shell.json("me")["name"] == "Shell"


@pytest.mark.slow  # the client is installed before
def test_every_command_and_option_says_what_it_is_for() -> None:
    done = subprocess.run([clients.PYTHON, "-c", SILENT], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["palabre"], "")


def test_signing_in_with_a_browser_is_kept_for_the_commands_to_come(stack: Stack, tmp_path: Path) -> None:
    email = f"shell{number()}@someone.example"
    stack.someone(stack.ours, "client", [stack.ours.brand], email=email)
    shell = Shell(stack, tmp_path)
    with (
        origins.taken() as origin,
        shell.running("login", "--no-browser", "--port", str(origins.port_of(origin))) as process,
    ):
        assert process.stderr
        assert process.stderr.readline().startswith("Sign in")
        page = urllib3.request("GET", process.stderr.readline().strip(), redirect=False)
        back = Browser(stack).fills(page, username=email, password=seed.PASSWORD).headers["Location"]
        urllib3.request("GET", back.replace("localhost", "127.0.0.1"))
        said, wrong = process.communicate(timeout=60)
        assert process.returncode == 0, wrong
    assert [agency["id"] for agency in json.loads(said)] == [stack.ours.id]
    kept = tmp_path / "session.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert shell.json("me")["agency"] == stack.ours.id
    shell.variables["PALABRE_API"] = "http://elsewhere.example/v1"
    shell.runs("me", code=3)  # a token is told to nobody else
    shell.runs("logout")
    assert not kept.exists()


def test_who_has_the_port_already_is_told_to_take_another(shell: Shell) -> None:
    with origins.taken() as origin, socket.create_server(("127.0.0.1", origins.port_of(origin))):
        refused = shell.runs("login", "--no-browser", "--port", str(origins.port_of(origin)), code=1)
    assert "Traceback" not in refused.stderr
    assert "--port" in refused.stderr


def test_what_happens_is_forwarded_as_webhooks_come(stack: Stack, shell: Shell) -> None:
    channel = stack.connect("telegram", stack.brand())
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        heard.append(receivers.heard(connection))
        connection.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")

    wanted = ("--brand", channel.agency.brand, "--type", "message.received", "--count", "1", "--secret", SECRET)
    with (
        receivers.serving(behave) as port,
        shell.running("listen", *wanted, "--forward-to", f"http://127.0.0.1:{port}/hook") as process,
    ):
        assert process.stderr
        assert [process.stderr.readline().strip() for _ in range(2)] == [f"Signed with {SECRET}", "Listening."]
        Fan(channel).says("Hello")
        said, _ = process.communicate(timeout=90)
    [event] = map(json.loads, said.splitlines())
    head, _, body = eventually(lambda: heard[0]).partition(b"\r\n\r\n")
    delivery: Mapping[str, Any] = Webhook(SECRET).verify(body, _headers(head))
    assert delivery == {"type": "message.received", "timestamp": event["at"], "data": event}


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode().split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

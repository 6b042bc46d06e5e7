"""The clients as they are made: each reads the inbox, answers, and does so once though the answer comes too late."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local import clients
from tests.support import slow_proxy
from tests.support.people import Fan
from tests.support.stack import Stack, eventually

PLACE = clients.PLACE
PHP_LIBRARY = Path("/usr/share/php/GuzzleHttp/autoload.php")
AGAIN = "make clients makes it"


def command_of(language: str) -> list[str]:
    """How its example is run; skips where something for that is missing."""
    made, tool = {
        "python": (clients.GENERATED["python"], str(clients.PYTHON)),
        "typescript": (PLACE / "typescript" / "dist", shutil.which("node")),
        "go": (clients.GENERATED["go"], shutil.which("go")),
        "php": (clients.GENERATED["php"], shutil.which("php")),
    }[language]
    if not made.exists():
        pytest.skip(f"The client for {language} is not made; {AGAIN}.")
    if tool is None:
        pytest.skip(f"There is no {language} here.")
    if language == "php" and not (PHP_LIBRARY.exists() or (PLACE / "php" / "vendor").exists()):
        pytest.skip("There is no Guzzle here: composer install, or Debian's php-guzzlehttp-guzzle.")
    place = PLACE / language
    return {
        "python": [tool, str(place / "examples" / "answer.py")],
        "typescript": [tool, str(place / "examples" / "answer.mjs")],
        "go": [tool, "run", "./example"],
        "php": [tool, str(place / "examples" / "answer.php")],
    }[language]


@pytest.mark.parametrize("language", ["python", "typescript", "go", "php"])
def test_a_client_answers_once_though_the_answer_to_it_comes_too_late(stack: Stack, language: str) -> None:
    command = command_of(language)
    channel = stack.connect("telegram")
    for text in ("Hello", "Is anybody there?"):
        Fan(channel).says(text)
    found = eventually(lambda: found if len(found := channel.conversations()) == 2 else [])
    with slow_proxy.before(stack.api, late=1) as proxy:
        told = _run(command, found[0]["id"], language, PALABRE_API=proxy.address, PALABRE_TOKEN=stack.ours.owner.token)
    assert sorted(told["inbox"]) == sorted(one["id"] for one in found)
    assert told["code"] == "not_found"
    assert told["text"] == f"From {language}"
    assert len(proxy.keys) >= 2
    assert len(set(proxy.keys)) == 1
    assert proxy.keys[0]
    sent = [said for said in channel.messages(found[0]["id"]) if said["direction"] == "out"]
    assert [said["reply"] for said in sent] == [told["reply"]]


def _run(command: list[str], conversation: str, language: str, **variables: str) -> Any:
    environment = {**os.environ, **variables, "PATIENCE": "2"}
    done = subprocess.run(
        [*command, conversation, f"From {language}"],
        cwd=PLACE / language, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)

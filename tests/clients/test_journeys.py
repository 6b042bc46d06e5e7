"""The clients as they are made: each reads the inbox, answers, and does so once though the answer comes too late."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local import clients
from tests.support import slow_proxy
from tests.support.people import Fan
from tests.support.stack import Stack, eventually

PLACE = clients.PLACE
PHP_LIBRARY = Path("/usr/share/php/GuzzleHttp/autoload.php")
TOOLS = {"typescript": "node", "go": "go", "php": "php"}
EXAMPLES = {
    "python": ["examples/answer.py"],
    "typescript": ["examples/answer.mjs"],
    "go": ["run", "./example"],
    "php": ["examples/answer.php"],
}


# Each changes a conversation, and has no patience. Nothing says that a change may be made twice.
CHANGES = {
    "python": """
import os, sys
import httpx
from palabre_client import connect
api = connect(os.environ["PALABRE_API"], os.environ["PALABRE_TOKEN"], patience=1)
try:
    api.get_httpx_client().patch(f"/conversations/{sys.argv[1]}", json={"labels": ["late"]})
except httpx.TransportError as error:
    print(type(error).__name__)
""",
    "typescript": """
import { connect } from "./dist/index.js";
const { PALABRE_API: address, PALABRE_TOKEN: token } = process.env;
const api = connect({ address, token, patience: 1000 });
const asked = { params: { path: { id: process.argv[1] } }, body: { labels: ["late"] } };
await api.PATCH("/conversations/{id}", asked).catch((error) => console.log(error.name));
""",
}
RUN = {"python": [str(clients.PYTHON), "-c"], "typescript": ["node", "--input-type=module", "-e"]}


def lacking(language: str, missing: Mapping[str, str]) -> str:
    """What this machine has not, without which the example cannot be run. A newcomer need not have everything."""
    tool = TOOLS.get(language, "")
    if missing.get(language) or (tool and not shutil.which(tool)):
        return missing.get(language) or tool
    if not clients.GENERATED.get(language, PLACE).exists():
        return "make clients"
    has_library = PHP_LIBRARY.exists() or (PLACE / "php" / "vendor").exists()
    return (
        "Guzzle (composer install, or Debian's php-guzzlehttp-guzzle)" if language == "php" and not has_library else ""
    )


@pytest.mark.parametrize("language", ["python", "typescript", "go", "php"])
def test_a_client_answers_once_though_the_answer_to_it_comes_too_late(
    stack: Stack, language: str, missing: Mapping[str, str]
) -> None:
    if tool := lacking(language, missing):
        # Go, PHP and Node are wanted by nothing else here; `make check` has them, and says what it lacks.
        pytest.skip(f"The client for {language} is not tried: {tool} is not here.")
    command = [TOOLS.get(language, str(clients.PYTHON)), *EXAMPLES[language]]
    channel = stack.connect("telegram")
    for text in ("Hello", "Is anybody there?"):
        Fan(channel).says(text)
    conversations = eventually(lambda: conversations if len(conversations := channel.conversations()) == 2 else [])
    with slow_proxy.before(stack.api, late=1) as proxy:
        printed = _run(
            command, conversations[0]["id"], language, PALABRE_API=proxy.address, PALABRE_TOKEN=stack.ours.owner.token
        )
    assert sorted(printed["inbox"]) == sorted(conversation["id"] for conversation in conversations)
    assert printed["code"] == "not_found"
    assert printed["text"] == f"From {language}"
    assert len(proxy.keys) >= 2
    assert len(set(proxy.keys)) == 1
    assert proxy.keys[0]
    sent = [said for said in channel.messages(conversations[0]["id"]) if said["direction"] == "out"]
    assert [said["reply"] for said in sent] == [printed["reply"]]


@pytest.mark.parametrize("language", CHANGES)
def test_a_client_does_not_repeat_a_change_whose_answer_comes_too_late(
    stack: Stack, language: str, missing: Mapping[str, str]
) -> None:
    if tool := lacking(language, missing):
        # As above: nothing else here wants Node.
        pytest.skip(f"The client for {language} is not tried: {tool} is not here.")
    conversation = Fan(stack.connect("telegram")).starts()["id"]
    with slow_proxy.before(stack.api, late=1) as proxy:
        environment = {**os.environ, "PALABRE_API": proxy.address, "PALABRE_TOKEN": stack.ours.owner.token}
        done = subprocess.run(
            [*RUN[language], CHANGES[language], conversation],
            cwd=PLACE / language, env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.stdout.strip() in ("ReadTimeout", "TimeoutError"), done.stderr
    assert len(proxy.changes) == 1
    assert stack.ours.owner.get(f"/conversations/{conversation}")["labels"] == ["late"]


def _run(command: list[str], conversation: str, language: str, **variables: str) -> Any:
    environment = {**os.environ, **variables, "PATIENCE": "2"}
    done = subprocess.run(
        [*command, conversation, f"From {language}"],
        cwd=PLACE / language, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)

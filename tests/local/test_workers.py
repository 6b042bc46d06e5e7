"""A process of a function tells where the lines of a call end, and the emulator waits for no more of them."""

import ast
import json
import subprocess
import sys
import time
from pathlib import Path
from queue import Queue
from threading import Thread, Timer
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

from local import workers

HANDLER = """
import sys
def handler(event, context):
    sys.stderr.write(event["logs"])
    if "fails" in event:
        raise ValueError(event["fails"])
    return event["logs"] * event.get("times", 1)
"""


def test_installed_version_has_what_this_replaces() -> None:
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    assert script.count(workers.BEGIN) == script.count(workers.LAST) == 1
    assert ast.parse(workers.quicker(script))
    assert workers.DRAIN in vars(lambda_runtime.Worker)


def test_another_script_stays_as_it_is() -> None:
    for other in ("", f"{workers.BEGIN}run()\n", workers.LAST, 2 * workers.BEGIN + workers.LAST):
        assert workers.quicker(other) == other


def test_lines_of_a_call_are_all_that_it_wrote_and_nothing_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "handlers.py").write_text(HANDLER)
    worker = tmp_path / "worker.py"
    worker.write_text(workers.quicker(lambda_runtime._PYTHON_WORKER_SCRIPT))
    calls = [
        {"logs": "one\ntwo\n"}, {"logs": ""}, {"logs": "no end of a line"}, {"logs": "\n"},
        {"logs": "a", "times": 90_000}, {"logs": "before\n", "fails": "it does"},
    ]  # fmt: skip
    with subprocess.Popen([sys.executable, worker], stdin=-1, stdout=-1, stderr=-1, text=True) as process:
        running: Any = SimpleNamespace(_stderr_queue=Queue())
        Thread(target=_read, args=(process.stderr, running), daemon=True).start()
        began = {"code_dir": str(tmp_path), "module": "handlers", "handler": "handler"}
        assert _told(process, began)["status"] == "ready"
        answers = [(_told(process, {"event": call}), _drained(running)) for call in calls]
        assert process.stdin
        process.stdin.close()
    assert [log for _, log in answers] == ["one\ntwo", "", "no end of a line", "", "a", "before"]
    assert [answer.get("result", answer["status"]) for answer, _ in answers] == [
        "one\ntwo\n", "", "no end of a line", "\n", "a" * 90_000, "error",
    ]  # fmt: skip


def _told(process: "subprocess.Popen[str]", message: dict[str, Any]) -> Any:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def _read(lines: Any, running: Any) -> None:
    for line in lines:
        running._stderr_queue.put(line.rstrip("\n"))


def _drained(running: Any) -> str:
    """Whoever waits for a silence would wait a minute here."""
    began = time.monotonic()
    log = workers.until_end(str)(running, first_line_wait=60.0, idle_confirm=60.0, hard_cap=120.0)
    assert time.monotonic() - began < 30
    return log


def _logged(*lines: str, late: str = "", seconds: float = 0.0) -> str:
    worker = SimpleNamespace(_stderr_queue=Queue())
    for line in lines:
        worker._stderr_queue.put(line)
    if late:
        Timer(seconds, worker._stderr_queue.put, [late]).start()
    return workers.until_end(str)(worker, first_line_wait=5.0, idle_confirm=0.001, hard_cap=10.0)


def test_lines_without_a_sign_are_those_until_a_silence() -> None:
    assert _logged("one", "two") == "one\ntwo"
    assert _logged(late="one", seconds=0.2) == "one"


def test_sign_that_came_too_late_for_its_own_call_does_not_end_the_next() -> None:
    assert _logged(workers.END, "one", workers.END) == "one"


def test_nothing_is_waited_for_longer_than_it_may() -> None:
    worker = SimpleNamespace(_stderr_queue=Queue())
    assert workers.until_end(str)(worker, first_line_wait=0.01) == ""
    worker._stderr_queue.put("one")
    assert workers.until_end(str)(worker, hard_cap=0) == ""

"""The processes that run functions in the emulator, made faster.

Each writes a sign after the last log line of a call, where the emulator would wait whether more lines come. Each calls
the emulator over a plain connection (`wire`). Where a version of MiniStack lacks one of these parts, nothing is
replaced.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty
from typing import Any

from ministack.core import lambda_runtime

from local import wire

SCRIPT, DRAIN = "_PYTHON_WORKER_SCRIPT", "_drain_stderr_bounded"
END = "\0"  # no log has it
BEGIN = "    _ms_install_invoke_depth()\n"  # of what runs a function: before it is loaded
LAST = "        _real_stdout.flush()\n\nrun()\n"  # and where it hands on what a call gave
_PLAIN = f"""\
    from importlib import util
    found = util.spec_from_file_location("wire", {wire.__file__!r})
    module = util.module_from_spec(found)
    found.loader.exec_module(module)
    module.install()
"""
_TELL = f"        print({END!r}, file=sys.stderr, flush=True)\n"


def quicker(script: str) -> str:
    """The same script, which uses the plain connection, and writes the sign before it returns the result of a call."""
    if script.count(BEGIN) != 1 or not script.endswith(LAST):
        return script
    return script.replace(BEGIN, BEGIN + _PLAIN).removesuffix(LAST) + _TELL + LAST


def until_end(_drain: Callable[..., str]) -> Callable[..., str]:
    """Reads the lines that a worker wrote up to the sign; without a sign, until it writes nothing for a while.

    The first line may take longer than the next ones. A sign that comes too late for its own call does not end the next
    call.
    """

    def waiting(worker: Any, first_line_wait: float = 0.05, idle_confirm: float = 0.005, hard_cap: float = 0.25) -> str:
        written, lines = vars(worker)["_stderr_queue"], list[str]()
        wait, end, line = first_line_wait, time.monotonic() + hard_cap, ""
        with suppress(Empty):
            while (left := min(wait, end - time.monotonic())) > 0 and not (line.endswith(END) and written.empty()):
                line = written.get(timeout=left)
                wait = idle_confirm
                if line != END:
                    lines.append(line.removesuffix(END))
        return "\n".join(lines)

    return waiting


def make_quicker() -> None:
    runtime = vars(lambda_runtime)
    if SCRIPT in runtime:
        runtime[SCRIPT] = quicker(runtime[SCRIPT])
    if worker := runtime.get("Worker"):
        setattr(worker, DRAIN, until_end(getattr(worker, DRAIN)))

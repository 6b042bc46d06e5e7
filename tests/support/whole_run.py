"""What a run leaves to be said at its end, about what was noted in all of its processes."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Faults = Callable[[set[str], bool], list[str]]


def is_whole(config: Any) -> bool:
    """True if all tests are asked for, by the folders or by nothing."""
    asked = {Path(arg.partition("::")[0]).resolve() for arg in config.args}
    chosen = config.option.keyword or config.option.markexpr or config.option.deselect or config.option.ignore
    return not chosen and bool(asked & {ROOT, ROOT / "tests"})


class Judge:
    """Workers hand on what was noted in them; whoever started them, or is alone, has the last word.

    `faults` is given that, and whether the run was whole. What it says fails a run that was fine otherwise.
    """

    def __init__(self, config: Any, name: str, noted: set[str], faults: Faults) -> None:
        self._config, self._name, self._noted, self._faults = config, name, noted, faults

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        self._noted.update(getattr(node, "workeroutput", {}).get(self._name, ()))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput[self._name] = sorted(self._noted)
        elif self._is_judged(exitstatus) and (faults := self._faults(self._noted, is_whole(self._config))):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            errors = self._config.pluginmanager.get_plugin("terminalreporter").stats.setdefault("error", [])
            errors += [_report(self._name, fault) for fault in faults]

    def _is_judged(self, exitstatus: int) -> bool:
        """After a test that failed, much is missing; what was recorded is written nevertheless."""
        return exitstatus == pytest.ExitCode.OK or bool(os.environ.get("WRITE_EXAMPLES"))


def _report(name: str, fault: str) -> pytest.TestReport:
    """A fault as an error of the run, so that the last line counts it."""
    return pytest.TestReport(f"end of the run: {name}", ("", None, name), {}, "failed", fault, "setup")

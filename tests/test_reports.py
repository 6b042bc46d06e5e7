"""A worker tells once of a test that passed, and still all of what did not go well."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.environment import ROOT

# What a run inside a test tries: each way in which a test may end. One without cases is skipped.
TESTS = """
import pytest

@pytest.fixture
def broken():
    raise RuntimeError("before")

@pytest.fixture
def breaking():
    yield
    raise RuntimeError("behind")

def test_passes(): pass
def test_fails(): assert not "inside"
@pytest.mark.parametrize("none", [])
def test_is_skipped(none): pass
def test_has_no_beginning(broken): pass
def test_has_no_end(breaking): pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--durations=1",)], ids=["usual", "with durations"])
def test_all_that_did_not_go_well_is_told(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "test_all.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    asked = ["-p", "conftest", "-n", "1", "-rA", f"--rootdir={tmp_path}", *more, str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *asked]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert "1 failed, 2 passed, 1 skipped, 2 errors" in printed
    for what in ("before", "behind", "inside"):
        assert len(re.findall(rf"^E .*{what}", printed, re.MULTILINE)) == 1
    assert printed.count("got empty parameter set") == 1

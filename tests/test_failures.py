"""What of the lines that functions wrote about what failed is a fault of the code."""

import pytest

from tests.support import failures

FAULTS = [
    "followup_failed: KeyError at followup.py:94", "events_failed: Trespass at fence.py:64",
    "[ERROR] Runtime.ImportModuleError", "x_failed: ValueError",
]  # fmt: skip


@pytest.mark.parametrize("line", ["files_failed: Passing at fetch.py:36", "upkeep_failed: Conflict at table.py:267"])
def test_what_passes_is_none(line: str) -> None:
    assert not failures.is_fault(f"/palabre/local/OnFiles {line}")


@pytest.mark.parametrize("line", sorted(failures.PROVOKED))
def test_what_tests_provoke_is_none(line: str) -> None:
    assert not failures.is_fault(f"/palabre/local/OnFollowup {line}:83")


@pytest.mark.parametrize("line", FAULTS)
def test_what_code_does_wrong_is_one(line: str) -> None:
    assert failures.is_fault(f"/palabre/local/OnFollowup {line}")

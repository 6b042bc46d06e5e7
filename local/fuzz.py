"""`make fuzz`: asks the running stack what the API's document allows and forbids, as an owner and as a client.

Schemathesis makes the requests, with all its checks. It is run by uv in a place of its own, as it brings much that
nothing else here needs. Operations that would lock out the one who asks are left out.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from local.environment import ROOT

TOOL = "schemathesis==4.32.5"
WHO = ("owner", "client")
# They end the token that asks, or the rights behind it, so that all after them would be refused.
LEFT_OUT = (
    "end_session", "remove_member", "sign_out_everywhere", "sign_out_member", "suspend_member", "change_member",
    "sign_up", "set_sign_in_provider", "change_role", "remove_role",
)  # fmt: skip


def command(api: str, token: str, agency: str, report: Path, *, seconds: int, seed: int) -> Sequence[str]:
    """How Schemathesis is called; it goes on for so many seconds."""
    left_out = [part for id in LEFT_OUT for part in ("--exclude-operation-id", id)]
    return [
        "run", str(ROOT / "docs" / "openapi.json"), "--url", api, "--checks", "all", "--continue-on-failure",
        "--max-time", str(seconds), "--seed", str(seed), "--report", "ndjson", "--report-ndjson-path", str(report),
        "-H", f"Authorization: Bearer {token}", "-H", f"Palabre-Agency: {agency}", *left_out,
    ]  # fmt: skip


def statuses(lines: Iterable[str]) -> Counter[int]:
    """How often each status was answered, of a report."""
    return Counter(status for line in lines for status in _statuses(json.loads(line)))


def _statuses(part: Any) -> Iterator[int]:
    """Those of all answers in a part of a report, however deep."""
    if isinstance(part, Mapping):
        if isinstance(part.get("status_code"), int):
            yield part["status_code"]
        for inner in part.values():
            yield from _statuses(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _statuses(inner)


def tell(who: str, counted: Counter[int]) -> str:
    """A line about a run."""
    every, fine = counted.total(), sum(count for status, count in counted.items() if status < 300)
    failed = sum(count for status, count in counted.items() if status >= 500 and status != 503)
    return f"{who}: {every} answers, {fine} fine, {failed} failed; {dict(sorted(counted.items()))}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for how long, each of the two")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    place = ROOT / ".local"
    stack = json.loads((place / "stack.json").read_text())
    codes = []
    for who in WHO:
        report = place / f"fuzz-{who}.ndjson"
        asked = command(
            stack["api"], stack["tokens"][who], stack["agency"], report, seconds=given.seconds, seed=given.seed
        )
        uv = str(Path(sys.executable).with_name("uv"))
        codes.append(subprocess.run([uv, "tool", "run", TOOL, *asked], check=False, cwd=place).returncode)
        with report.open() as lines:
            print(tell(who, statuses(lines)))
    sys.exit(max(codes))


if __name__ == "__main__":
    main()

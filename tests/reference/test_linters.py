"""Linters that others use find nothing wrong with the document. `npm install` brings them; else this is skipped."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local import docs
from local.environment import ROOT
from tests.support.thorough import tries

TOOLS = ROOT / "node_modules" / ".bin"
CALLS = {
    "redocly": ["lint", "--extends", "recommended", "--format", "json", str(docs.DOCS / "openapi.json")],
    "spectral": ["lint", "--fail-severity", "warn", "-r", "rules.yaml", str(docs.DOCS / "openapi.json")],
}


# Where Spectral takes a part of a template, which has a `type` and an `example`, for a schema.
TEMPLATES = ("~1templates", "~1templates~1%7Bid%7D", "~1templates~1%7Bid%7D~1submit")
RULES = {
    "extends": "spectral:oas",
    "overrides": [
        {
            "files": [f"**#/paths/{path}" for path in TEMPLATES],
            "rules": {"oas3-valid-schema-example": "off"},
        }
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("linter", tries(["redocly"], list(CALLS)))  # Spectral looks for half a minute
def test_a_linter_finds_nothing(linter: str, tmp_path: Path) -> None:
    if not (TOOLS / linter).exists():
        # A newcomer's machine need not have it; what checks every change installs it (.ci/run).
        pytest.skip(f"{linter} is not there: npm install brings it")
    (tmp_path / "rules.yaml").write_text(json.dumps(RULES))
    env = {**os.environ, "REDOCLY_TELEMETRY": "off"}
    call = [str(TOOLS / linter), *CALLS[linter]]
    done = subprocess.run(call, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[:2000]
    if linter == "redocly":
        assert '"warnings": 0' in done.stdout, done.stdout[:2000]

"""`make` takes the Python of the machine before that of a version manager, whichever comes first on the PATH."""

import os
import subprocess
from pathlib import Path

import pytest

from local.environment import ROOT

# Says who made the environment; all else that it is asked for succeeds.
PYTHON = """#!/bin/sh
[ "$1 $2" = "-m venv" ] && mkdir -p .venv/bin && echo "{name}" > .venv/made_by && cp "$0" .venv/bin/python
exit 0
"""


@pytest.mark.parametrize(("there", "wanted"), [(["shims", "own"], "own"), (["shims"], "shims"), (["own"], "own")])
def test_python_of_the_machine_comes_first(tmp_path: Path, there: list[str], wanted: str) -> None:
    (tmp_path / "requirements-dev.txt").write_text("uv==1\n")
    for name in there:
        (tmp_path / name).mkdir()
        (tmp_path / name / "python3.99").write_text(PYTHON.format(name=name))
        (tmp_path / name / "python3.99").chmod(0o755)
    path = ":".join([*(str(tmp_path / name) for name in there), "/usr/bin", "/bin"])
    env = {**os.environ, "PATH": path, "PYTHONS": "3.99"}
    subprocess.run(["/bin/sh", str(ROOT / "local" / "python.sh")], cwd=tmp_path, env=env, check=True)
    assert (tmp_path / ".venv" / "made_by").read_text().strip() == wanted

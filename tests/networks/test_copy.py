"""A new network touches one folder: `example/`, copied under another name and deployed, works as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local import package
from local.environment import ROOT
from tests.networks.journey import KEY

COPIED = (
    "app.py",
    "chalicelib",
    "docs",
    "infra",
    "local",
    "reference",
    "tests",
    ".chalice",
    "requirements.txt",
    "requirements.lock",
    "pyproject.toml",
)


@pytest.mark.stack
@pytest.mark.timeout(300)
def test_copied_folder_is_a_network(tmp_path: Path) -> None:
    _copy(tmp_path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "AWS_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:randomly", "tests/networks/journey.py"],
        cwd=tmp_path, env={**kept, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]


def _copy(tree: Path) -> None:
    """The product with one more network; what it depends on was gathered already."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    networks = tree / "chalicelib" / "networks"
    shutil.copytree(networks / "example", networks / KEY)
    for path in networks.glob(f"{KEY}/**/*.*"):
        path.write_text(path.read_text().replace("example", KEY).replace("Example", KEY.title()))
    (tree / ".local" / "package").mkdir(parents=True)
    for vendor in package.WORK.glob("vendor-*"):
        (tree / ".local" / "package" / vendor.name).symlink_to(vendor)

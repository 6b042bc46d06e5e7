"""`make lock`: writes the digest of every file of the packages that requirements.txt pins, so that nothing else is
deployed.
"""

import subprocess
import sys
from pathlib import Path

from local.environment import ROOT, tools

HEAD = (
    "# What requirements.txt pins, with the digest of every file of it, made by `make lock`.\n"
    "# What is deployed is installed from here.\n"
)


def main() -> None:
    compiled = ROOT / ".local" / "requirements.lock"
    compiled.parent.mkdir(exist_ok=True)
    uv = str(Path(sys.executable).with_name("uv"))
    options = ["--no-deps", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11"]
    command = [uv, "pip", "compile", "--quiet", *options, str(ROOT / "requirements.txt"), "-o", str(compiled)]
    subprocess.run(command, check=True, env=tools(), stdout=subprocess.DEVNULL)
    (ROOT / "requirements.lock").write_text(HEAD + compiled.read_text())


def pins(text: str) -> list[str]:
    """The pinned versions, as `name==version`, in requirements.txt or in requirements.lock."""
    return sorted(line.split()[0] for line in text.splitlines() if "==" in line and not line.startswith("#"))


if __name__ == "__main__":
    main()

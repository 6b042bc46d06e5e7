"""`make packages`: packs the clients in the form of their registries, into .local/clients/packages.
It publishes none.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from local import clients

FOLDER = clients.WORK / "packages"
# What a package for Go or PHP has no use for.
_BESIDE = shutil.ignore_patterns("templates", "example", "examples", "vendor", "docs", "test", ".openapi-generator*")


def main() -> None:
    missing = clients.made(clients.MAKERS)
    for name, pack in PACKS.items():
        tool = missing.get("python" if name == "cli" else name)
        print(f"  {name}: {f'not packed, there is no {tool} here' if tool else pack(name, FOLDER).name}")


def wheel(name: str, folder: Path) -> Path:
    """For PyPI, with `uv publish`."""
    build = (sys.executable, "-m", "uv", "build", "--quiet", "--system-certs", "--wheel", "-o", str(folder))
    _run(clients.PLACE / name, *build)
    return _newest(folder, f"palabre_{'client' if name == 'python' else name}-*.whl")


def tarball(name: str, folder: Path) -> Path:
    """For npm, with `npm publish`."""
    folder.mkdir(parents=True, exist_ok=True)
    _run(clients.PLACE / name, "npm", "pack", "--silent", "--pack-destination", str(folder))
    return _newest(folder, "palabre-client-*.tgz")


def tree(name: str, folder: Path) -> Path:
    """For a repository of its own: Packagist and Go's proxy take packages from a tag there."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(clients.PLACE / name, place, ignore=_BESIDE)
    return place


def _newest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern), key=lambda path: path.stat().st_mtime)


def _run(place: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


PACKS: Mapping[str, Callable[[str, Path], Path]] = {
    "python": wheel, "cli": wheel, "typescript": tarball, "go": tree, "php": tree,
}  # fmt: skip

if __name__ == "__main__":
    main()

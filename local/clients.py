"""`make clients`: generates each client of the API from its document, into a folder that git ignores, and builds it.

TypeScript and Python need npm and Python; to generate PHP and Go takes Java, and to try them their own tools.
"""

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.environment import ROOT

Json = dict[str, Any]
PLACE = ROOT / "clients"
WORK = ROOT / ".local" / "clients"
PYTHON = WORK / "venv" / "bin" / "python"
DOCUMENT = ROOT / "docs" / "openapi.json"
GENERATED = {
    "python": PLACE / "python" / "src" / "palabre_client" / "generated",
    "go": PLACE / "go" / "api",
    "php": PLACE / "php" / "generated",
}
_CLIENT = re.compile(r'"palabre-client==[^"]*"')  # where the command line names what it is made with
_MADE = {"generated", "api", "dist", "schema.ts", "vendor", "node_modules", "__pycache__"}  # what is no source
_ONLY = "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
_CHOICES = {
    "go": "packageName=api,enumClassPrefix=true,withGoMod=false,disallowAdditionalPropertiesIfNotPresent=false",
    "php": "invokerPackage=Palabre\\Client\\Generated,variableNamingConvention=camelCase",
}
# For Go, a scheme of OAuth2 brings a library, of which nothing would be used: our transport sends the token.
_NORMALIZED = {"go": ("--openapi-normalizer", "SECURITY_SCHEMES_FILTER=key:bearer")}


def main() -> None:
    """Makes the clients whose tools are installed, and prints the missing tools of the others."""
    versions(json.loads(DOCUMENT.read_text())["info"]["version"])
    for name, missing in made(MAKERS).items():
        print(f"  {name}: {f'not made, {missing} is not here' if missing else 'made'}")


def made(names: Iterable[str]) -> dict[str, str]:
    """Makes those clients that are out of date. Gives for each the tool that is missing, or "".

    If another process is making them, it waits.
    """
    WORK.mkdir(parents=True, exist_ok=True)
    with _alone():
        return {name: _made_one(name) for name in names}


def is_made(name: str) -> bool:
    """True if the client is there and up to date."""
    return _stamp(name).exists() and _stamp(name).read_text() == _sources(name)


def _stamp(name: str) -> Path:
    return WORK / f"{name}.digest"


def _made_one(name: str) -> str:
    if is_made(name):
        return ""
    _install()
    missing = MAKERS[name]()
    if not missing:
        _stamp(name).write_text(_sources(name))
    return missing


def _sources(name: str) -> str:
    """A digest of everything that the client and the command line are made from."""
    folders = (PLACE / name, PLACE / "cli")
    every = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    own = [path for path in every if not _MADE & set(path.relative_to(PLACE).parts)]
    paths = [DOCUMENT, Path(__file__), PLACE / "requirements.txt", PLACE / "package.json", *sorted(own)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    with (WORK / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def versions(version: str, place: Path = PLACE) -> None:
    """Gives each package in that folder the version of the document, and makes the command line require exactly that
    client.
    """
    package = place / "typescript" / "package.json"
    settings = json.loads(package.read_text())
    package.write_text(json.dumps({**settings, "version": version}, indent=2, ensure_ascii=False) + "\n")
    composed = place / "php" / "composer.json"
    settings = json.loads(composed.read_text())
    composed.write_text(json.dumps({**settings, "version": version}, indent=4, ensure_ascii=False) + "\n")
    for name in ("python", "cli"):
        project = place / name / "pyproject.toml"
        lines = project.read_text().splitlines()
        settings = "".join(
            f'version = "{version}"\n' if line.startswith("version = ") else f"{line}\n" for line in lines
        )
        project.write_text(_CLIENT.sub(f'"palabre-client=={version}"', settings))


def _install() -> None:
    if not PYTHON.exists():
        _run(ROOT, sys.executable, "-m", "uv", "venv", "--quiet", str(WORK / "venv"))
    install = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--system-certs", "--python", str(PYTHON))
    _run(ROOT, *install, "-r", str(PLACE / "requirements.txt"))
    _run(ROOT, *install, "-e", str(PLACE / "python"), "-e", str(PLACE / "cli"))
    (WORK / "python.yaml").write_text("post_hooks: []\n")


def _python() -> str:
    shutil.rmtree(GENERATED["python"], ignore_errors=True)
    tool = str(PYTHON.with_name("openapi-python-client"))
    options = ("--meta", "none", "--overwrite", "--fail-on-warning", "--config", str(WORK / "python.yaml"))
    source = ("--path", str(DOCUMENT), "--output-path", str(GENERATED["python"]))
    _run(ROOT, tool, "generate", *options, *source)
    return ""


def _typescript() -> str:
    npm = shutil.which("npm")
    if not npm:
        return "npm"
    _run(PLACE, npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent", "--ignore-scripts")
    for step in ("generate", "build"):
        _run(PLACE / "typescript", npm, "run", "--silent", step)
    return ""


def _go() -> str:
    return _by_java("go")


def _php() -> str:
    return _by_java("php")


def _by_java(name: str) -> str:
    java = shutil.which("java")
    if not java:
        return "Java"
    [jar] = (WORK / "venv").rglob("openapi-generator.jar")
    shutil.rmtree(GENERATED[name], ignore_errors=True)
    choices = ("--additional-properties", _CHOICES[name], "--global-property", _ONLY, *_NORMALIZED.get(name, ()))
    short = ("-t", str(PLACE / name / "templates"))  # a head for each file without the document's whole introduction
    source = ("-i", str(DOCUMENT), "-g", name, "-o", str(GENERATED[name]))
    named = ("--model-name-mappings", ",".join(_renamed(DOCUMENT))) if name == "go" else ()
    _run(ROOT, java, "-jar", str(jar), "generate", *source, *short, *choices, *named)
    return ""


def _renamed(document: Path) -> list[str]:
    """A schema New... would get the same name as the function that makes an object of another schema, such as
    `NewReply`.
    """
    names = json.loads(document.read_text())["components"]["schemas"]
    return [f"{name}={name.removeprefix('New')}Input" for name in names if name.startswith("New")]


def _run(place: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


MAKERS: Mapping[str, Callable[[], str]] = {"python": _python, "typescript": _typescript, "go": _go, "php": _php}


if __name__ == "__main__":
    main()

"""The package that is deployed, here and on AWS: the output of `chalice package`, made to start faster.

Dependencies are installed once per requirements.lock, each file checked by its digest, without files that no function
reads. Everything is compiled, without a check of the source's date or hash, because a cold process may not write
bytecode and a zip does not keep times.
"""

import argparse
import fcntl
import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from local.reference import served

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".local" / "package"
SHIPPED = ("app.py", "chalicelib")
# The newest that Lambda, Chalice and the wheels of every dependency take: docs/decisions/0020.
RUNTIME = "3.14"
# Not for Lambda: a network folder's tests, double and documentation, and what makes the API's document.
LEFT_OUT = shutil.ignore_patterns("__pycache__", "fixtures", "tests*.py", "double*.py", "README.md", "openapi.py")
# What no function reads of what the dependencies bring: hints for type checkers are half of stripe.
UNREAD = ("bin", "stripe/params")
SERVICES = ("dynamodb", "sqs", "s3", "kms", "secretsmanager", "ses", "sts", "cognito-idp", "bedrock-runtime")
ARCHITECTURES = {"x86_64": "manylinux2014_x86_64", "arm64": "manylinux2014_aarch64"}


@dataclass(frozen=True)
class Target:
    """What a package is made for: a version of Python on a kind of machine, which pip calls `platform`."""

    python: str
    platform: str
    architecture: str

    @property
    def is_here(self) -> bool:
        """True if it is this Python on this machine."""
        return self == here()


def here() -> Target:
    """This Python on this machine, with which the emulator runs the functions."""
    return Target(f"{sys.version_info[0]}.{sys.version_info[1]}", f"{sys.platform}-{platform.machine()}", "x86_64")


def on_lambda(architecture: str = "x86_64") -> Target:
    """Lambda's runtime. Raises SystemExit for an architecture that Lambda does not have."""
    if architecture not in ARCHITECTURES:
        raise SystemExit(f"ARCH is {architecture!r}: Lambda has {' and '.join(ARCHITECTURES)}.")
    return Target(RUNTIME, ARCHITECTURES[architecture], architecture)


def build(stage: str = "prod", target: Target | None = None) -> Path:
    """The folder with `sam.yaml` and `deployment.zip` of the present source; made again only if something changed."""
    target = target or on_lambda()
    with alone("package"):
        vendor = _vendor(target)
        out = WORK / f"{stage}-{_digest(_sources())}-{vendor.name}"
        if not (out / "sam.yaml").exists():
            _make(stage, vendor, target).rename(out)
            _forget(stage, out)
    return out


@contextmanager
def alone(work: str) -> Iterator[None]:
    """Lets only one process at a time do this in the folder: a running stack, the tests and `make package` may all want
    to.
    """
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / f"{work}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget(stage: str, newest: Path) -> None:
    """Deletes packages that are an hour older than the newest: every change leaves 13 MB."""
    edge = newest.stat().st_mtime - 3600
    for path in WORK.glob(f"{stage}-*"):
        if path.stat().st_mtime < edge:
            shutil.rmtree(path, ignore_errors=True)


def _make(stage: str, vendor: Path, target: Target) -> Path:
    """A new folder with the template and the archive."""
    project = WORK / "project"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, project / name)
    if not target.is_here:
        shutil.rmtree(project / "chalicelib" / "networks" / "example")  # nobody's network: for tests and as a pattern
    shutil.copytree(ROOT / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    # Apart from us, who may have been running for long: what makes it may have changed as well.
    _run([sys.executable, "-m", "local.reference.served", str(project / "chalicelib" / "reference" / "made")], ROOT)
    (project / "requirements.txt").write_text("")
    made = WORK / "made"
    shutil.rmtree(made, ignore_errors=True)
    chalice, template = Path(sys.executable).with_name("chalice"), WORK / "resources.yaml"
    template.write_text(_resources())
    _run([str(chalice), "package", "--stage", stage, "--merge-template", str(template), str(made)], project)
    _retarget(made / "sam.yaml", target)
    _fill(made / "deployment.zip", vendor, target)
    return made


def _retarget(template: Path, target: Target) -> None:
    """Chalice writes the Python that runs it and no architecture; the functions run on the target's."""
    text = re.sub(r"(?m)^( +)Runtime: python\S+$", rf"\1Runtime: python{target.python}", template.read_text())
    text = re.sub(r"(?m)^( +)Architectures:\n +- \w+$", r"\1Architectures: [{Ref: Architecture}]", text)
    template.write_text(text)


def _resources() -> str:
    """The files of infra/ merged into one, as Chalice takes only one; merged in its own way."""
    from chalice.package import TemplateDeepMerger, YAMLTemplateSerializer

    reader = YAMLTemplateSerializer()
    whole: dict[str, Any] = {}
    for path in _templates():
        whole = TemplateDeepMerger().merge(reader.load_template(path.read_text()), whole)
    text: str = reader.serialize_template(whole)
    return text


def _templates() -> list[Path]:
    """The files that are merged into the template: some written by hand, some generated from infra/functions.yaml."""
    infra = ROOT / "infra"
    return [infra / "resources.yaml", infra / "alarms.yaml", *sorted((infra / "made").glob("*.yaml"))]


def fingerprint() -> str:
    """Changes whenever the package to be deployed would change."""
    return _digest([*_sources(), ROOT / "requirements.lock", Path(__file__)])


def _vendor(target: Target) -> Path:
    """The dependencies, installed, trimmed and compiled."""
    requirements = ROOT / "requirements.lock"
    folder = WORK / f"vendor-{_digest([requirements, Path(__file__)])}-{target.python}-{target.platform}"
    if folder.exists():
        return folder
    fresh = WORK / "vendor"
    shutil.rmtree(fresh, ignore_errors=True)
    elsewhere = ["--platform", target.platform, "--implementation", "cp", "--python-version", target.python]
    options = [] if target.is_here else elsewhere
    _run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "--no-compile",
         "--only-binary=:all:", *options,
         "--disable-pip-version-check", "--target", str(fresh), "-r", str(requirements)],
        ROOT,
    )  # fmt: skip
    _trim(fresh)
    _compile(fresh, target)
    fresh.rename(folder)
    return folder


def _trim(vendor: Path) -> None:
    """Deletes what no function reads: other services' descriptions, examples, tests, other clouds' addresses."""
    described = vendor / "botocore" / "data"
    for folder in described.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    drop(vendor, UNREAD)
    for path in [*described.rglob("examples-*"), *(vendor / "boto3").glob("examples")]:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    for path in (vendor / "boto3" / "data").iterdir():
        if path.is_dir() and path.name not in SERVICES:
            shutil.rmtree(path)
    endpoints = described / "endpoints.json"
    kept = json.loads(endpoints.read_text())
    for partition in kept["partitions"]:
        partition["services"] = {name: entry for name, entry in partition["services"].items() if name in SERVICES}
    endpoints.write_text(json.dumps(kept, separators=(",", ":")))


def drop(folder: Path, names: tuple[str, ...]) -> None:
    """Deletes these folders, as far as they exist."""
    for name in names:
        shutil.rmtree(folder / name, ignore_errors=True)


def _fill(archive: Path, vendor: Path, target: Target) -> None:
    """Writes the archive again: Chalice's files, compiled, and the dependencies; the same input
    gives the same bytes.
    """
    content = archive.parent / "content"
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(content)
    _compile(content, target)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for root in (content, vendor):
            for path in sorted(path for path in root.rglob("*") if path.is_file()):
                entry = zipfile.ZipInfo(str(path.relative_to(root)), (1980, 1, 1, 0, 0, 0))
                entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
                zipped.writestr(entry, path.read_bytes())
    shutil.rmtree(content)


@cache
def interpreter(version: str) -> str | None:
    """A Python of that version: this one, another one on this machine, or one that uv installs;
    None if there is none.
    """
    if version == here().python:
        return sys.executable
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "python", "install", "--quiet", version], capture_output=True, check=False)
    answer = subprocess.run([uv, "python", "find", version], capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else None


def _compile(folder: Path, target: Target) -> None:
    """Bytecode works for one version of Python only; if that version is not here, the package has none and starts
    slowly.
    """
    python = interpreter(target.python)
    if python is None:
        print(f"No Python {target.python} can be had here: cold starts will take three times as long.", file=sys.stderr)
        return
    _run(
        [python, "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash", str(folder),
         "-s", str(folder)],
        ROOT,
        fails=True,
    )  # fmt: skip


def _sources() -> Iterator[Path]:
    yield from _templates()
    yield from (ROOT / ".chalice").glob("*.json")
    yield ROOT / "local" / "package.py"
    yield from served.sources()
    yield ROOT / "app.py"
    shipped = (path for path in (ROOT / "chalicelib").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    yield from (path for path in shipped if not path.name.startswith(("tests", "double")))


def _digest(paths: "Iterator[Path] | list[Path]") -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def _run(command: list[str], folder: Path, *, fails: bool = False) -> None:
    """Prints the output only if the command failed. With `fails` a failure is allowed: some files
    cannot be compiled.
    """
    from local.environment import tools

    done = subprocess.run(command, cwd=folder, env=tools(), capture_output=True, text=True, check=False)
    if done.returncode and not fails:
        raise SystemExit(f"{' '.join(command[:5])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--native", action="store_true", help="for this machine, not for Lambda's")
    parser.add_argument("--arch", default="x86_64", help="of Lambda's machines: x86_64 or arm64")
    given = parser.parse_args()
    print(build(given.stage, here() if given.native else on_lambda(given.arch or "x86_64")))

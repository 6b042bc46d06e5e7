"""Cold starts: fresh processes of this Python, turn by turn."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from benchmarks import figure
from benchmarks.figure import Figure
from local import environment, package

STARTS = 11
IMPORT = """
import json, sys, time
began = time.process_time()
import {}
print(json.dumps([time.process_time() - began, "stripe" in sys.modules]))
"""
OURS = "import app; from chalicelib.store import table; table.connection().client"
PLAIN = "import app; app.boto3.client('dynamodb')"
PLAIN_APP = """
import boto3
from chalice import Chalice

app = Chalice(app_name="plain")


@app.route("/")
def index():
    return {}
"""
PLAIN_NEEDS = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
Seconds = Callable[[], float]


def figures() -> list[Figure]:
    """What importing costs, and what a new process costs until it can speak to the table."""
    return [_import(), _start()]


def _import() -> Figure:
    stripe = False

    def importing(modules: str, env: Mapping[str, str]) -> float:
        nonlocal stripe
        seconds, has_stripe = json.loads(_run([sys.executable, "-c", IMPORT.format(modules)], env))
        stripe = stripe or has_stripe
        return float(seconds) * 1000

    with tempfile.TemporaryDirectory() as bytecode:
        env = {**environment.tools(), "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
        ours, bare = _by_turns(lambda: importing("app", env), lambda: importing("chalice, boto3", env))
        whole, _ = _by_turns(lambda: importing("app, chalicelib.screens.routes", env), lambda: 0.0)
    return Figure(
        "CPU of a cold import of app.py, above that of chalice and boto3 "
        f"(bytecode present; {round(whole - bare)} ms with what the API loads while it starts)",
        round(ours - bare, 1), "ms", round(bare, 1), round(ours / bare, 3), "<= 100 ms, no stripe",
        ours - bare <= 100 and not stripe,
    )  # fmt: skip


def _start() -> Figure:
    def starting(code: str, content: Path) -> float:
        command = [sys.executable, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, sys.argv[1]); {code}"]
        began = time.perf_counter()
        _run([*command, str(content)], {**environment.tools(), **environment.NOWHERE})
        return (time.perf_counter() - began) * 1000

    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder, "ours"), Path(folder, "plain")
        shutil.unpack_archive(package.build("bench", package.here()) / "deployment.zip", ours)
        shutil.unpack_archive(_plain(), plain)
        medians = _by_turns(lambda: starting(OURS, ours), lambda: starting(PLAIN, plain))
    name = (
        "Cold process over the unzipped package, to its first DynamoDB client / chalice and boto3 by `chalice package`"
    )
    return figure.ratio(name, *medians, 0.5)


def _plain() -> Path:
    """The package of an app that is nothing but chalice and boto3, in the versions pinned here."""
    every = (environment.ROOT / "requirements.txt").read_text().splitlines()
    pins = "\n".join(line for line in every if line.partition("==")[0] in PLAIN_NEEDS)
    project = environment.ROOT / ".local" / "benchmarks" / "plain"
    archive = project / "made" / "deployment.zip"
    if archive.exists() and (project / "requirements.txt").read_text() == pins:
        return archive
    shutil.rmtree(project, ignore_errors=True)
    (project / ".chalice").mkdir(parents=True)
    (project / ".chalice" / "config.json").write_text('{"version": "2.0", "app_name": "plain"}')
    (project / "app.py").write_text(PLAIN_APP)
    (project / "requirements.txt").write_text(pins)
    _run([str(Path(sys.executable).with_name("chalice")), "package", "made"], environment.tools(), project)
    return archive


def _by_turns(first: Seconds, second: Seconds) -> tuple[float, float]:
    """The medians of both; the first of each only warms up."""
    pairs = [(first(), second()) for _ in range(STARTS + 1)][1:]
    return median(left for left, _ in pairs), median(right for _, right in pairs)


def _run(command: list[str], env: Mapping[str, str], folder: Path | None = None) -> str:
    where = folder or tempfile.gettempdir()
    done = subprocess.run(command, env=env, cwd=where, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} failed:\n{done.stderr[-2000:]}")
    return done.stdout

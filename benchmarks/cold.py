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
SAID = "import json, sys, time; began = time.process_time(); import {}; "
SAID += "print(json.dumps([time.process_time() - began, 'stripe' in sys.modules]))"
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
BROUGHT = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
NEEDED = ("STAGE", "TABLE", "BUCKET", "KEY", "USER_POOL", "USER_POOL_CLIENT")
NAMES = dict.fromkeys((*NEEDED, "INBOUND_QUEUE", "OUTBOX_QUEUE", "FOLLOWUP_QUEUE"), "none")


def figures() -> list[Figure]:
    """What importing costs, and what a new process costs until it could speak to the table."""
    return [*_imports(), _processes()]


def _imports() -> list[Figure]:
    with tempfile.TemporaryDirectory() as bytecode:
        env = {**environment.tools(), "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
        stripe = []

        def seconds(modules: str) -> float:
            taken, found = json.loads(_run([sys.executable, "-c", SAID.format(modules)], env))
            stripe.append(found)
            return float(taken)

        ours, bare = _by_turns(lambda: seconds("app"), lambda: seconds("chalice, boto3"))
    more = (ours - bare) * 1000
    name = "CPU of a cold import of app.py, above that of chalice and boto3 (bytecode present, stripe absent)"
    inside = more <= 100 and not any(stripe)
    floor, times = round(bare * 1000, 1), round(ours / bare, 3)
    return [Figure(name, round(more, 1), "ms", floor, times, "<= 100 ms, no stripe", inside)]


def _processes() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = Path(folder, "ours"), Path(folder, "plain")
        shutil.unpack_archive(package.build("bench", native=True) / "deployment.zip", ours)
        shutil.unpack_archive(_plain(), bare)

        def seconds(code: str, content: Path) -> float:
            command = [sys.executable, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, sys.argv[1]); {code}"]
            began = time.perf_counter()
            _run([*command, str(content)], {**environment.tools(), **NAMES})
            return time.perf_counter() - began

        found = _by_turns(lambda: seconds(OURS, ours), lambda: seconds(PLAIN, bare))
    name = "A cold process over the unzipped package, to its first DynamoDB client / chalice and boto3 alone"
    return figure.ratio(name, found[0] * 1000, found[1] * 1000, 0.5)


def _plain() -> Path:
    """The package of an app that is nothing but chalice and boto3, as `chalice package` makes it."""
    wanted = tuple(f"{name}==" for name in BROUGHT)
    lines = (environment.ROOT / "requirements.txt").read_text().splitlines()
    pins = [line for line in lines if line.startswith(wanted)]
    project = environment.ROOT / ".local" / "benchmarks" / "plain"
    made = project / "made" / "deployment.zip"
    if made.exists() and (project / "requirements.txt").read_text() == "\n".join(pins):
        return made
    shutil.rmtree(project, ignore_errors=True)
    (project / ".chalice").mkdir(parents=True)
    (project / ".chalice" / "config.json").write_text('{"version": "2.0", "app_name": "plain"}')
    (project / "app.py").write_text(PLAIN_APP)
    (project / "requirements.txt").write_text("\n".join(pins))
    _run([str(Path(sys.executable).with_name("chalice")), "package", "made"], environment.tools(), project)
    return made


def _by_turns(first: Callable[[], float], second: Callable[[], float]) -> tuple[float, float]:
    first(), second()
    pairs = [(first(), second()) for _ in range(STARTS)]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


def _run(command: list[str], env: Mapping[str, str], folder: Path | None = None) -> str:
    done = subprocess.run(
        command, env=dict(env), cwd=folder or tempfile.gettempdir(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr[-2000:]}")
    return done.stdout

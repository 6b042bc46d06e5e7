"""Dynoxide: DynamoDB in one binary that reports consumed capacity as AWS does. Installed by npm when first needed."""

import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import urllib3

from local import environment, ports, yaml_files

_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_DEFINITION = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
# It looks for the newest record of a stream at each write, and for the next ones at each read, without an index.
_INDEXES = (
    "CREATE INDEX newest ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
    "CREATE INDEX next ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER))",
)
# Tries until it listens, for about ten seconds; any answer will do.
STARTING = urllib3.Retry(connect=60, backoff_factor=0.01, backoff_max=0.2)


def binary() -> Path:
    """Where it is, once it is installed at the version package.json pins."""
    package = f"@dynoxide/{platform.system().lower()}-{_MACHINES.get(platform.machine().lower(), 'unknown')}"
    path = environment.ROOT / "node_modules" / package / "dynoxide"
    if not path.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("The benchmarks install Dynoxide with npm, which is not there.")
        subprocess.run([npm, "install", "--no-package-lock", "--silent"], cwd=environment.ROOT, check=True)
    if not path.exists():
        raise SystemExit(f"npm has no {package}: the benchmarks do not run on this machine.")
    return path


@contextmanager
def running(file: Path | None = None) -> Iterator[str]:
    """An empty one in memory, or in that new file, on a port of its own; gives its address."""
    port = ports.free()
    kept = ("--db-path", str(file)) if file else ()
    child = subprocess.Popen(
        [str(binary()), "--port", str(port), *kept], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        try:
            urllib3.request("GET", address, retries=STARTING)
        except urllib3.exceptions.MaxRetryError:
            raise SystemExit("Dynoxide did not start.") from None
        yield address
    finally:
        child.terminate()
        child.wait()


def create(endpoint: str, name: str, *, stream_in: Path | None = None) -> None:
    """The table as infra/resources.yaml defines it, under that name; with its stream if one runs in a file."""
    properties = yaml_files.template(environment.ROOT / "infra" / "resources.yaml")["Resources"]["Table"]["Properties"]
    definition = {key: properties[key] for key in _DEFINITION if key in properties}
    if stream_in:
        definition["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
        with closing(sqlite3.connect(stream_in)) as database:
            for index in _INDEXES:
                database.execute(index)
    environment.client("dynamodb", endpoint).create_table(TableName=name, **definition)

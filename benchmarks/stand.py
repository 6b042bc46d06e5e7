"""What is measured on: the deployed stack on the emulator, its table on Dynoxide, and fresh processes beside it."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TypeVar

from benchmarks import dynoxide
from local import environment, ports
from local.cloud import Platform

LOGS = environment.ROOT / ".local" / "benchmarks"
TABLE = "AWS_ENDPOINT_URL_DYNAMODB"
P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def stack(waiting: Sequence[str] = ("InboundQueue",), *, stream: bool = False) -> Iterator[Mapping[str, Any]]:
    """The whole product, but with its table on Dynoxide. Gives the content of stack.json.

    What is in the `waiting` queues waits: the benchmark that measures it takes it from there. With `stream`, the table
    has one, which nobody reads but the benchmark, and is kept in a file.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.sqlite" if stream else None
        with dynoxide.running(file) as table:
            yield from _deployed(table, waiting, file)


def _deployed(table: str, waiting: Sequence[str], stream_in: Path | None) -> Iterator[Mapping[str, Any]]:
    platform = Platform(ports.free(), LOGS)
    try:
        platform.start()
        platform.deploy()
        dynoxide.create(table, platform.outputs["Table"], stream_in=stream_in)
        _rewire(platform.client("lambda"), table, [platform.outputs[name].rpartition("/")[2] for name in waiting])
        with environ({TABLE: table}):
            yield platform.seed()
    finally:
        platform.stop()


def _rewire(functions: Any, table: str, waiting: Sequence[str]) -> None:
    for function in functions.list_functions()["Functions"]:
        variables = {**function["Environment"]["Variables"], TABLE: table}
        functions.update_function_configuration(
            FunctionName=function["FunctionName"], Environment={"Variables": variables}
        )
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        if mapping["EventSourceArn"].rpartition(":")[2] in waiting:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)


@contextmanager
def environ(more: Mapping[str, str]) -> Iterator[None]:
    """Sets these variables, for this process and those it starts, and restores the environment at the end."""
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def apart() -> Iterator["Apart"]:
    """Starts a fresh process, with the environment that this one has now."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_quiet) as pool:
        yield Apart(pool)


def _quiet() -> None:
    """Log lines are made as usual, but not printed."""
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives


class Apart:
    """Runs functions in another process, one after the other."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def __call__(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return self.begin(work, *args, **named).result()

    def begin(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> Future[T]:
        """Starts the function and does not wait for its result."""
        return self._pool.submit(work, *args, **named)

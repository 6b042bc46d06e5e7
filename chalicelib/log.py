"""The log: one structured line per invocation, and counters for what should not happen.

Fields hold ids, codes and numbers; never a message's text, a name, a telephone number, a token or a signature.
"""

import logging
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import settings

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

NAMESPACE = "Palabre"
# The standard library raises for a field of such a name.
_RESERVED = {*vars(logging.makeLogRecord({})), "message", "asctime"}
Field = str | int | float | bool | None


@cache
def _logger() -> "Logger":
    from aws_lambda_powertools import Logger

    return Logger(service="palabre", level="INFO", log_uncaught_exceptions=False)


def line(event: str, /, **fields: Field) -> None:
    """Logs a line. A field with a name that the logger keeps for itself gets a `_` at the end of its name."""
    _logger().info(event, extra=_without_clashes(fields))


def _without_clashes(fields: Mapping[str, Field]) -> dict[str, Field]:
    return {f"{name}_" if name in _RESERVED else name: value for name, value in fields.items()}


def problem(event: str, error: BaseException, /, **fields: Field) -> None:
    """Logs an error: its type and where it was raised, but not its message, which may quote somebody's input."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
    _logger().error(event, extra={**_without_clashes(fields), "error": type(error).__name__, "where": where})


def count(name: str, **dimensions: str) -> None:
    """Adds 1 to a metric that an alarm may watch: once for the whole stage, and once with these dimensions."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    stage = {"stage": settings.get().stage}
    for tags in (stage, {**stage, **dimensions}):
        with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
            for key, value in tags.items():
                metric.add_dimension(key, value)

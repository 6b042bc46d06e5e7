"""Answers as spreadsheets: comma-separated values (RFC 4180) that Excel opens in the right encoding."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MIME = "text/csv"
_DIGEST_BYTES = 9
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Sheet:
    """A sheet's text, and the name of its file without `.csv`."""

    name: str
    text: str

    @property
    def headers(self) -> dict[str, str | list[str]]:
        """With these headers browsers save the answer as a file."""
        as_file = f'attachment; filename="{self.name}.csv"'
        digest = hashlib.blake2b(self.text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
        return {"Content-Type": f"{MIME}; charset=utf-8", "Content-Disposition": as_file, "ETag": f'W/"{digest}"'}


def sheet(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """A text that a spreadsheet program would take for a formula gets a `'` before it."""
    return Sheet(name, head(columns) + lines(columns, rows))


def head(columns: Sequence[str]) -> str:
    """The first line of a sheet, with the byte order mark by which Excel recognises UTF-8."""
    return _BYTE_ORDER_MARK + _as_csv([columns])


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows without the head, to continue a sheet."""
    return _as_csv([_cell(row[column]) for column in columns] for row in rows)


def _as_csv(rows: Iterable[Sequence[Any]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value

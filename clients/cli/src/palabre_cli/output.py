"""What is written: JSON, or a table for who reads it."""

import json
from collections.abc import Sequence
from typing import Any

import click

Json = dict[str, Any]


def show(shown: Any, form: str, columns: Sequence[str] = ()) -> None:
    """`columns` are those of a table, with points where they lie deeper."""
    if form == "json":
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    rows = shown if isinstance(shown, list) else [shown]
    names = columns or [name for name, value in (rows[0] if rows else {}).items() if not isinstance(value, dict | list)]
    table = Table(*(name.rpartition(".")[2] for name in names))
    for row in rows:
        table.add_row(*(_text(_at(row, name)) for name in names))
    Console().print(table)


def _at(row: Json, name: str) -> Any:
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ok" if value else "WRONG"
    return "" if value is None else str(value)

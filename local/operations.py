"""Which module declares which operation of the API, for `make docs`. A process loads only what it is asked for."""

from importlib import import_module
from pathlib import Path

from local.environment import ROOT

FILE = Path("chalicelib") / "api" / "operations.py"
HEAD = '''"""Which module declares which operation: verb, path below /v1, module, and whether it is for everybody.

Made by `make docs`; a test compares it with what is declared.
"""

OPERATIONS = (
'''


def text() -> str:
    """The module, made of all that is declared anywhere."""
    from chalicelib.api import http

    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        if "\n@route(" in path.read_text():
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    rows = [
        (route.verb, route.path, route.view.__module__.removeprefix("chalicelib."), route.public)
        for route in http.ROUTES
    ]
    lines = (f"    ({', '.join(_quoted(part) for part in row)}),\n" for row in sorted(rows, key=lambda row: row[1::-1]))
    return f"{HEAD}{''.join(lines)})\n"


def _quoted(part: object) -> str:
    return f'"{part}"' if isinstance(part, str) else str(part)

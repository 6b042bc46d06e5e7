"""The background work: one module per Lambda function that a queue, the stream or a schedule calls."""

from importlib import import_module
from importlib.util import find_spec

# Those functions whose work is not here. Most requests of the API ask for what screens show.
ELSEWHERE = {
    "app": "screens.routes", "on_hook": "transport.hooks", "on_stripe": "billing.hooks", "on_upkeep": "upkeep.tasks",
}  # fmt: skip


def load(function: str) -> None:
    """Imports the module of that function of app.py while the process starts, when Lambda gives it a whole core."""
    name = function.removeprefix("on_")
    if function in ELSEWHERE:
        import_module(f"chalicelib.{ELSEWHERE[function]}")
    elif name and find_spec(f"{__name__}.{name}"):
        import_module(f"{__name__}.{name}")

"""What it takes to read what each network posts, beside reading its JSON alone."""

import json
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import figure
from benchmarks.figure import Figure
from benchmarks.lists import cpu_ms
from chalicelib import networks
from chalicelib.networks.base import Network

ROUNDS, REPEATS, MOST_TIMES = 15, 40, 3.0
FOLDER = Path(networks.__file__).parent


def figures() -> list[Figure]:
    """For each network that posts the CPU per event of its fixtures, beside `json.loads` of a body."""
    posting = [network for key in networks.names() if (network := networks.get(key)) and not network.play]
    return [
        figure.limit(
            f"CPU per event that {network.name} posts, beside the JSON of a body", times(network), MOST_TIMES, "x"
        )
        for network in posting
        if network.capabilities.surfaces
    ]


def times(network: Network) -> float:
    bodies = [path.read_bytes() for path in sorted((FOLDER / network.key / "fixtures").glob("*.json"))]
    values = [json.loads(body) for body in bodies]

    def alone() -> None:
        for body in bodies * REPEATS:
            json.loads(body)

    def read() -> None:
        for value in values * REPEATS:
            for _ in network.parse(value):
                pass

    events = sum(len(list(network.parse(value))) for value in values) / len(values)
    rounds = [(cpu_ms(partial(read)), cpu_ms(partial(alone))) for _ in range(ROUNDS)]
    return median(parsed / loaded for parsed, loaded in rounds) / events

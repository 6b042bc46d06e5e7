"""The networks: the folder listing is the registry, so a new network touches its own folder and nothing else."""

import pkgutil
from functools import cache
from importlib import import_module

from chalicelib.networks.base import Network


@cache
def names() -> tuple[str, ...]:
    """The keys of all networks, sorted, `example` included; a folder whose name begins with `_` is shared code."""
    return tuple(sorted(name for _, name, package in pkgutil.iter_modules(__path__) if package and name[0] != "_"))


@cache
def get(key: str) -> Network | None:
    """The network of that key, imported on first use; None if there is no such network."""
    if key not in names():
        return None
    network: Network = import_module(f"{__name__}.{key}").NETWORK
    return network

"""Every model of the table."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from chalicelib.store import models
from chalicelib.store.items import Item, Listed


def _below(model: type[Item]) -> Iterator[type[Item]]:
    for child in model.__subclasses__():
        yield child
        yield from _below(child)


for _module in iter_modules(models.__path__, f"{models.__name__}."):
    import_module(_module.name)
MODELS = sorted({model for model in _below(Item) if model is not Listed}, key=lambda model: model.__name__)

"""Reads our own YAML files with libyaml, which needs a tenth of the time; where it is missing, with Python."""

from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # whoever had to build PyYAML may have no libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


class _Template(Loader):
    """Reads a template; CloudFormation's functions become None."""


_Template.add_multi_constructor("!", lambda loader, suffix, node: None)


def read(path: Path) -> Any:
    """The plain values in the file."""
    return yaml.load(path.read_text(), Loader=Loader)


def template(path: Path) -> Any:
    """A template as it is written; CloudFormation's functions become None."""
    loader = _Template(path.read_text())
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()

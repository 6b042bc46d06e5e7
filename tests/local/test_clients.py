"""The packages of the clients have the version of the API's document, and each goes on being called what it is."""

import json
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local import clients

NAMED = {
    "python/pyproject.toml": "palabre-client", "cli/pyproject.toml": "palabre-cli",
    "typescript/package.json": "@palabre/client", "php/composer.json": "palabre/client",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for path in NAMED:
        (tmp_path / path).parent.mkdir()
        shutil.copy(clients.PLACE / path, tmp_path / path)
    return tmp_path


def described(path: Path) -> Mapping[str, Any]:
    text = path.read_text()
    described: Mapping[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)["project"]
    return described


@pytest.mark.parametrize("path", NAMED)
def test_each_gets_the_version_and_keeps_its_name(place: Path, path: str) -> None:
    clients.versions("9.8.7", place)
    package = described(place / path)
    assert (package["name"], package["version"]) == (NAMED[path], "9.8.7")


def test_the_command_line_wants_the_client_of_its_version(place: Path) -> None:
    clients.versions("9.8.7", place)
    assert "palabre-client==9.8.7" in described(place / "cli" / "pyproject.toml")["dependencies"]


def test_what_is_kept_has_the_version_of_the_document(place: Path) -> None:
    clients.versions(json.loads(clients.DOCUMENT.read_text())["info"]["version"], place)
    assert {path: (place / path).read_text() for path in NAMED} == {
        path: (clients.PLACE / path).read_text() for path in NAMED
    }

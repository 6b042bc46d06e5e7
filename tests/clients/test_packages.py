"""The packages of the clients are of the document's version, and have the whole API."""

import json
import re
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from local import client_packages, clients
from local.reference import trees

DOCUMENT = json.loads(clients.DOCUMENT.read_text())


def operations(language: str) -> set[str]:
    """The names of the operations that a client has, without what languages write differently."""
    folder = clients.GENERATED[language]
    if language == "python":
        return {path.stem.replace("_", "") for path in folder.glob("api/*/*.py")}
    files, pattern = {
        "go": (folder.glob("api_*.go"), r"^func \(a \*\w+APIService\) (\w+)\(ctx "),
        "php": (folder.glob("lib/Api/*.php"), r"^    public function (\w+)\("),
    }[language]
    return {name.lower() for path in files for name in re.findall(pattern, path.read_text(), re.MULTILINE)}


def test_packages_have_the_version_of_the_document() -> None:
    version = DOCUMENT["info"]["version"]
    for name in ("python", "cli"):
        assert tomllib.loads((clients.PLACE / name / "pyproject.toml").read_text())["project"]["version"] == version
    for package in ("typescript/package.json", "php/composer.json"):
        assert json.loads((clients.PLACE / package).read_text())["version"] == version


@pytest.mark.slow
@pytest.mark.parametrize("language", ["python", "go", "php"])
@pytest.mark.usefixtures("missing")
def test_a_client_has_every_operation_of_the_document(language: str) -> None:
    if not clients.is_made(language):
        # The suite makes those that need no other toolchain; `make check` makes them all.
        pytest.skip(f"The client for {language} is not made here: make clients")
    names = {operation["operationId"].replace("_", "") for operation in trees.operations(DOCUMENT)}
    assert sorted(names - operations(language)) == []


def names_in(package: Path) -> set[str]:
    if package.suffix == ".tgz":
        with tarfile.open(package) as opened:
            return set(opened.getnames())
    with zipfile.ZipFile(package) as wheel:
        return set(wheel.namelist())


# What whoever installs it needs: by hand, and generated.
PACKED = {
    "python": ("palabre_client/transport.py", "palabre_client/generated/api/replies/show_reply.py"),
    "cli": ("palabre_cli/main.py", "palabre_cli/listen.py"),
    "typescript": ("package/dist/index.js", "package/dist/schema.d.ts"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKED)
def test_package_has_what_is_needed_and_the_version_of_the_document(
    name: str, missing: Mapping[str, str], tmp_path: Path
) -> None:
    if tool := missing.get("python" if name == "cli" else name):
        # npm is wanted by nothing else here.
        pytest.skip(f"{name} is not packed: {tool} is not here.")
    package = client_packages.PACKS[name](name, tmp_path)
    assert DOCUMENT["info"]["version"] in package.name
    assert set(PACKED[name]) - names_in(package) == set()


@pytest.mark.parametrize("name", ["go", "php"])
def test_a_folder_for_a_repository_has_no_more_than_the_package(name: str, tmp_path: Path) -> None:
    place = client_packages.PACKS[name](name, tmp_path)
    assert {path.name for path in place.iterdir()} - {"generated", "api"} == {
        "go": {"client.go", "go.mod"}, "php": {"composer.json", "src"},
    }[name]  # fmt: skip


def test_what_is_called_new_is_called_otherwise_where_that_makes_one() -> None:
    assert "NewReply=ReplyInput" in clients._renamed(clients.DOCUMENT)

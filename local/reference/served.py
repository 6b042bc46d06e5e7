"""The files about the API that it serves itself, made from docs/ and reference/ when it is packaged.

In them `{{api}}` stands for the address of the API that serves them, `{{sign_in}}` for where its people sign in.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chalicelib.api import schemes
from chalicelib.reference.files import API, SIGN_IN
from local.environment import ROOT
from local.reference import guides, llms, operations_page, problem_pages, problems, releases, trees

DOCUMENT = ROOT / "docs" / "openapi.json"
STYLE = ROOT / "reference" / "page.css"


def write(folder: Path) -> None:
    for name, text in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def sources() -> Iterator[Path]:
    """The files that they are made from."""
    yield DOCUMENT
    yield STYLE
    yield from guides.sources()
    yield from releases.PLACE.glob("*.json")
    yield from operations_page.sources()
    yield from problems.PLACE.glob("*.yaml")
    yield problems.REFUSED
    yield from (ROOT / "local" / "reference").glob("*.py")


def files() -> dict[str, str]:
    """The text of every file, by its name."""
    styles = {hashed(path.name, path.read_text()): path.read_text() for path in (STYLE, operations_page.STYLE)}
    style, beside = styles
    scripts = {hashed(name, text): text for name, text in operations_page.scripts().items()}
    document = json.loads(DOCUMENT.read_text())
    return {
        "openapi.json": _small(of_the_stack(document)),
        "problems.json": _small(problems.catalogue()),
        **{f"docs/{name}": text for name, text in {**styles, **scripts}.items()},
        **operations_page.files(beside, list(scripts)),
        **problem_pages.files(style),
        **guides.files(style),
        **llms.files(document),
        **releases.files(releases.changelog(document), style),
    }


def hashed(name: str, text: str) -> str:
    """The name with a digest of the content: new content gets a new name, so a browser may cache the file for ever."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(text.encode()).hexdigest()[:10]}.{ending}"


def of_the_stack(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the addresses of the stack that serves it."""
    page = {**trees.copied(document), "servers": [{"url": f"{API}/v1"}]}
    flow = page["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    for name in schemes.ADDRESSES:
        flow[name] = flow[name].replace(schemes.SIGN_IN, SIGN_IN)
    return page


def _small(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""The page on which operations are read and tried: Scalar, which is in reference/scalar, with a sign-in button."""

import gzip
from collections.abc import Mapping
from pathlib import Path

from chalicelib.reference.files import API
from local.environment import ROOT
from local.reference import pages

FOLDER = ROOT / "reference" / "scalar"
SCALAR = FOLDER / "standalone-1.46.4.js.gz"
SCRIPT = ROOT / "reference" / "docs.js"
STYLE = ROOT / "reference" / "docs.css"


def sources() -> list[Path]:
    return [SCALAR, SCRIPT, STYLE]


def scripts() -> Mapping[str, str]:
    """The scripts that the page loads, by the names that they have before a digest is added."""
    return {"scalar.js": gzip.decompress(SCALAR.read_bytes()).decode(), "docs.js": SCRIPT.read_text()}


def files(style: str, scripts: list[str]) -> dict[str, str]:
    """The page, and the page to which a sign-in leads back; both load these scripts in this order."""
    loaded = "".join(f'<script src="{API}/docs/{name}" defer></script>' for name in scripts)
    button = '<button id="sign-in" type="button">Sign in</button>'
    page = (
        f'<!doctype html>\n<html lang="en" data-api="{API}"><head>{pages.head("API", style)}{loaded}</head>\n'
        f'<body>{pages.places(button)}<div id="app"></div></body></html>\n'
    )
    licence = (FOLDER / "LICENSE").read_text()
    return {"docs/index.html": page, "docs/signed-in.html": page, "docs/scalar-license.txt": licence}

"""Bodies as the networks really post them or hand them out.

They lie beside the repository; a clone has none, and a test that needs them is skipped there.
"""

import json
from typing import Any

import pytest

from local.environment import ROOT

FOLDER = ROOT.parent / "shared" / "payloads"
needed = pytest.mark.skipif(not FOLDER.exists(), reason="the samples lie beside the repository, and a clone has none")


def raw(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def signatures() -> dict[str, Any]:
    """The headers of each sample, and the secrets that signed them; nothing of both where no sample lies."""
    file = FOLDER / "signatures.json"
    return json.loads(file.read_bytes()) if file.exists() else {"secrets": {}, "headers": {}}

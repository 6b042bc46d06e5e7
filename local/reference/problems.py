"""The catalogue of problems, from `reference/problems`: one file for each part, and `networks.yaml` for networks'
refusals.

`waiting` says whether the same request may succeed later: `no`; `yes`; `after` the number of seconds in `Retry-After`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib import errors
from chalicelib.reference.files import API
from local import yaml_files
from local.environment import ROOT

PLACE = ROOT / "reference" / "problems"
NETWORKS = PLACE / "networks.yaml"
REFUSED = ROOT / "reference" / "refusals.json"
_TITLES = {problem.status: problem.title for problem in errors.Problem.__subclasses__()}
WAITING = ("no", "yes", "after")
Json = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """The meaning of one code. `part` is the file that it is in, `statuses` are the statuses with which it comes."""

    code: str
    part: str
    statuses: Sequence[int]
    title: str
    cause: str
    waiting: str
    do: str

    def example(self) -> Json:
        """An answer with this code: from a test or, if no test has met it over the API, a made-up one."""
        own = refused().get(self.code) or {"status": self.statuses[0], "detail": f"{self.title}."}
        return {
            "type": f"{API}/docs/problems/{self.code}", "title": _TITLES[own["status"]], "status": own["status"],
            "code": self.code, **own, "request_id": "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        }  # fmt: skip


def pages() -> list[Page]:
    """The pages of all codes, part after part. Raises ValueError for a code that is explained twice."""
    every = [page for _, _, pages in parts() for page in pages]
    codes = [page.code for page in every]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"Explained twice: {', '.join(sorted(twice))}")
    return every


def parts() -> Iterator[tuple[str, str, list[Page]]]:
    """Each part: its name, what it is about, its pages."""
    for path in sorted(PLACE.glob("*.yaml"), key=lambda path: (path.stem != "general", path.stem)):
        if path != NETWORKS:
            part = yaml_files.read(path)
            yield path.stem, part["about"], [_page(path.stem, code, said) for code, said in part["problems"].items()]


def _page(part: str, code: str, said: Mapping[str, Any]) -> Page:
    status = said["status"]
    statuses = status if isinstance(status, list) else [status]
    return Page(code, part, statuses, said["title"], said["cause"], said["waiting"], said["do"])


@cache
def refused() -> Mapping[str, Json]:
    """Refusals that tests met, by code: their fields other than type, title and code."""
    by_code: Mapping[str, Json] = json.loads(REFUSED.read_text())
    return by_code


def written(by_code: Mapping[str, Json]) -> str:
    """The text of that file: one line per code."""
    lines = (f"{json.dumps(code)}: {json.dumps(by_code[code], ensure_ascii=False)}" for code in sorted(by_code))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def refusals() -> Mapping[str, Any]:
    """What networks refuse, by the error class that clients see; see `networks.yaml`."""
    by_network: Mapping[str, Any] = yaml_files.read(NETWORKS)
    return by_network


def catalogue() -> Json:
    """The whole catalogue, as `GET /v1/problems` gives it."""
    return {
        "problems": [
            {
                "code": page.code, "statuses": list(page.statuses), "title": page.title, "cause": page.cause,
                "waiting": page.waiting, "do": page.do, "page": f"{API}/docs/problems/{page.code}",
            }
            for page in pages()
        ],
        "refusals": [{"class": name, **said} for name, said in refusals()["refusals"].items()],
        "network_codes": [
            {"networks": group["networks"], "code": code, "classes": refusal["class"], "cause": refusal["cause"]}
            for group in refusals()["codes"]
            for code, refusal in group["codes"].items()
        ],
    }  # fmt: skip

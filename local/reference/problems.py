"""The catalogue of problems, which lies in `reference/problems`: a file for each part, and `networks.yaml` of refusals.

`waiting` says whether it helps to ask again as one did: `no`; `yes`; `after` as many seconds as `Retry-After` says.
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
    """What one code means. `part` is the file it is in, `statuses` with what it comes."""

    code: str
    part: str
    statuses: Sequence[int]
    title: str
    cause: str
    waiting: str
    do: str

    def example(self) -> Json:
        """An answer with it: as a test had it, or, of a code that none has met over the API, as it would be."""
        own = refused().get(self.code) or {"status": self.statuses[0], "detail": f"{self.title}."}
        return {
            "type": f"{API}/docs/problems/{self.code}", "title": _TITLES[own["status"]], "status": own["status"],
            "code": self.code, **own, "request_id": "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        }  # fmt: skip


def pages() -> list[Page]:
    """Each code's, part after part. Raises ValueError for one that is explained twice."""
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
    """Refusals that tests met, by their codes: what each has besides its type, title and code."""
    by_code: Mapping[str, Json] = json.loads(REFUSED.read_text())
    return by_code


def written(by_code: Mapping[str, Json]) -> str:
    """The file of them: a line for each code."""
    lines = (f"{json.dumps(code)}: {json.dumps(by_code[code], ensure_ascii=False)}" for code in sorted(by_code))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def refusals() -> Mapping[str, Any]:
    """What networks refuse, by the class that reaches the client; see `networks.yaml`."""
    by_network: Mapping[str, Any] = yaml_files.read(NETWORKS)
    return by_network


def catalogue() -> Json:
    """All of it, as `GET /v1/problems` gives it."""
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

"""The API's changelog: what changed since the last release, and in each release before.

`python -m local.reference.releases 2027-01-31` releases the present document on that day, and stores what changed.
"""

import html
import json
import sys
from typing import Any

from local.environment import ROOT
from local.reference import changes, pages

PLACE = ROOT / "reference" / "released"
DOCUMENT, HISTORY = PLACE / "openapi.json", PLACE / "changes.json"
Json = dict[str, Any]


def changelog(present: Json) -> Json:
    """The changes that are not released yet, and those of each release, the newest first."""
    released = json.loads(DOCUMENT.read_text())
    unreleased = changes.as_json(changes.changes(released, present))
    return {"unreleased": {"version": present["info"]["version"], "changes": unreleased}, "releases": _history()}


def _history() -> list[Json]:
    history: list[Json] = json.loads(HISTORY.read_text()) if HISTORY.exists() else []
    return history


def release(day: str, present: Json) -> None:
    """Stores the changes; from now on, changes are compared with the present document."""
    made = {**changelog(present)["unreleased"], "day": day}
    HISTORY.write_text(json.dumps([made, *_history()], indent=1) + "\n")
    DOCUMENT.write_text(json.dumps(present, ensure_ascii=False, separators=(",", ":")) + "\n")


def files(log: Json, style: str) -> dict[str, str]:
    """The changelog as a page, and as data."""
    parts = [("Not released yet", log["unreleased"])]
    parts += [(f"{release['version']}, {release['day']}", release) for release in log["releases"]]
    body = "".join(f"<h2>{html.escape(title)}</h2>{_listed(release['changes'])}" for title, release in parts)
    head = (
        "<h1>Changes</h1><p class=lead>What changed in the API, and what of it breaks programs. Programs ignore what "
        "they do not know: what is added breaks nothing.</p>"
        f"<p>For programs: {pages.link('docs/changes.json', 'all of it as JSON')}.</p>"
    )
    text = json.dumps(log, ensure_ascii=False, separators=(",", ":"))
    return {"docs/changes.html": pages.shell("Changes", head + body, style), "docs/changes.json": text}


def _listed(listed: list[Json]) -> str:
    lines = (
        _line(changes.Change(**change))
        for change in sorted(listed, key=lambda change: (not change["breaks"], change["where"]))
    )
    return f"<ul>{''.join(lines)}</ul>" if listed else "<p>Nothing.</p>"


def _line(change: changes.Change) -> str:
    mark = "<strong class=breaks>breaks</strong> " if change.breaks else ""
    return f"<li>{mark}{pages.inline_html(changes.sentence(change))}</li>"


if __name__ == "__main__":
    release(sys.argv[1], json.loads((ROOT / "docs" / "openapi.json").read_text()))

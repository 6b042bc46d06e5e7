"""`make docs`: writes what is made from the code and from the networks' own pages. A test tells when it is stale."""

import json
import re
import tomllib
from collections.abc import Iterator

from chalicelib import networks
from chalicelib.access import permissions
from chalicelib.api import http, openapi
from chalicelib.events import catalogue
from chalicelib.networks import base
from local import operations
from local.environment import ROOT
from local.reference import codes, examples, hooks, leftovers, links, releases, words

DOCS = ROOT / "docs"
EVENTS = """# Events

Made by `make docs`. Whatever happens in an agency is one event in one log: in order, without a gap, once, and within
about a second. `GET /v1/events` reads the log:

- Without `after` it begins with the oldest event that is kept; `after=now` begins with what happens next.
- Ask again with the `cursor` of the answer. You miss nothing and get nothing twice, even if you were away for a week.
  `more` says that there is more to read at once, `next_in` in how many seconds it is worth asking again.
- The log is kept for seven days. For an older cursor the answer is 410 `resync_required`, with a new `cursor`: read
  your lists again, then go on from there.
- `brand`, `type`, `channel`, `network` and `surface` choose events. `type=message` means all types that begin so.
- `detail=thin` leaves out `data`. It is the fast way to catch up with thousands of events.

An event says what happened (`type`), to what (`target`, `conversation`, `brand`), who did it (`performed_by`, null for
the other side) and why (`source`: a person, the network's own app, the network or the customer, a rule, a plan, a key).
`data` shows the conversation and the message as they are when you read the event, and as you may see them. You get the
events of what you could read over the API at that moment. Events are in the order in which they arrived. Of two states
of one thing, the one with the higher `version` is newer.

`GET /v1/conversations/changes?since=` walks the same log and gives each conversation once, as it is now.
`GET /v1/events/schemas` gives the JSON Schema of each type, and an example.
"""
ABILITIES = ("reply", "private_reply", "quote", "hide", "delete", "ban", "like", "react", "publications")

_ABILITY = {"publications": "what is commented can be read"}


def main() -> None:
    """Write them, and which module declares which operation."""
    (ROOT / operations.FILE).write_text(operations.text())
    print(f"  {operations.FILE}")
    for name, text in pages().items():
        (DOCS / name).write_text(text)
        print(f"  docs/{name}")


def pages() -> dict[str, str]:
    """Each generated page by its name below docs/."""
    return {
        "openapi.json": openapi_page(),
        "api-changes.json": changes_page(),
        "networks.md": networks_page(),
        "events.md": events_page(),
        "roles.md": roles_page(),
    }


def openapi_page() -> str:
    """The API, for machines."""
    http.load()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    routes = sorted(http.ROUTES, key=lambda route: (route.path, route.verb))
    told = words.merged(openapi.document(routes, version), routes, words.read())
    told = examples.merged(codes.merged(told, routes, codes.read()), examples.read())
    told = {**links.merged(told), "webhooks": hooks.of()}
    return json.dumps(leftovers.without(told), indent=1) + "\n"


def changes_page() -> str:
    """What changed in the API since the document that was released last, and before."""
    return json.dumps(releases.changelog(json.loads(openapi_page())), indent=1) + "\n"


def events_page() -> str:
    """What happens, and what it is called once it has."""
    actions: dict[str, list[str]] = {}
    for action, type in sorted(catalogue.AUDITED.items()):
        actions.setdefault(type, []).append(f"`{action}`")
    rows = [
        f"| `{type}` | {summary} | {', '.join(actions.get(type, []))} |"
        for type, summary in sorted(catalogue.TYPES.items())
    ]
    return "\n".join([EVENTS, "| event | what happened | reported by the audit as |", "|---|---|---|", *rows]) + "\n"


def roles_page() -> str:
    """Who may do what."""
    names = list(permissions.TEMPLATES)
    titles = " | ".join(name.replace("_", " ") for name in names)
    rows = [
        f"| `{one}` | " + " | ".join("yes" if one in permissions.TEMPLATES[name] else "" for name in names) + " |"
        for one in permissions.PERMISSIONS
    ]
    head = (
        "# Roles\n\n"
        "Made by `make docs`. The seven roles that every agency has, and what each may do. An agency can define\n"
        "roles of its own (`POST /v1/roles`). A role is held for some brands or for all.\n"
    )
    return "\n".join([head, f"| | {titles} |", "|---" * (len(names) + 1) + "|", *rows]) + "\n"


def networks_page() -> str:
    """What owners of an account get on each network."""
    found = [one for one in map(networks.get, networks.names()) if one and one.key != "example"]
    head = (
        "# Networks\n\n"
        "Made by `make docs` from each network's folder. `GET /v1/networks` gives their abilities as data.\n"
        "To add a network, copy [the example](../chalicelib/networks/example/README.md)."
    )
    parts = [head, "\n".join(_table(found))]
    parts += [_lower((ROOT / "chalicelib" / "networks" / one.key / "README.md").read_text()) for one in found]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(found: list[base.Network]) -> Iterator[str]:
    yield "| | " + " | ".join(f"[{one.name}](#{_anchor(one.name)})" for one in found) + " |"
    yield "|---" * (len(found) + 1) + "|"
    rows = {"comes in as": "surfaces", **{_ABILITY.get(name, name.replace("_", " ")): name for name in ABILITIES}}
    for title, name in rows.items():
        yield f"| {title} | " + " | ".join(", ".join(getattr(one.capabilities, name)) or "–" for one in found) + " |"
    windows = (", ".join(f"{hours} h" for hours in one.capabilities.window.values()) or "no limit" for one in found)
    yield "| answer within | " + " | ".join(windows) + " |"
    opens = (", ".join(("message", *one.capabilities.opens)) if one.capabilities.window else "–" for one in found)
    yield "| counted from the last | " + " | ".join(opens) + " |"
    tags = (", ".join(f"{hours} h: {tag}" for tag, hours in one.capabilities.tags.items()) or "–" for one in found)
    yield "| after that, with a tag | " + " | ".join(tags) + " |"
    paid = (
        ", ".join(way for way, prices in one.capabilities.costs.items() if prices[-1].cost == "paid") for one in found
    )
    yield "| charged for | " + " | ".join(ways or "–" for ways in paid) + " |"
    choices = (", ".join(name.replace("_", " ") for name in one.capabilities.interactive) for one in found)
    yield "| offers choices | " + " | ".join(kinds or "–" for kinds in choices) + " |"
    receipts = (", ".join(one.capabilities.receipts) or "–" for one in found)
    yield "| told of our messages | " + " | ".join(receipts) + " |"


def _anchor(name: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", name.lower().replace(" ", "-"))


def _lower(page: str) -> str:
    """Its headings one level down."""
    return re.sub(r"^#", "##", page, flags=re.MULTILINE)


if __name__ == "__main__":
    main()

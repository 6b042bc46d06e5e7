"""`make docs`: writes what is made from the code and from the networks' own pages. A test tells when it is stale."""

import json
import re
import tomllib
from collections.abc import Iterator

import app  # noqa: F401 - it declares every route
from chalicelib import networks
from chalicelib.access import permissions
from chalicelib.api import http, openapi
from chalicelib.events import catalogue
from chalicelib.networks import base
from local.environment import ROOT

DOCS = ROOT / "docs"
ABILITIES = ("reply", "private_reply", "quote", "hide", "delete", "like", "react")


def main() -> None:
    """Write them."""
    for name, text in pages().items():
        (DOCS / name).write_text(text)
        print(f"  docs/{name}")


def pages() -> dict[str, str]:
    """Each generated page by its name below docs/."""
    return {
        "openapi.json": openapi_page(),
        "networks.md": networks_page(),
        "events.md": events_page(),
        "roles.md": roles_page(),
    }


def openapi_page() -> str:
    """The API, for machines."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return json.dumps(openapi.document(http.ROUTES, version), indent=1) + "\n"


def events_page() -> str:
    """What happens, and what it is called once it has."""
    rows = [
        f"| `{name}` | `{action}` |" for action, name in sorted(catalogue.CATALOGUE.items(), key=lambda one: one[1])
    ]
    head = (
        "# Events\n\n"
        "Made by `make docs`. `GET /v1/events?after=0` lists what happened in the agency, oldest first. Ask again\n"
        "with the `after` of the answer: no event is missed, and none comes twice. An event says who did it\n"
        "(`performed_by`), to what (`target`, `conversation`, `brand`), and what changed (`before`, `after`). It\n"
        "never contains a message's text: messages are in the inbox. Members see the events of the conversations they\n"
        "can see. Events that belong to no conversation are for members who may read the audit.\n"
    )
    return "\n".join([head, "| event | action in the audit |", "|---|---|", *rows]) + "\n"


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
    rows = {"comes in as": "surfaces", **{ability.replace("_", " "): ability for ability in ABILITIES}}
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
    receipts = (", ".join(one.capabilities.receipts) or "–" for one in found)
    yield "| told of our messages | " + " | ".join(receipts) + " |"


def _anchor(name: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", name.lower().replace(" ", "-"))


def _lower(page: str) -> str:
    """Its headings one level down."""
    return re.sub(r"^#", "##", page, flags=re.MULTILINE)


if __name__ == "__main__":
    main()

"""`make docs`: writes the pages that are made from the code and from the networks' own pages. A test fails if one is
stale.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

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

Made by `make docs`. Everything that happens in an agency is an event in one log: in order, without a gap, once, and
within about a second. `GET /v1/events` reads the log:

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
events about things that you could read over the API at that moment. Events are in the order in which they arrived. Of
two states of one thing, the one with the higher `version` is newer.

`GET /v1/conversations/changes?since=` walks the same log and gives each conversation once, as it is now.
`GET /v1/events/schemas` gives the JSON Schema of each type, and an example.
"""
ABILITIES = ("private_reply", "quote", "like", "react", "read", "typing", "templates", "publications")

_ABILITY = {"publications": "what is commented can be read"}


def main() -> None:
    """Writes the pages, and the table of which module declares which operation."""
    (ROOT / operations.FILE).write_text(operations.text())
    http.load()
    codes.PLACE.write_text(codes.written(codes.of(http.ROUTES)))
    print(f"  {operations.FILE}\n  {codes.PLACE.relative_to(ROOT)}")
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
        print(f"  docs/{name}")


@cache
def openapi_page() -> str:
    """The OpenAPI document, made once per process."""
    http.load()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    routes = sorted(http.ROUTES, key=lambda route: (route.path, route.verb))
    document = words.merged(openapi.document(routes, version), routes, words.read())
    document = examples.merged(codes.merged(document, routes, codes.read()), examples.read())
    document = {**links.merged(document), "webhooks": hooks.of()}
    return json.dumps(leftovers.without_leftovers(document), indent=1) + "\n"


def changes_page() -> str:
    """What changed in the API since the last release, and before."""
    return json.dumps(releases.changelog(json.loads(openapi_page())), indent=1) + "\n"


def events_page() -> str:
    actions: dict[str, list[str]] = {}
    for action, type in sorted(catalogue.AUDITED.items()):
        actions.setdefault(type, []).append(f"`{action}`")
    rows = [
        f"| `{type}` | {summary} | {', '.join(actions.get(type, []))} |"
        for type, summary in sorted(catalogue.TYPES.items())
    ]
    return "\n".join([EVENTS, "| event | what happened | reported by the audit as |", "|---|---|---|", *rows]) + "\n"


def roles_page() -> str:
    names = list(permissions.TEMPLATES)
    titles = " | ".join(name.replace("_", " ") for name in names)
    rows = [
        f"| `{permission}` | "
        + " | ".join("yes" if permission in permissions.TEMPLATES[name] else "" for name in names)
        + " |"
        for permission in permissions.PERMISSIONS
    ]
    head = (
        "# Roles\n\n"
        "Made by `make docs`. The seven roles that every agency has, and what each may do. An agency can define\n"
        "roles of its own (`POST /v1/roles`). A role is held for some brands or for all.\n"
    )
    return "\n".join([head, f"| | {titles} |", "|---" * (len(names) + 1) + "|", *rows]) + "\n"


def networks_page() -> str:
    """What owners of an account get on each network."""
    every = [network for network in map(networks.get, networks.names()) if network and network.key != "example"]
    head = (
        "# Networks\n\n"
        "Made by `make docs` from each network's folder. `GET /v1/networks` gives their abilities as data.\n"
        "Each network was tested against a double that is as strict as the network's documentation; none was tested\n"
        "against the network itself. `make demo NETWORK=line` plays one. Each page lists what could not be confirmed.\n"
        "To add a network, copy [the example](../chalicelib/networks/example/README.md)."
    )
    parts = [head, "\n".join(_table(every))]
    parts += [
        _headings_one_level_down((ROOT / "chalicelib" / "networks" / network.key / "README.md").read_text())
        for network in every
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(every: list[base.Network]) -> Iterator[str]:
    """A row for each network: what it can do for the owner of an account; then what else it can do, and within which
    time.
    """
    yield "| | hears | says | moderates | publishes | how it is connected | how it tells | unconfirmed |"
    yield "|---" * 8 + "|"
    for network in every:
        can = network.capabilities
        moderates = [
            _moderates(network, verb) for verb in ("hide", "delete", "ban", "restrict", "report") if getattr(can, verb)
        ]
        cells = (
            _listed(can.surfaces), _listed(can.reply), _listed(moderates), "yes" if can.publishes else "–",
            _ways_to_connect(network), _how_news_arrives(network), _unconfirmed(network),
        )  # fmt: skip
        yield f"| [{network.name}](#{_anchor(network.name)}) | " + " | ".join(cells) + " |"
    yield ""
    yield (
        "| | also | answer within | counted from the last | after that, with a tag | charged for | offers choices"
        " | told of our messages |"
    )
    yield "|---" * 8 + "|"
    for network in every:
        yield f"| {network.name} | " + " | ".join(_details(network)) + " |"
    yield ""
    yield from _polling_table(every)


def _polling_table(every: list[base.Network]) -> Iterator[str]:
    """How much of each network's quota polling takes while there is nothing new."""
    yield (
        "| asked | calls a look | calls a day of an account | every | as often for | every, with 1,000 accounts"
        " | calls a day of 1,000 accounts | the network allows in a day |"
    )
    yield "|---" * 8 + "|"
    for network in every:
        if how := network.polling:
            allowed = f"{how.quota:,}" + (" for all accounts of an app" if how.for_all else " for each account")
            cells = (
                how.calls, f"{how.calls_a_day:,}", _minutes(how.stretched(1)),
                f"{how.fit:,} accounts of an app" if how.for_all else "any number",
                _minutes(how.stretched(1000)), f"{how.calls_of(1000):,}" if how.for_all else "–", allowed,
            )  # fmt: skip
            yield f"| {network.name} | " + " | ".join(map(str, cells)) + " |"


def _minutes(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes >= 60 and minutes % 60 == 0 else f"{minutes} min"


_STILL = {"author": "the author", "author_and_friends": "the author and their friends"}


def _moderates(network: base.Network, verb: str) -> str:
    """The verb; for hiding also who still sees the message, and whether the result is read back."""
    if verb != "hide":
        return verb
    who = network.capabilities.hide_seen_by
    still = f"{_STILL.get(who, 'whoever asks')} still sees it" if who else ""
    return f"hide ({'; '.join(filter(None, (still, 'read back' if network.is_shown else '')))})" if who else verb


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "–"


def _ways_to_connect(network: base.Network) -> str:
    page = "on its page" + (", on any server" if network.consent and network.consent.names_server else "")
    return _listed([*([page] if network.consent else []), *([] if network.play else ["with a token"])])


def _how_news_arrives(network: base.Network) -> str:
    if network.polling:
        many = ", of many accounts less often" if network.polling.for_all else ""
        return f"asked every {_minutes(network.polling.stretched(1))}{many}"
    if network.play or not network.capabilities.surfaces:
        return "–"
    return "by webhook; asked for what was missed" if network.past else "by webhook"


def _unconfirmed(network: base.Network) -> str:
    """Refers to the network's page if it has a chapter on what is unconfirmed; nothing was ever tried on a real
    network.
    """
    text = (ROOT / "chalicelib" / "networks" / network.key / "README.md").read_text()
    return "see there" if "unconfirmed" in text.lower() else "–"


def _details(network: base.Network) -> Iterator[str]:
    can = network.capabilities
    also = [_ABILITY.get(name, name.replace("_", " ")) for name in ABILITIES if getattr(can, name)]
    written = [name for name, how in (("templates", network.templates), ("profile", network.business_profile)) if how]
    yield _listed([*also, *(f"{name} written here" for name in written)])
    yield _listed(f"{hours} h" for hours in can.window.values()) if can.window else "no limit"
    yield _listed(("message", *can.opens)) if can.window else "–"
    yield _listed(f"{hours} h: {tag}" for tag, hours in can.tags.items())
    yield _listed(way for way, prices in can.costs.items() if prices[-1].cost == "paid")
    yield _listed(name.replace("_", " ") for name in can.interactive)
    yield _listed(can.receipts)


def _anchor(name: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", name.lower().replace(" ", "-"))


def _headings_one_level_down(page: str) -> str:
    """Moves the headings one level down."""
    return re.sub(r"^#", "##", page, flags=re.MULTILINE)


# What makes each generated page, by its name below docs/.
PAGES: Mapping[str, Callable[[], str]] = {
    "openapi.json": openapi_page,
    "api-changes.json": changes_page,
    "networks.md": networks_page,
    "events.md": events_page,
    "roles.md": roles_page,
}

if __name__ == "__main__":
    main()

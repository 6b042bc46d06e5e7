"""Guides: pages of docs/ for developers who use the API, as HTML and as text."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.reference.files import API
from local.environment import ROOT
from local.reference import pages

DOCS = ROOT / "docs"
# In the order in which one reads them.
NAMES = (
    *("first-hour", "signing-in", "live-inbox", "answering", "webhooks", "errors", "clients", "production"),
    *("working", "events", "live", "screens", "search", "requests", "sandbox", "moderation", "detector", "billing"),
    *("roles", "networks"),
)
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)([^)#]*)(#[^)]*)?\)")


@dataclass(frozen=True)
class Guide:
    name: str
    text: str

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def about(self) -> str:
        """The first sentence of its text."""
        begin = next(part for part in self.text.split("\n\n")[1:] if not part.startswith(("#", "|", "```", "-")))
        plain = _LINK.sub(r"\1", begin).replace("\n", " ").removeprefix("Made by `make docs`. ")
        return re.split(r"(?<=[.:])\s", plain, maxsplit=1)[0].removesuffix(":").strip()


def every() -> list[Guide]:
    return [Guide(name, linked((DOCS / f"{name}.md").read_text())) for name in NAMES]


def sources() -> Iterator[Path]:
    return (DOCS / f"{name}.md" for name in NAMES)


def linked(text: str) -> str:
    """Rewrites links to where the API serves these pages; a link to a page that it does not serve
    becomes plain text.
    """
    return _LINK.sub(lambda link: _led(link[1], link[2], link[3] or ""), text)


def _led(words: str, place: str, part: str) -> str:
    name = place.removesuffix(".md")
    if not place:
        return f"[{words}]({part})"
    if name in NAMES:
        return f"[{words}]({API}/docs/guides/{name}{part})"
    return f"[{words}]({API}/v1/openapi.json)" if place == "openapi.json" else words


def files(style: str) -> dict[str, str]:
    """Each guide as a page, and a page that lists them."""
    guides = every()
    by_name = {f"docs/guides/{guide.name}.html": pages.shell(guide.title, _page(guide), style) for guide in guides}
    terms = ((pages.link(f"docs/guides/{guide.name}", guide.title), pages.inline_html(guide.about)) for guide in guides)
    index = f"<h1>Guides</h1><p class=lead>How to build on this API.</p>{pages.listing(terms)}"
    return {**by_name, "docs/guides/index.html": pages.shell("Guides", index, style)}


def _page(guide: Guide) -> str:
    path = f"<p class=path>{pages.link('docs/guides', 'Guides')} / {html.escape(guide.title)}</p>"
    return path + pages.article(guide.text)

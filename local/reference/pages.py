"""HTML pages with a style and no scripts: readable in light and dark, and on a phone."""

import html
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from markdown_it import MarkdownIt

from chalicelib.reference.files import API

_PLACES: Mapping[str, str] = {
    "API": "docs",
    "Guides": "docs/guides",
    "Problems": "docs/problems",
    "Changes": "docs/changes",
}
_HEADING = re.compile(r"<(h[2-6])>(.*)</\1>")


def shell(title: str, body: str, style: str) -> str:
    """A whole page; `style` is the name of the style's file."""
    return (
        f'<!doctype html>\n<html lang="en"><head>{head(title, style)}</head>\n'
        f"<body><header>{places()}</header>\n<main>{body}</main></body></html>\n"
    )


def head(title: str, style: str) -> str:
    return (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{html.escape(title)} · Palabre</title><link rel="stylesheet" href="{API}/docs/{style}">'
        '<link rel="icon" href="data:,">'
    )


def places(more: str = "") -> str:
    """The navigation bar of every page."""
    links = "".join(f'<a href="{API}/{place}">{name}</a>' for name, place in _PLACES.items())
    return f'<nav class="bar"><a class="home" href="{API}/docs">Palabre</a>{links}{more}</nav>'


def inline_html(text: str) -> str:
    """A sentence with `code` in it, as HTML."""
    return _addressed(_reader().renderInline(text))


def article(text: str) -> str:
    """Markdown as HTML; HTML in the Markdown is shown as text."""
    return _HEADING.sub(_named, _addressed(_reader().render(text)))


def listing(terms: Iterable[tuple[str, str]]) -> str:
    """A list of terms, each with its description; both are HTML."""
    return "<dl>" + "".join(f"<dt>{term}</dt><dd>{about}</dd>" for term, about in terms) + "</dl>"


def link(place: str, words: str) -> str:
    return f'<a href="{API}/{place}">{html.escape(words)}</a>'


def _named(heading: re.Match[str]) -> str:
    """The heading with an id, so that links can lead to it."""
    name = re.sub(r"[^\w\- ]", "", html.unescape(re.sub("<[^>]*>", "", heading[2]))).lower().replace(" ", "-")
    return f'<{heading[1]} id="{name}">{heading[2]}</{heading[1]}>'


def _addressed(text: str) -> str:
    """Restores the placeholder of the API's address, which the Markdown reader quotes in links."""
    return text.replace(quote(API), API)


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")

"""The catalogue of problems as pages: one for each code, and two lists."""

import html
import json
from typing import Any

from local.reference import pages, problems
from local.reference.problems import Page

_WAITING = {
    "no": "No: the same request is refused again.",
    "yes": "Yes: the same request may succeed in a while.",
    "after": "Yes: after as many seconds as <code>Retry-After</code> says.",
}


def files(style: str) -> dict[str, str]:
    """The text of each page, by its name."""
    by_name = {
        f"docs/problems/{page.code}.html": pages.shell(page.code, _page(page), style) for page in problems.pages()
    }
    by_name["docs/problems/index.html"] = pages.shell("Problems", _index(), style)
    by_name["docs/problems/networks.html"] = pages.shell("What networks refuse", _networks(), style)
    return by_name


def _page(page: Page) -> str:
    statuses = ", ".join(str(status) for status in page.statuses)
    terms = [
        ("Status", statuses),
        ("What it comes from", pages.inline_html(page.cause)),
        ("Does waiting help?", _WAITING[page.waiting]),
        ("What to do", pages.inline_html(page.do)),
    ]
    example = html.escape(json.dumps(page.example(), indent=1, ensure_ascii=False))
    return (
        f"<p class=path>{pages.link('docs/problems', 'Problems')} / {html.escape(page.part)}</p>"
        f"<h1><code>{page.code}</code></h1><p class=lead>{html.escape(page.title)}.</p>"
        f"{pages.listing(terms)}<h2>An answer with it</h2><pre><code>{example}</code></pre>"
    )


def _index() -> str:
    parts = [
        f"<h2 id={name}>{html.escape(about)}</h2>" + pages.listing(_entry(page) for page in its)
        for name, about, its in problems.parts()
    ]
    return (
        "<h1>Problems</h1><p class=lead>Whatever is refused has a <code>code</code>, which is stable. "
        "This is what each means, and whether it helps to wait.</p>"
        f"<p>What networks refuse of your replies is on {pages.link('docs/problems/networks', 'a page of its own')}. "
        f"For programs: {pages.link('v1/problems', 'all of it as JSON')}.</p>" + "".join(parts)
    )


def _entry(page: Page) -> tuple[str, str]:
    statuses = ", ".join(map(str, page.statuses))
    term = f"{pages.link(f'docs/problems/{page.code}', page.code)}<small>{statuses}</small>"
    return term, html.escape(page.title)


def _networks() -> str:
    refused = problems.refusals()
    kinds = "".join(_kind(name, said) for name, said in refused["refusals"].items())
    codes = "".join(_codes(group) for group in refused["codes"])
    return (
        f"<p class=path>{pages.link('docs/problems', 'Problems')} / networks</p><h1>What networks refuse</h1>"
        "<p class=lead>A reply that failed has an <code>error</code>: its <code>class</code>, the network's own "
        "<code>code</code>, and its words in <code>text</code>.</p>"
        f"<h2>Classes</h2>{kinds}<h2>Codes</h2>{codes}"
    )


def _kind(name: str, said: dict[str, Any]) -> str:
    sentences = "".join(f'<li lang="{language}">{html.escape(text)}</li>' for language, text in said["says"].items())
    terms = [
        ("What it comes from", pages.inline_html(said["cause"])),
        ("Does waiting help?", _WAITING[said["waiting"]]),
        ("What to do", pages.inline_html(said["do"])),
        ("For the person at the screen", f"<ul>{sentences}</ul>"),
    ]
    return f"<h3 id={name}><code>{name}</code></h3>{pages.listing(terms)}"


def _codes(group: dict[str, Any]) -> str:
    cells = (
        (html.escape(code), ", ".join(refusal["class"]), refusal["cause"]) for code, refusal in group["codes"].items()
    )
    rows = "".join(
        f"<tr><td><code>{code}</code><td>{classes}<td>{pages.inline_html(cause)}</tr>" for code, classes, cause in cells
    )
    whose = "any network" if group["networks"] == ["any"] else ", ".join(group["networks"])
    return f"<h3>Of {whose}</h3><table><thead><tr><th>code<th>class<th>cause</thead><tbody>{rows}</tbody></table>"

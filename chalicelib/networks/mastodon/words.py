"""The HTML of posts as text. https://docs.joinmastodon.org/spec/activitypub/#sanitization"""

import html
import re

LONGEST_HTML = 100_000  # characters that are read; a post of the longest kind has fewer
_BREAK, _PARAGRAPH, _ITEM = (
    re.compile(r"<br\b[^<>]*>"),
    re.compile(r"</(?:p|blockquote|ul|ol|pre)>"),
    re.compile("</li>"),
)
_TAG, _GAPS = re.compile(r"<[^<>]*>"), re.compile(r"\n{3,}")


def plain(content: str) -> str:
    """The text of the HTML: an empty line between paragraphs, and whole addresses, which the HTML shows shortened."""
    text = _PARAGRAPH.sub("\n\n", _ITEM.sub("\n", _BREAK.sub("\n", content[:LONGEST_HTML])))
    return _GAPS.sub("\n\n", html.unescape(_TAG.sub("", text))).strip()

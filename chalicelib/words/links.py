"""The domains in a text: as they are written, spelled out, or taken apart."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.words.foldings import Folding

ENDINGS = (
    "app be biz br ch club co com de es eu example fr gd info io it link live ly me net online org pt shop site "
    "store tk to tv uk us xyz"
).split()
SHORTENERS = frozenset("bit.ly cutt.ly goo.gl is.gd lnkd.in ow.ly rb.gy shorturl.at t.co t.ly tinyurl.com".split())
_ENDING = "|".join(ENDINGS)
WRITTEN = re.compile(rf"(?<![\w@.-])((?:[\w-]{{1,63}}\.){{1,4}}(?:{_ENDING}))(?![\w-])(?:/[^\s]{{0,200}})?")
# Dots with a space on either side, and dots in words; only before endings that no sentence goes on with.
_DOTS = {
    r"(?:\.|\(dot\)|\[\.\])": "com|net|org|fr|de|es|pt|it|uk|io",
    "punkt": "de|com|net|org",
    "dot": "com|net|org|uk|io",
    "point": "fr|com|net|org",
    "punto": "com|net|org",
    "ponto": "pt|com|net|org|br",
}
_APART = "|".join(f"{dot} ?(?:{endings})" for dot, endings in _DOTS.items())
APART = re.compile(rf"(?<![\w@.-])([\w-]{{2,63}}) (?:{_APART})(?![\w-])")
LAST = re.compile(r"\w+$")
GATE = re.compile(r"\.|punkt|dot|punto|ponto|point")


def readable(domain: str) -> str:
    """The domain as people read it: small letters, and `xn--...` decoded into its own letters."""
    return ".".join(map(_read, domain.lower().split(".")))


def wired(domain: str) -> str:
    """The domain as machines write it: letters other than a to z as `xn--...`; a label that cannot be encoded stays."""
    return ".".join(map(_written, readable(domain).split(".")))


def _read(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").lower()
    except (UnicodeError, ValueError, OverflowError):
        return label


def _written(label: str) -> str:
    if label.isascii() or label.startswith("xn--"):
        return label
    try:
        return f"xn--{unicodedata.normalize('NFC', label).encode('punycode').decode('ascii')}"
    except UnicodeError:
        return label


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain as it is meant, and its place in the folded text."""

    name: str
    start: int
    end: int

    @property
    def is_short(self) -> bool:
        """True for a link shortener, which hides where it leads."""
        return self.name in SHORTENERS


def domains(folding: Folding) -> Iterator[Domain]:
    """All domains in the text: first those written plainly, then those taken apart."""
    if not GATE.search(folding.text):
        return
    for hit in WRITTEN.finditer(folding.text):
        yield Domain(hit.group(1), hit.start(), hit.end())
    for hit in APART.finditer(folding.text):
        yield Domain(f"{hit.group(1)}.{LAST.findall(hit.group())[0]}", hit.start(), hit.end())

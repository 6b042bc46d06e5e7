"""Where a text leads to: domains as they are written, spelled out, or taken apart."""

import re
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


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain as it is meant, and the stretch of the folded text that says it."""

    name: str
    start: int
    end: int

    @property
    def is_short(self) -> bool:
        """True if it leads somewhere else, and one cannot see where."""
        return self.name in SHORTENERS


def domains(folding: Folding) -> Iterator[Domain]:
    """Each domain in the text, in order of how it is written."""
    if not GATE.search(folding.text):
        return
    for hit in WRITTEN.finditer(folding.text):
        yield Domain(hit.group(1), hit.start(), hit.end())
    for hit in APART.finditer(folding.text):
        yield Domain(f"{hit.group(1)}.{LAST.findall(hit.group())[0]}", hit.start(), hit.end())

"""How a word sounds in French, roughly: `anfoiré` and `enfoiré` are one."""

import re
from functools import lru_cache

# Applied in this order: each replaces several spellings of a sound by one.
SOUNDS = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"eaux?|aux?", "o"),
        (r"ph", "f"),
        (r"qu|ck|c(?=[aouklrt]|$)|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"[ae][nm](?=[^aeiouynm]|$)", "A"),
        (r"(?:ai|ei|y|i)[nm](?=[^aeiouynm]|$)", "I"),
        (r"ai|ei|er$|ez$", "e"),
        (r"h", ""),
        (r"y", "i"),
        (r"[sz]+", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)[etdxsp]{1,4}$", ""),
    )
)


@lru_cache(maxsize=8192)  # the same words come in many texts
def sound(word: str) -> str:
    """Equal for words that are pronounced alike. Each pattern takes as many steps as the word has letters."""
    for pattern, written in SOUNDS:
        word = pattern.sub(written, word)
    return word

"""When two texts say the same: by their words, without numbers, links and names of accounts.

A fingerprint is equal for equal words, whatever the capitals, and with letters and signs in disguise. For most texts
that differ in a few words at least one band is equal. Anybody who guesses a text can compute its fingerprint, so where
fingerprints are stored they are digested again with a key.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from chalicelib.words import foldings, tokens
from chalicelib.words.tokens import Token

FEWEST_WORDS = 5  # shorter texts are the same by chance
GRAM, BANDS, ROWS = 4, 4, 2


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`whole` is equal for the very same words; `bands` are for nearly the same ones, see `near`."""

    whole: str
    bands: tuple[str, ...]

    def near(self, other: "Fingerprint") -> bool:
        """True if a band is the same at the same place."""
        return any(band == other_band for band, other_band in zip(self.bands, other.bands, strict=True))


def fingerprint(text: str, names: Collection[str] = ()) -> Fingerprint | None:
    """None for a text of fewer than five words. `names` are left out, too: folded, one word each."""
    folding = foldings.fold(text)
    words = tokens.words(folding)
    left_out = [(first, last) for first, last, chunk in tokens.chunks(folding, words) if _is_left_out(chunk)]
    apart = {place for first, last in left_out for place in range(first, last)}
    kept = [word.text for place, word in enumerate(words) if place not in apart and _counts(word, names)]
    if len(kept) < FEWEST_WORDS:
        return None
    said = " ".join(kept)
    grams = {said[at : at + GRAM] for at in range(len(said) - GRAM + 1)}
    least = [min(row) for row in zip(*map(_rows, grams), strict=True)]
    bands = (least[band * ROWS : (band + 1) * ROWS] for band in range(BANDS))
    return Fingerprint(_digest(said), tuple(_digest(repr(band)) for band in bands))


def _is_left_out(chunk: Token) -> bool:
    return chunk.form == "address" or chunk.text.startswith("@")


def _counts(word: Token, names: Collection[str]) -> bool:
    return not any(map(str.isdecimal, word.text)) and word.text not in names


def _rows(gram: str) -> list[bytes]:
    """One pseudo-random number for each row, all of them determined by the gram."""
    drawn = hashlib.blake2b(gram.encode(), digest_size=BANDS * ROWS * 8).digest()
    return [drawn[at : at + 8] for at in range(0, len(drawn), 8)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]

"""The entries of lexicons and term lists."""

from dataclasses import dataclass

# Not a finding by itself: it says how another is meant (a cue), or what a word is no insult in (allowed).
CUE, ALLOWED = "cue", "allowed"
# What a finding can be.
CATEGORIES = (
    "insult", "hate", "profanity", "threat", "self_harm", "safety", "scam", "spam", "personal_data", "competitor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """`patterns` are its forms, written as phrases.py reads them; `lemma` is what an explanation shows.

    Certainty is `clear` (it is what it is), `aim` (only said of somebody), `slur` (a name for a group), `oath` (an
    exclamation), `code` (an abbreviation of something else, too) or `vague` (only people can tell).
    """

    lemma: str
    patterns: tuple[str, ...]
    category: str
    severity: int = 2
    certainty: str = "clear"
    language: str = "any"
    origin: str = "lexicon"

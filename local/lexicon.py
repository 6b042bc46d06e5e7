"""`make lexicon`: writes chalicelib/words/lexicon/ from the files in lexicon/. A test fails if it is stale.

If the package wordfreq is installed, it also checks the commonest words of each language, and prints those that would
be found although lexicon/harmless.toml does not list them; with confusable-homoglyphs it writes the table of lookalikes
again.
"""

import importlib
import importlib.util
import json
import re
import sys
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from chalicelib.words import foldings, lexicons, looks, phrases
from chalicelib.words.findings import Finding
from local.environment import ROOT

SOURCES, MADE = ROOT / "lexicon", lexicons.FILES
COMMONEST = 30_000
WORD = re.compile(r"\w+")
TELLING = ("you", "praise", "thing", "bunch")  # cues by which a language is known, beside its small words
CATEGORIES = {"insult", "profanity", "threat", "self_harm", "safety", "spam", "hate"}
CERTAINTIES = {"clear", "aim", "slur", "oath", "code", "vague"}
# Letters that Unicode neither decomposes nor calls confusable, and small Cyrillic and Greek ones as people use them.
OWN = {
    "a": "\u03b1",
    "ae": "\u00e6\u00c6",
    "b": "\u0432\u0411\u0431",
    "d": "\u0111\u0110",
    "e": "\u03b5\u0454",
    "h": "\u043d\u0127",
    "i": "\u0131",
    "k": "\u043a\u03ba",
    "l": "\u0142\u0141",
    "m": "\u043c",
    "n": "\u03b7\u0438",
    "o": "\u00f8\u00d8",
    "oe": "\u0153\u0152",
    "r": "\u0433\u044f\u042f",
    "t": "\u0442\u03c4\u0167",
    "u": "\u03c5",
    "w": "\u03c9\u0448",
}


def main() -> int:
    """Writes the files; 1 if a common word would be found that nobody has checked."""
    if importlib.util.find_spec("confusable_homoglyphs"):
        foldings.LOOKALIKES.write_text(json.dumps(lookalikes(), indent=0) + "\n")
    MADE.mkdir(exist_ok=True)
    for language in lexicons.LANGUAGES:
        (MADE / f"{language}.json").write_text(page(language))
        print(f"  chalicelib/words/lexicon/{language}.json")
    if not importlib.util.find_spec("wordfreq"):
        print("  The commonest words were not walked: wordfreq is not installed.")
        return 0
    lexicons.source.cache_clear()
    lexicons.of_languages.cache_clear()
    lexicons.joined.cache_clear()
    met = sorted(collisions())
    for language, word, finding in met:
        how = ", ".join((finding.language, *finding.how))
        print(f"  {language}: {word!r} would be {finding.means!r} ({how})")
    return 1 if met else 0


def page(language: str) -> str:
    """A language's lexicon in its shipped form: folded, with its defaults written out, one line per term."""
    file = tomllib.loads((SOURCES / f"{language}.toml").read_text())
    harmless = tomllib.loads((SOURCES / "harmless.toml").read_text())
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in sorted(_rows(file)))
    telling = " ".join([file["function_words"], *(file["cues"][name] for name in TELLING)])
    small = _listed(word for word in WORD.findall(foldings.entry(telling)) if len(word) > 1)
    never = _listed(unicodedata.normalize("NFC", harmless.get(language, "")).lower().split())
    daily = _listed(map(foldings.entry, file["everyday"].split()))
    head = f'{{"function_words": {small},\n"everyday": {daily},\n"harmless": {never}'
    return f'{head},\n"terms": [\n{lines}\n]}}\n'


def _listed(words: Iterable[str]) -> str:
    return json.dumps(sorted(set(words)), ensure_ascii=False)


def _rows(file: dict[str, Any]) -> Iterator[tuple[str, int, str, str, list[str]]]:
    """Category, severity, certainty, lemma, forms."""
    for group in file["group"]:
        if group["category"] not in CATEGORIES or group["certainty"] not in CERTAINTIES:
            raise ValueError(f"{group['category']} or {group['certainty']} is not known")
        for line in group["terms"]:
            yield group["category"], group["severity"], group["certainty"], *_entry(line, file["language"])
    for line in file["allowed"]["terms"]:
        yield "allowed", 0, "clear", line, _forms([line], file["language"])
    for name, line in file["cues"].items():
        yield "cue", 0, "clear", name, _forms(line.split(","), file["language"])
    for line in file["private"]["terms"]:
        yield "personal_data", 3, "clear", *_entry(line, file["language"])


def _entry(line: str, language: str) -> tuple[str, list[str]]:
    """Parses `lemma: form, form`. A lemma with a tilde is no form itself, because alone it is an ordinary word."""
    lemma, _, forms = line.partition(":")
    bare = "(" in lemma or lemma.startswith("~")
    every = [form for form in [*([] if bare else [lemma]), *forms.split(",")] if form.strip()]
    return lemma.lstrip("~"), _forms(every, language)


def _forms(forms: list[str], language: str) -> list[str]:
    """The folded forms; German forms also with umlauts as two letters. Raises ValueError for a form that cannot be
    parsed.
    """
    umlauts = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue"})
    spelled = [form.lower().translate(umlauts) for form in forms] if language == "de" else []
    every = list(dict.fromkeys(foldings.entry(form) for form in [*forms, *spelled]))
    for form in every:
        try:
            phrases.parse(form)
        except ValueError as problem:
            raise ValueError(f"{language}: {form!r}: {problem}") from problem
    return every


def collisions() -> Iterator[tuple[str, str, Finding]]:
    """Common words in which something would be found that is neither an entry of their language nor
    listed as harmless.
    """
    wordfreq = importlib.import_module("wordfreq")
    lexicon = lexicons.joined(lexicons.LANGUAGES)
    same = set(tomllib.loads((SOURCES / "harmless.toml").read_text())["same"].split())
    for language in lexicons.LANGUAGES:
        own = lexicons.joined((language,)).words
        for word in wordfreq.top_n_list(language, COMMONEST):
            if not any(own.get(part) or part in same for part in foldings.entry(word).split()):
                yield from ((language, word, finding) for finding in looks.look(word, lexicon).findings)


def lookalikes() -> dict[str, str]:
    """From Unicode's table: for each letter from a to z the single characters that look like it."""
    package = importlib.import_module("confusable_homoglyphs")
    every = json.loads((Path(str(package.__file__)).parent / "confusables.json").read_text())
    table: dict[str, set[str]] = defaultdict(set)
    for sign, others in every.items():
        plain = unicodedata.normalize("NFKD", sign)
        if len(sign) > 1 or sign.isascii() or any(letter.isascii() and letter.isalpha() for letter in plain):
            continue
        for other in others:
            if len(other["c"]) == 1 and other["c"].isascii() and other["c"].isalpha():
                table[other["c"].lower()].add(sign)
    taken = set().union(*table.values())
    for letter, ours in OWN.items():
        table[letter] |= set(ours) - taken
    return {letter: "".join(sorted(ones)) for letter, ones in sorted(table.items())}


if __name__ == "__main__":
    sys.exit(main())

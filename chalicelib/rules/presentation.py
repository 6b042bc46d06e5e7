"""Rules and findings as the API shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib import clock, ids
from chalicelib.networks.base import Network
from chalicelib.rules import abilities, rules
from chalicelib.words import lexicons
from chalicelib.words.competitors import Feature
from chalicelib.words.findings import Finding, Span
from chalicelib.words.terms import CATEGORIES, Term

Json = Mapping[str, Any]


def rule(stored: Json, there: Iterable[Network]) -> Json:
    """`there` are the networks of the brand's channels."""
    live = {"version": stored["lived"], **_content(stored["live"])} if stored["live"] else None
    tested, braked = stored.get("tested"), stored.get("braked")
    return {
        "id": stored["id"],
        "brand": ids.brand_of(stored["id"]),
        "name": stored["name"],
        "state": stored["state"],
        "version": stored["version"],
        **_content(stored["said"]),
        "live": live,
        "cannot": abilities.cannot(stored["said"], there),
        "tested_at": clock.text(tested[1]) if tested else None,
        "braked_at": clock.text(braked["at"]) if braked else None,
        "changed_at": clock.text(stored["changed_at"]),
    }


def _content(said: Json) -> Json:
    whole = {**rules.UNSAID, **said}
    return {**whole, "ends_at": clock.text(whole["ends_at"]) if whole["ends_at"] else None}


def lexicon(language: str, category: str | None) -> list[Json]:
    """The words that the detector finds in texts of that language; with a category, only those. Words that only show
    how another word is meant are left out.
    """
    terms = [term for term in lexicons.source(language).terms if term.category in CATEGORIES]
    return [_entry(term) for term in terms if category in (None, term.category)]


def _entry(term: Term) -> Json:
    return {
        "id": ids.digest(term.language, term.category, str(term.severity), term.certainty, term.lemma),
        "word": term.lemma,
        "forms": list(term.patterns),
        "category": term.category,
        "severity": term.severity,
        "certainty": term.certainty,
    }


def finding(finding: Finding) -> Json:
    context = finding.context
    return {
        "category": finding.category,
        "severity": finding.severity,
        "certainty": finding.certainty,
        "means": finding.means,
        "how": list(finding.how),
        "term_list": finding.origin if finding.origin.startswith("trm_") else None,
        "aimed": context.aimed,
        "quoted": context.quoted,
        "denied": context.denied,
        "kind": context.kind,
        **({"score": finding.score} if finding.by_model else {}),
        "spans": _spans(finding.spans),
    }


def feature(feature: Feature) -> Json:
    return {
        "name": feature.name, "points": feature.points, "means": feature.means or None, "spans": _spans(feature.spans)
    }  # fmt: skip


def _spans(spans: Sequence[Span]) -> list[Json]:
    return [{"at": span.at, "length": span.length, "at16": span.at16, "text": span.text} for span in spans]

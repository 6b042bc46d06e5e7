"""What a rule or a term list would do with a text on which somebody tries it. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.editorial.lines import Line
from chalicelib.rules import judging, looking, policies, presentation, rulebooks, rules, term_lists
from chalicelib.rules.judging import Facts
from chalicelib.rules.rules import Rule
from chalicelib.store.models.brands import StoredTermList
from chalicelib.words import lexicons, looks
from chalicelib.words import term_lists as entries
from chalicelib.words.competitors import Author, Same

Json = Mapping[str, Any]


def of_rule(agency: str, stored: rulebooks.Stored, tried: Json, now: int) -> Json:
    """What the newest version of the rule would do, if it were live and the only rule."""
    policy = policies.read(agency, rulebooks.brand_of(stored))
    author = Author(tried.get("author", ""), messages=tried.get("author_messages"))
    verdict = looking.look(policy, tried["text"], author.handle)
    same = Same(tried.get("same_words", 0), tried.get("same_brands", 0))
    score = looking.score(policy, tried["text"], author, same)
    known = {name: tried[name] for name in tried if name not in ("text", "author")}
    about = {
        "surface": "comment",
        **looking.of_text(tried["text"], verdict),
        **looking.of_account(policy, author.handle),
        "promotion": looking.points(score),
        **known,
    }
    live = alone(stored, policy.line)
    outcome = judging.judge(live, Facts(about, verdict.findings, hideable=about["surface"] == "comment"), now)
    return {
        "matches": bool(outcome.matches),
        "acts": [rules.written(planned.act) for planned in outcome.acts],
        "findings": [presentation.finding(finding) for finding in verdict.findings],
        "promotion": [presentation.feature(feature) for feature in score.features],
    }


def alone(stored: rulebooks.Stored, line: Line) -> list[Rule]:
    """The newest version of the rule as if it were live, without an end, and the only rule.

    Empty if its clause is not in the line any more.
    """
    asked = rulebooks.as_rules([{**stored, "state": "live", "live": None}], policies.severities(line))
    return [replace(rule, ends_at=None) for rule in asked]


def of_list(stored: StoredTermList, text: str) -> Json:
    """What the list, and nothing else, finds in the text."""
    lexicon = lexicons.extended(lexicons.Lexicon(), entries.terms_of(term_lists.terms(stored)))
    findings = [finding for finding in looks.look(text, lexicon).findings if finding.origin == stored.id]
    return {"findings": [presentation.finding(finding) for finding in findings]}


def own_names(agency: str, brand: str) -> frozenset[str]:
    return policies.own_names(policies.line_of(agency, brand))

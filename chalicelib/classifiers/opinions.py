"""What the model says about a message of a brand, within the brand's daily limit.

The model gets only the text: not who wrote it, where, or to whom.
"""

from dataclasses import dataclass

from chalicelib import clock, errors
from chalicelib.brands import brands, settings
from chalicelib.classifiers import choices, models
from chalicelib.classifiers.models import Opinion
from chalicelib.store import quota
from chalicelib.store.models.brands import Brand
from chalicelib.words.findings import MODEL, Finding

# As severe as the lexicon has such words, or milder: a model says what it is, not how grave.
SEVERITIES = {
    "insult": 2, "hate": 3, "profanity": 1, "threat": 3, "self_harm": 4, "safety": 3, "scam": 3, "spam": 1,
    "personal_data": 3, "competitor": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model found; or the `code` of why it was not asked, or gave no answer."""

    findings: tuple[Finding, ...] = ()
    code: str = ""


def of(agency: str, brand: str, text: str, now: int) -> Answer:
    """Asks the model once. The units are counted before that, so if the process dies in between they are lost."""
    if not text.strip():
        return Answer()
    if not choices.is_there():
        return Answer(code="no_model")
    try:
        count(agency, brand, text, now)
        return Answer(tuple(map(finding, choices.model().judge(text))))
    except errors.TooMany:
        return Answer(code="model_limit")
    except errors.Unavailable:
        return Answer(code="model_unavailable")


def count(agency: str, brand: str, text: str, now: int) -> None:
    """Raises TooMany if the brand lets the model read nothing, or no more today."""
    most = most_units(brands.find(agency, brand))
    if not most:
        raise errors.TooMany(
            "The brand lets no model read its messages: `model_units_per_day` is 0.", after=clock.DAY / clock.SECOND
        )
    quota.take(agency, _name(brand), most, now, uses=models.units(text), period=clock.DAY)


def most_units(brand: Brand) -> int:
    """How many thousand characters the model may read for the brand in a day; 0 if it is off."""
    return settings.of(brand.settings).model_units_per_day


def used_units(agency: str, brand: str, now: int) -> int:
    """How many units the model read for the brand since midnight, UTC."""
    return quota.used(agency, _name(brand), now, period=clock.DAY)


def _name(brand: str) -> str:
    return f"model|{brand}"


def finding(opinion: Opinion) -> Finding:
    """The opinion as rules ask about it. It is never sure, because no place in the text shows it, so no machine acts on
    it alone.
    """
    return Finding(
        opinion.category, SEVERITIES[opinion.category], "vague", (), opinion.reason, how=(MODEL,), origin=MODEL,
        sure=False, score=opinion.score,
    )  # fmt: skip

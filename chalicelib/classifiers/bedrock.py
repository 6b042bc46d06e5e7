"""A guardrail of Amazon Bedrock, asked by ApplyGuardrail: it judges a text, and no model writes anything.

What the guardrail looks for is configured in Bedrock. A denied topic counts under its name, if that is one of our
categories; a filter's detection counts whether the filter would block or only detect.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib import errors, log
from chalicelib.classifiers.models import LONGEST, Opinion
from chalicelib.words.terms import CATEGORIES

Json = Mapping[str, Any]
# Its filters, as our categories. MISCONDUCT is crime, which is none of ours; PROMPT_ATTACK is not about people.
FILTERS = {"INSULTS": "insult", "HATE": "hate", "VIOLENCE": "threat", "SEXUAL": "profanity"}
SCORES = {"LOW": 40, "MEDIUM": 70, "HIGH": 95}
PAUSE_SECONDS = 10
CERTAIN = 95  # what is there or is not: topics, words, numbers and names


class Guardrail:
    """See `models.Model`. `client` returns botocore's client of `bedrock-runtime`; `clock` counts seconds and never
    goes back.

    If the guardrail does not answer in time, it is not asked for ten seconds, because other messages wait behind this
    one.
    """

    def __init__(
        self, client: Callable[[], Any], id: str, version: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._id, self._version, self._clock = client, id, version, clock
        self._paused_until = 0.0

    def judge(self, text: str) -> Sequence[Opinion]:
        from botocore.exceptions import BotoCoreError, ClientError

        if self._clock() < self._paused_until:
            raise errors.Unavailable
        try:
            answer = self._client().apply_guardrail(
                guardrailIdentifier=self._id,
                guardrailVersion=self._version,
                source="INPUT",
                content=[{"text": {"text": text[:LONGEST]}}],
            )
        except ClientError as error:
            log.line("model_refused", code=error.response["Error"]["Code"])
            raise errors.Unavailable from error
        except BotoCoreError as error:
            self._paused_until = self._clock() + PAUSE_SECONDS
            log.line("model_failed", reason=type(error).__name__)
            raise errors.Unavailable from error
        return _strongest(opinion for assessment in answer["assessments"] for opinion in _opinions(assessment))


def _strongest(opinions: Iterator[Opinion]) -> list[Opinion]:
    """The surest opinion of each category, the surest first."""
    kept: dict[str, Opinion] = {}
    for opinion in opinions:
        if opinion.category not in kept or kept[opinion.category].score < opinion.score:
            kept[opinion.category] = opinion
    return sorted(kept.values(), key=lambda opinion: (-opinion.score, opinion.category))


def _opinions(assessment: Json) -> Iterator[Opinion]:
    for filter in _detected(assessment, "contentPolicy", "filters"):
        kind, confidence = filter["type"], filter.get("confidence")
        if kind in FILTERS and confidence in SCORES:
            yield Opinion(FILTERS[kind], SCORES[confidence], f"{kind} {confidence}")
    for topic in _detected(assessment, "topicPolicy", "topics"):
        name = topic["name"].lower().replace(" ", "_")
        if name in CATEGORIES:
            yield Opinion(name, CERTAIN, f"topic {topic['name']}")
    for word in _detected(assessment, "wordPolicy", "managedWordLists"):
        yield Opinion("profanity", CERTAIN, word["type"])
    for entity in _detected(assessment, "sensitiveInformationPolicy", "piiEntities"):
        yield Opinion("personal_data", CERTAIN, entity["type"])


def _detected(assessment: Json, policy: str, list: str) -> Iterator[Json]:
    """The entries that were detected. Older answers have no `detected`; there an entry counts that was acted on."""
    entries = assessment.get(policy, {}).get(list, ())
    return (entry for entry in entries if entry.get("detected", entry.get("action") != "NONE"))

"""What a rule would do with past messages, counted. Pure: the reports of portions add up to one report."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib import clock
from chalicelib.evaluation.verdicts import Verdict
from chalicelib.rules.judging import Outcome
from chalicelib.store.models.inbox import Message
from chalicelib.words.findings import Span

Json = Mapping[str, Any]
MOST_SAMPLES, MOST_SPANS = 50, 5
NOTHING_FOUND = "none"


@dataclass
class Report:
    """`read` are all messages, including the brand's; `looked` those of others, `gone` those of them without their
    text.

    The messages that the rule matches, `matched`, are counted by category, network and day (UTC), by what the rule
    would do, and by what was really done. `is_cut`: there was more to read.
    """

    read: int = 0
    looked: int = 0
    gone: int = 0
    matched: int = 0
    by_category: Counter[str] = field(default_factory=Counter)
    by_network: Counter[str] = field(default_factory=Counter)
    by_day: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    samples: list[Json] = field(default_factory=list)
    is_cut: bool = False

    def note(self, message: Message, network: str, outcome: Outcome, verdict: Verdict) -> None:
        finding = outcome.matches[0].finding
        category = finding.category if finding else NOTHING_FOUND
        self.matched += 1
        self.by_category[category] += 1
        self.by_network[network] += 1
        self.by_day[clock.text(message.sent_at)[:10]] += 1
        self.acts.update({planned.act.do for planned in outcome.acts})
        self.verdicts[verdict] += 1
        if len(self.samples) < MOST_SAMPLES and all(sample["message"] != message.id for sample in self.samples):
            spans = [_span_position(span) for span in finding.spans[:MOST_SPANS]] if finding else []
            self.samples.append({"message": message.id, "category": category, "verdict": verdict, "spans": spans})

    def kept(self) -> Json:
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}


def _span_position(span: Span) -> Json:
    """Without the words, which must vanish when the message is deleted."""
    return {"at": span.at, "length": span.length, "at16": span.at16}


def restored(kept: Json) -> Report:
    counters = {name: Counter(value) for name, value in kept.items() if isinstance(value, dict)}
    return Report(**{**kept, **counters})

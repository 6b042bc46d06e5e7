"""Goes through the decisions of a stretch of time for a job, the latest first, portion by portion. Each is handled
once.

If a network is asked too much, the job waits a while.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import errors
from chalicelib.jobs.jobs import Portion
from chalicelib.moderation import decisions
from chalicelib.store import keys
from chalicelib.store.models.moderation import Decision

DECISIONS = 25  # of a portion
MOST_TRIES, _SECONDS = 10, 5
# Returns the outcome for a decision, empty if it is left alone. Raises errors that may pass, except on the last try.
Step = Callable[[Decision, bool], list[str]]


def portion(agency: str, parameters: Mapping[str, Any], position: str, step: Step) -> Portion:
    """Handles the next decisions about the `brand` from `since` to `until` (ms).

    The position is the place of the decision before, and how often the next one was tried.
    """
    edge, _, tried = position.partition("|")
    edge, tries = edge or keys.activity(parameters["until"], ""), int(tried or 0)
    batch, beyond = decisions.portion(agency, parameters["brand"], edge, DECISIONS)
    outcomes: Counter[str] = Counter()
    for decision in batch:
        if decision.at < parameters["since"]:
            return Portion(outcomes.total(), None, outcomes=outcomes)
        try:
            outcomes.update(step(decision, tries >= MOST_TRIES))
        except (errors.TooMany, errors.Unavailable) as busy:
            wait = min(round(busy.after) or _SECONDS, 15 * 60)
            return Portion(outcomes.total(), f"{edge}|{tries + 1}", outcomes=outcomes, wait=wait)
        edge, tries = decision.activity or edge, 0
    return Portion(outcomes.total(), beyond or None, outcomes=outcomes)

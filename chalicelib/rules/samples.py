"""Which messages people look at to learn whether rules are right, without seeing what the rules decided. Pure.

The draw depends on the id alone, so it has the same result whenever it is repeated.
"""

import hashlib
from collections.abc import Sequence

from chalicelib.rules.rules import Rule

UNMATCHED_PERCENT = 1  # of messages that no rule matches, for brands where a live rule wants samples
SECOND_PERCENT = 10  # of the samples that one person judged go to another


def is_drawn(id: str, percent: int) -> bool:
    """True for that share of all ids, always the same ones."""
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % 100 < percent


def may_draw(rules: Sequence[Rule], message: str, now: int) -> bool:
    """True if people are to look at the message in case no rule matches it: for 1 % of messages, if a live rule of the
    brand wants samples.
    """
    is_wanted = any(rule.live and rule.sample_percent and rule.is_on(now) for rule in rules)
    return is_wanted and is_drawn(message, UNMATCHED_PERCENT)

"""What people look at to learn whether rules are right, without being told what rules made of it. Pure.

Who is drawn follows from the id, so whoever asks again draws the same.
"""

import hashlib
from collections.abc import Sequence

from chalicelib.rules.rules import Rule

UNMATCHED_PERCENT = 1  # of the messages that no rule means, of brands that want samples of a live one
SECOND_PERCENT = 10  # of the samples that one person judged go to another


def is_drawn(id: str, percent: int) -> bool:
    """True for that share of all ids, the same ones whenever it is asked."""
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % 100 < percent


def may_draw(rules: Sequence[Rule], message: str, now: int) -> bool:
    """True if that message is to be looked at unless rules mean it: of a brand that wants samples of a rule at work."""
    is_wanted = any(rule.live and rule.sample_percent and rule.is_on(now) for rule in rules)
    return is_wanted and is_drawn(message, UNMATCHED_PERCENT)

"""The breaker of an endpoint: when the endpoint fails too often, only probes are sent to it. Pure.

While the breaker is open, nothing is delivered but one probe at a time; the first success closes it. An endpoint
without recent failures has the blank breaker, so nothing is stored for it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from chalicelib.clock import HOUR, MINUTE

MOST_IN_A_ROW = 10
MOST_TENTHS = 7  # of at least so many
_FEWEST = 10
WINDOW = 5 * MINUTE
HOPELESS_AFTER, _FEWEST_FAILURES = 120 * HOUR, 5


@dataclass(frozen=True)
class Breaker:
    """`row` failures came since the last success, the first of them at `failing_since` (ms).

    The window began at `began` (ms) with the first try in it; of its `tries`, `failed` failed. `probes` is how many
    probes failed since the breaker opened.
    """

    row: int = 0
    failing_since: int = 0
    began: int = 0
    tries: int = 0
    failed: int = 0
    is_open: bool = False
    probes: int = 0

    def after(self, succeeded: bool, now: int) -> "Breaker":
        """The breaker after one more try that ended at `now` (ms)."""
        return self._after_success(now) if succeeded else self._after_failure(now)

    def _after_success(self, now: int) -> "Breaker":
        if self.is_open or self._is_over(now):
            return BLANK
        return replace(self, row=0, failing_since=0, tries=self.tries + 1)

    def _after_failure(self, now: int) -> "Breaker":
        fresh = replace(self, began=now, tries=0, failed=0) if self._is_over(now) else self
        failing = replace(
            fresh, row=self.row + 1, failing_since=self.failing_since or now, tries=fresh.tries + 1,
            failed=fresh.failed + 1, probes=self.probes + self.is_open,
        )  # fmt: skip
        return replace(failing, is_open=self.is_open or _fails_too_often(failing))

    def _is_over(self, now: int) -> bool:
        return not self.tries or now - self.began >= WINDOW

    def is_hopeless(self, now: int) -> bool:
        """True if nothing has succeeded for five days, in five tries or more."""
        return bool(self.failing_since) and now - self.failing_since >= HOPELESS_AFTER and self.row >= _FEWEST_FAILURES

    def rested(self) -> "Breaker":
        """The breaker, closed so that something else is tried; it still knows that nothing has succeeded yet."""
        return Breaker(row=min(self.row, _FEWEST_FAILURES), failing_since=self.failing_since)

    def packed(self) -> Mapping[str, int | bool]:
        """The values that differ from the blank breaker; `Breaker(**packed)` reads them."""
        return {name: value for name, value in asdict(self).items() if value}


BLANK = Breaker()


def _fails_too_often(breaker: Breaker) -> bool:
    many = breaker.tries >= _FEWEST and 10 * breaker.failed >= MOST_TENTHS * breaker.tries
    return many or breaker.row >= MOST_IN_A_ROW

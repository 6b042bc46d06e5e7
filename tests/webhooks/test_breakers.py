"""The breaker, beside a plain list of all that was tried."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.clock import HOUR, MINUTE, SECOND
from chalicelib.webhooks.breakers import BLANK, Breaker


class Model(RuleBasedStateMachine):
    """Remembers every try, and says from that alone what the breaker must be."""

    @initialize()
    def begin(self) -> None:
        self.breaker, self.now = BLANK, 1
        self.row: list[int] = []  # when the failures since the last success were
        self.window: list[tuple[int, bool]] = []
        self.was_open = False

    @rule(ms=st.sampled_from([SECOND, MINUTE, 6 * MINUTE, 30 * HOUR]))
    def time_passes(self, ms: int) -> None:
        self.now += ms

    @rule(succeeded=st.sampled_from([True, False, False, False]))
    def something_is_tried(self, succeeded: bool) -> None:
        self.was_open = self.breaker.is_open
        self.breaker = self.breaker.after(succeeded, self.now)
        if self.window and self.now - self.window[0][0] >= 5 * MINUTE:
            self.window = []
        if succeeded and self.was_open:
            self.window = []
        elif self.window or not succeeded:
            self.window.append((self.now, succeeded))
        self.row = [] if succeeded else [*self.row, self.now]

    @invariant()
    def it_opens_after_ten_in_a_row_or_seven_of_ten(self) -> None:
        failed = sum(not succeeded for _, succeeded in self.window)
        too_much = len(self.row) >= 10 or (len(self.window) >= 10 and failed / len(self.window) >= 0.7)
        may_stay_open = self.was_open and bool(self.row)
        last_failed = bool(self.row)
        assert self.breaker.is_open == ((too_much and last_failed) or may_stay_open)

    @invariant()
    def it_counts_the_row(self) -> None:
        assert self.breaker.row == len(self.row)
        assert self.breaker.failing_since == (self.row[0] if self.row else 0)

    @invariant()
    def it_is_hopeless_after_five_days(self) -> None:
        is_long = bool(self.row) and self.now - self.row[0] >= 120 * HOUR
        assert self.breaker.is_hopeless(self.now) == (is_long and len(self.row) >= 5)

    @invariant()
    def it_is_kept_in_a_few_numbers(self) -> None:
        assert Breaker(**self.breaker.packed()) == self.breaker  # type: ignore[arg-type]


TestBreaker = Model.TestCase


def test_success_of_a_probe_forgets_all() -> None:
    breaker = BLANK
    for now in range(10):
        breaker = breaker.after(False, now + 1)
    assert breaker.is_open
    assert breaker.after(False, 20).probes == 1
    assert breaker.after(True, 20) == BLANK


def test_endpoint_that_never_fails_has_nothing_to_keep() -> None:
    assert BLANK.after(True, 5) == BLANK
    assert BLANK.packed() == {}


def test_rested_breaker_is_closed_and_still_hopeless_in_time() -> None:
    breaker = BLANK
    for hour in range(12):
        breaker = breaker.after(False, hour * HOUR + 1)
    rested = breaker.rested()
    assert not rested.is_open
    assert rested.is_hopeless(121 * HOUR)

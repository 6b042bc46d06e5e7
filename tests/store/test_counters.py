"""What is counted of a brand's conversations agrees with them, whatever happens to them, twice or at once."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chalicelib import clock, errors
from chalicelib.access import actors
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.store import counters, keys, recount, table
from chalicelib.store.models.inbox import Conversation, Counter
from chalicelib.teamwork import assignment, triage
from chalicelib.transport import arrivals
from tests.support.calls import at
from tests.support.stack import number

NOW = clock.now()
ENDS = [NOW + clock.HOUR, NOW + 2 * clock.HOUR]
PEOPLE = st.sampled_from(["ana", "ben", "cem"])
STATUS = st.sampled_from(conversations.STATUSES)
IDS = st.sampled_from(["m1", "m2", "m3", "m4"])
CHANGE = {status: {"status": status} for status in conversations.STATUSES}


@pytest.fixture
def brand(owner: Owner) -> Owner:
    """A brand of its own, so that nobody else is counted in it."""
    return replace(owner, brand=f"brd_{number()}")


def said(who: str, id: str, **more: Any) -> base.Message:
    fields = {"at": NOW + int(id[1:]) * 1000, "person": base.Person(id=who), "text": id, **more}
    return base.Message(thread=who, id=f"{who}{id}", **fields)


def find(owner: Owner, who: str) -> Conversation | None:
    return conversations.find(owner.agency, conversations.find_id(owner, "dm", who))


def put(owner: Owner, who: str, changes: Any, now: int = NOW) -> None:
    def change() -> None:
        if (conversation := find(owner, who)) and conversation.last_message:
            triage.change(actors.system(owner.agency), conversation, changes, now)

    as_the_queue_does(change)


def as_the_queue_does(do: Callable[[], Any]) -> None:
    """Does it again if somebody wrote meanwhile: the stack looks at deadlines beside us."""
    for _ in range(10):
        with suppress(errors.PreconditionFailed):
            do()
            return
    do()


def counted(owner: Owner) -> Any:
    """What the counters of the brand tell."""
    return counters.known(owner.agency, {(owner.brand, status) for status in counters.STATUSES})


def there(owner: Owner, *names: str) -> Any:
    """What a look at each of the conversations tells."""
    every = [conversation for who in names if (conversation := find(owner, who)) and conversation.inbox]
    assert all(
        conversation.inbox == keys.inbox(owner.agency, owner.brand, conversation.status) for conversation in every
    )
    return Tally((owner.brand, conversation.status) for conversation in every)


def at_once(*works: Callable[[], Any]) -> None:
    """Who is slower than another finds it changed."""
    with ThreadPoolExecutor(len(works)) as together:
        for done in [together.submit(copy_context().run, work) for work in works]:
            with suppress(errors.PreconditionFailed):
                done.result()


class Inbox(RuleBasedStateMachine):
    """Three people and a brand. Every step may come again, and at the same moment as another."""

    owner: Owner

    def __init__(self) -> None:
        super().__init__()
        self.owner = replace(self.owner, brand=f"brd_{number()}", channel=f"chn_{number()}")

    @rule(who=PEOPLE, id=IDS, age=st.sampled_from([0, 0, 9 * clock.DAY]), order=st.integers(0, 1))
    def somebody_writes(self, who: str, id: str, age: int, order: int) -> None:
        received = arrivals.receive(self.owner, said(who, id, at=NOW - age, order=order), NOW)
        assert not received.new or getattr(find(self.owner, who), "status", None) == "open"

    @rule(who=PEOPLE, id=IDS)
    def brand_answers_elsewhere(self, who: str, id: str) -> None:
        arrivals.receive(self.owner, said(who, id, direction="out", person=None), NOW)

    @rule(who=PEOPLE, status=STATUS)
    def somebody_sets_the_status(self, who: str, status: str) -> None:
        put(self.owner, who, CHANGE[status])

    @rule(who=PEOPLE, until=st.sampled_from(ENDS), when=st.sampled_from(ENDS))
    def somebody_snoozes_and_the_time_comes(self, who: str, until: int, when: int) -> None:
        put(self.owner, who, {"status": "snoozed", "snoozed_until": clock.text(until)})
        wake = partial(triage.wake, actors.system(self.owner.agency), getattr(find(self.owner, who), "id", ""))
        for _ in range(2):
            as_the_queue_does(partial(wake, when, when))

    @rule(who=PEOPLE)
    def somebody_is_assigned_and_the_person_gets_another_id(self, who: str) -> None:
        def assign() -> None:
            if conversation := find(self.owner, who):
                assignment.assign_unchecked(actors.system(self.owner.agency), conversation, "mbr_1", NOW)

        as_the_queue_does(assign)
        conversations.rename_thread(self.owner, "dm", who, f"{who} again", NOW)

    @rule(who=PEOPLE, ids=st.lists(IDS, min_size=2, max_size=4), status=STATUS)
    def all_at_once(self, who: str, ids: list[str], status: str) -> None:
        writes = [partial(arrivals.receive, self.owner, said(who, id), NOW) for id in ids]
        at_once(*writes, partial(put, self.owner, who, CHANGE[status]))

    @invariant()
    def counters_agree(self) -> None:
        assert counted(self.owner) == there(self.owner, "ana", "ben", "cem")


def test_counters_are_what_a_look_at_each_conversation_tells(owner: Owner) -> None:
    Inbox.owner = owner
    how = settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Inbox, settings=how)


def test_burst_of_new_people_is_counted_whole(brand: Owner) -> None:
    names = [f"p{n}" for n in range(12)]
    at_once(*(partial(arrivals.receive, brand, said(who, id), NOW) for who in names for id in ("m1", "m1", "m2")))
    assert counted(brand) == there(brand, *names) == {(brand.brand, "open"): 12}


@contextmanager
def busy(times: int) -> Iterator[list[Any]]:
    """So many transactions that count something meet another one there."""
    met: list[Any] = []

    def meet(params: Any, **_: Any) -> Any:
        if b"#counters" not in params["body"] or len(met) == times:
            return None
        reasons = [{"Code": "TransactionConflict" if b"moved_at" in params["body"] else "None"}]
        met.append(reasons)
        answer = {"Error": {"Code": "TransactionCanceledException", "Message": ""}, "CancellationReasons": reasons}
        return SimpleNamespace(status_code=400), {**answer, "ResponseMetadata": {}}

    with at("before-call.dynamodb.TransactWriteItems", meet):
        yield met


def test_busy_counter_is_waited_for_and_never_taken_for_a_repeat(brand: Owner) -> None:
    with busy(3) as met:
        received = arrivals.receive(brand, said("ana", "m1"), NOW)
        put(brand, "ana", CHANGE["resolved"])
    assert (received.new, len(met)) == (True, 3)
    assert counted(brand) == {(brand.brand, "resolved"): 1}
    assert not arrivals.receive(brand, said("ana", "m1"), NOW).new


@pytest.mark.parametrize(("open", "resolved"), [(7, 0), (-7, 3)])
def test_wrong_counter_hinders_nobody_and_is_mended(brand: Owner, open: int, resolved: int) -> None:
    for who in ("ana", "ben", "cem"):
        arrivals.receive(brand, said(who, "m1"), NOW)
    for shard in range(counters.SHARDS):
        key = counters.key(brand.agency, brand.brand, shard)
        table.put(Counter(*key, open=open, resolved=resolved, moves=9, moved_at=NOW))
    put(brand, "ana", CHANGE["resolved"], NOW - clock.DAY)  # a delivery, too, may have waited that long
    assert not recount.recount(brand.agency, brand.brand, clock.now())
    assert recount.recount(brand.agency, brand.brand, clock.now() + 2 * recount.LAG)
    assert counted(brand) == there(brand, "ana", "ben", "cem")


def test_what_moves_while_it_is_counted_anew_stays_counted(brand: Owner) -> None:
    arrivals.receive(brand, said("ana", "m1"), NOW)
    moved: list[str] = []

    def move(params: Any, **_: Any) -> None:
        if b"IndexName" in params["body"] and not moved:
            moved.append("ana")
            put(brand, "ana", CHANGE["pending"])

    with at("before-call.dynamodb.Query", move):
        done = recount.recount(brand.agency, brand.brand, clock.now() + 2 * recount.LAG)
    assert moved and not done
    assert counted(brand) == there(brand, "ana")

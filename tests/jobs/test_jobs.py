"""A job goes on where it was, stops when asked, and rests on whoever asked for it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access.actors import Actor
from chalicelib.jobs import jobs
from chalicelib.jobs.jobs import Portion
from chalicelib.store import fence, keys, table
from chalicelib.store.models.work import Job
from tests.support.stack import Member, Stack, eventually

RANGE = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
PORTIONS = {"": Portion(2, "b"), "b": Portion(3, "c"), "c": Portion(1, None)}


def count(actor: Actor, parameters: Mapping[str, Any], position: str, now: int) -> Portion:
    """Work of three portions."""
    return PORTIONS[position]


KINDS = {"count": count}


@pytest.fixture
def job(stack: Stack) -> Iterator[Job]:
    """A job of the owner that nobody goes on with but the test."""
    me = stack.ours.owner.get("/me")["member"]
    with fence.within(stack.ours.id):
        [subject] = [member.subject for member in _members(stack) if member.id == me]
        id, now = f"job_{clock.now()}", clock.now()
        started = Job(
            stack.ours.id, keys.noun(id), id=id, kind="count", status="running", by=me, subject=subject,
            needs=["audit.view"], parameters={}, done=0, created_at=now, updated_at=now, expires=now // 1000 + 3600,
        )  # fmt: skip
        table.put(started)
        yield started


def _members(stack: Stack) -> list[Any]:
    from chalicelib.people import members

    return list(members.every(stack.ours.id))


def state(job: Job) -> tuple[str, int]:
    stored = table.get(Job, job.pk, job.sk)
    assert stored
    return stored.status, stored.done


def test_job_is_done_portion_by_portion(job: Job) -> None:
    states = []
    for _ in range(4):
        jobs.go_on(job.pk, job.id, KINDS, clock.now())
        states.append(state(job))
    assert states == [("running", 2), ("running", 5), ("done", 6), ("done", 6)]


def test_portion_that_is_done_twice_counts_once(job: Job) -> None:
    def beside(actor: Actor, parameters: Mapping[str, Any], position: str, now: int) -> Portion:
        jobs.go_on(job.pk, job.id, KINDS, now)  # another process does the same portion meanwhile
        return PORTIONS[position]

    jobs.go_on(job.pk, job.id, {"count": beside}, clock.now())
    assert state(job) == ("running", 2)


def test_job_of_who_may_no_longer_ask_for_it_is_refused(job: Job) -> None:
    table.update(job, [Job.needs.set(["what.nobody.holds"])])
    jobs.go_on(job.pk, job.id, KINDS, clock.now())
    assert state(job) == ("refused", 0)


def test_job_that_is_cancelled_goes_on_no_more(stack: Stack, job: Job) -> None:
    """MO-24"""
    assert stack.ours.owner.post(f"/jobs/{job.id}/cancel")["status"] == "cancelled"
    jobs.go_on(job.pk, job.id, KINDS, clock.now())
    assert state(job) == ("cancelled", 0)
    assert stack.ours.owner.post(f"/jobs/{job.id}/cancel")["status"] == "cancelled"


def test_job_is_seen_by_who_asked_for_it_and_by_who_reads_the_audit(stack: Stack) -> None:
    manager, stranger = stack.ours.members["community_manager"], stack.ours.members["moderator"]
    job = manager.post("/ingest/entries/replay", RANGE)
    assert job["kind"] == "replay"
    assert eventually(lambda: manager.get(f"/jobs/{job['id']}")["status"] == "done")
    reader = stack.ours.members["marketing_director"]
    assert reader.call("POST", f"/jobs/{job['id']}/cancel").problem in ((403, "forbidden"), (404, "not_found"))
    assert stranger.call("GET", f"/jobs/{job['id']}").problem == (404, "not_found")
    assert [job["id"] in _ids(who) for who in (manager, stack.ours.owner, stranger)] == [True, True, False]


def _ids(who: Member) -> list[str]:
    return [job["id"] for job in who.every("/jobs", limit=2)]

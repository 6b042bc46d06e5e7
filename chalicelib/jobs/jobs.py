"""Jobs: started in one transaction with their audit entry, done portion by portion, and cancelled on request.

A portion may be done twice, and two processes may do the same one. But the position of a job only moves forward, and
only one of two processes moves it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib import clock, errors, ids, log
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.aws import queues, storage
from chalicelib.aws.queues import Task
from chalicelib.store import due, keys, table
from chalicelib.store.models.work import Job

Status = Literal["running", "done", "cancelled", "refused"]
JOBS = "job#"
_MOST_EXAMINED = 2_000
KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Portion:
    """The result of a portion: how many things it did, and where the next one begins; None if nothing is left.

    The last one may have a `file`: the key of what the job made. `outcomes` counts what came of the things; the job
    adds these numbers up. `wait` is how many seconds the next portion waits.
    """

    count: int
    next: str | None
    file: str = ""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    wait: int = 0


# Does a portion of a kind of job, for whoever asked for it: from the job's parameters, the position and the time (ms).
Work = Callable[[Actor, Mapping[str, Any], str, int], Portion]


def start(actor: Actor, kind: str, parameters: Mapping[str, Any], now: int, *writes: table.Write, id: str = "") -> Job:
    """Starts a job, together with the writes. `id` is the job's id if the writes need it; else a new one is made."""
    id = id or ids.new("job")
    job = Job(
        actor.agency, keys.noun(id), id=id, kind=kind, status="running", by=actor.member, subject=actor.subject,
        needs=list(actor.needs), parameters=parameters, done=0, created_at=now, updated_at=now,
        expires=now // clock.SECOND + KEPT_SECONDS,
    )  # fmt: skip
    again = due.at(actor.agency, now + clock.MINUTE, "job", id)  # if this process dies before it queues the task
    table.transact(table.putting(job, Job.pk.does_not_exist()), again, *writes)
    try:
        queues.send(_task(actor.agency, id))
    except queues.NotSent as error:  # the job is there, and the clock starts it within two minutes
        log.problem("job_waits", error)
    return job


def _task(agency: str, id: str, wait: int = 0) -> Task:
    return Task("followup", {"kind": "job", "agency": agency, "job": id}, group=agency, delay=wait)


def go_on(agency: str, id: str, kinds: Mapping[str, Work], now: int) -> None:
    """Does the next portion of a running job, and queues the one after it.

    The job is refused as soon as whoever asked for it no longer has the permission to ask for it.
    """
    job = table.get(Job, agency, keys.noun(id))
    if job is None or job.status != "running":
        return
    asker = memberships.answering(agency, {"member": job.by, "subject": job.subject}, now)
    try:
        actor = asker.at(job.needs) if asker else None
    except errors.Forbidden:
        actor = None
    if actor is None:
        _move(job, [Job.status.set("refused")], now)
        return
    portion = kinds[job.kind](actor, job.parameters, job.position, now)
    ended = [Job.status.set("done"), *([Job.file.set(portion.file)] if portion.file else [])]
    after = ended if portion.next is None else [Job.position.set(portion.next)]
    if portion.outcomes:
        after.append(Job.outcomes.set(Counter(job.outcomes or {}) + Counter(portion.outcomes)))
    if _move(job, [Job.done.add(portion.count), *after], now) and portion.next is not None:
        queues.send(_task(agency, id, portion.wait))


def _move(job: Job, actions: list[table.Action], now: int) -> bool:
    """False if another process moved the job meanwhile, or it was cancelled."""
    unmoved = (Job.status == "running") & (Job.position == job.position)
    return table.update(job, [*actions, Job.updated_at.set(now)], unmoved)


def find(agency: str, id: str) -> Job | None:
    """The job, without a check of who asks."""
    return table.get(Job, agency, keys.noun(id)) if ids.is_id(id, "job") else None


def get(actor: Actor, id: str) -> Job:
    """Raises NotFound unless the actor asked for the job, could have, or may read the audit of all brands.

    If somebody asks for what another person's running job does already, they are given that job; so they must see it.
    """
    job = find(actor.agency, id)
    if job is None or not (_sees(actor, job) or _could_ask(actor, job)):
        raise errors.NotFound
    return job


def _could_ask(actor: Actor, job: Job) -> bool:
    """For the brand that the job is about; without one, for all brands."""
    return actor.may(*job.needs, brand=job.parameters.get("brand"))


def _sees(actor: Actor, job: Job) -> bool:
    return job.by == actor.member or "audit.view" in actor.held(None)


def latest(actor: Actor, before: str) -> Iterator[Job]:
    """The jobs that the actor may see, newest first; only those before the sort key `before`."""
    jobs = table.query(Job, actor.agency, JOBS, newest=True, before=before, limit=_MOST_EXAMINED, consistent=True)
    return (job for job in jobs if _sees(actor, job))


def cancel(actor: Actor, job: Job, now: int) -> Job:
    """Stops a job; what it did stays done. Does nothing if it has ended.

    Raises Forbidden unless the actor asked for the job, or could have.
    """
    if job.by != actor.member and not _could_ask(actor, job):
        raise errors.Forbidden("Only those who started the job, or could have started it, can cancel it.")
    entry = audit.entry(actor, "job.cancel", job.id, now)
    change = table.changing(
        Job(job.pk, job.sk),
        [Job.status.set("cancelled"), Job.updated_at.set(now)],
        Job.status == "running",
    )
    with suppress(table.Refused):  # it has ended
        table.transact(change, entry)
    return get(actor, job.id)


def view(job: Job, actor: Actor | None = None) -> Mapping[str, Any]:
    """The job as the API shows it. Its `file` is shown only to actors who could ask for the job themselves now."""
    may_have = job.file and actor and actor.held(None).intersection(job.needs)
    return {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "done": job.done,
        "outcomes": job.outcomes,
        "file": storage.link(job.file) if may_have else None,
        "started_by": job.by,
        "created_at": clock.text(job.created_at),
        "updated_at": clock.text(job.updated_at),
    }

"""`on_upkeep` keeps channels connected: polls networks that do not post their news, renews tokens, and checks channels.

A task names its kind. An account that fails delays no other.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib import batch, clock, log, settings
from chalicelib.access import actors
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.channels import claims, grants
from chalicelib.consents import apps
from chalicelib.store import fence
from chalicelib.templates import news
from chalicelib.upkeep import app_secrets, catching_up, looks, probes, renewals

Task = Mapping[str, Any]
_PORTION = 100


def handle(records: Sequence[Record]) -> Failures:
    """A task that fails comes back."""
    failed = batch.each(records, _perform, _failed)
    log.line("upkeep", records=len(records), returned=len(failed))
    return batch.failures(failed)


def _perform(record: Record) -> None:
    task = json.loads(record["body"])
    if task["kind"] == "shard":
        share_out(task["shard"], task["minute"])
        return
    with fence.within(task["agency"]):
        TASKS[task["kind"]](task, clock.now())


def share_out(shard: int, minute: int) -> int:
    """Queues the polls of a shard's minute, and gives their number. After a crash some are queued twice."""
    tasks, count = looks.due(shard, minute), 0
    while portion := list(islice(tasks, _PORTION)):
        queues.send(*portion)
        count += len(portion)
    log.line("looks_due", shard=shard, count=count)
    return count


def _failed(record: Record, error: Exception) -> None:
    if not isinstance(error, renewals.Leased):
        log.problem("upkeep_failed", error)
    queues.retry("upkeep", record)


def _look(task: Task, now: int) -> None:
    outcome = looks.look(task["agency"], task["channel"], task["turn"], now, task.get("every", 0))
    log.line("look", channel=task["channel"], outcome=outcome)


def _renew(task: Task, now: int) -> None:
    outcome = renewals.renew(actors.system(task["agency"]), task["channel"], task["when"], now)
    log.line("renewal", channel=task["channel"], outcome=outcome)


def _probe(task: Task, now: int) -> None:
    probes.begin(actors.system(task["agency"]), task["channel"], task["when"], now, settings.get().hooks_url)


def _mend(task: Task, now: int) -> None:
    probes.mend(actors.system(task["agency"]), task["channel"], now, settings.get().hooks_url)


def _catch_up(task: Task, now: int) -> None:
    outcome = catching_up.perform(task, now)
    log.line("catching_up", channel=task["channel"], outcome=outcome)


def _app_secret(task: Task, now: int) -> None:
    queues.send(*app_secrets.tasks(task["agency"], task["app"], now))


def _follow(task: Task, now: int) -> None:
    outcome = app_secrets.follow(task["agency"], task["channel"], now, task["app"])
    log.line("app_secret", channel=task["channel"], outcome=outcome)


def _templates(task: Task, now: int) -> None:
    outcome = news.perform(actors.system(task["agency"]), task["channel"], now)
    log.line("templates", channel=task["channel"], outcome=outcome)


def _claimed(task: Task, now: int) -> None:
    claims.record_claim(task["agency"], task["channel"], task["when"])


TASKS: Mapping[str, Callable[[Task, int], None]] = {
    "look": _look, "renew": _renew, "probe": _probe, grants.MEND: _mend, "catch_up": _catch_up,
    claims.CLAIMED: _claimed, apps.SECRET: _app_secret, app_secrets.FOLLOW: _follow,
    news.READ: _templates,
}  # fmt: skip

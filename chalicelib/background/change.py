"""`on_change` reads every change of the table and queues the work that follows from it. It does no work itself.

It runs at least once per change, for each item in the order of its changes, and stops at the first failure.
"""

from collections.abc import Callable, Iterable, Sequence

from chalicelib import batch, log
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.batch import Failures, Record
from chalicelib.events import lane, news
from chalicelib.events.events import Event
from chalicelib.inbox import files, messages
from chalicelib.origins import pictures, posts
from chalicelib.store import changes, keys
from chalicelib.store.changes import Change, Image
from chalicelib.teamwork import escalation
from chalicelib.transport import outbox


def handle(records: Sequence[Record]) -> Failures:
    """Queues the work that follows from the changes, in their order. If that fails, all changes come back."""
    failed = batch.each([records], _queue, lambda changes, error: log.problem("changes_failed", error))
    log.line("changes", records=len(records), returned=sum(map(len, failed)))
    return batch.failures(changes[0] for changes in failed)


def _queue(records: Sequence[Record]) -> None:
    read = [changes.read(record) for record in records]
    queues.send(*(task for change in read for task in tasks(change)), *event_tasks(read))


def tasks(change: Change) -> list[Task]:
    return [task(change) for concerns, task in ROUTES if concerns(change)]


def event_tasks(read: Iterable[Change]) -> list[Task]:
    """The tasks to append the events of these changes: one per agency, with its events in their order."""
    derived: dict[str, list[Event]] = {}
    since: dict[str, int] = {}

    def collect(change: Change) -> None:
        agency, events = keys.agency_of(change.pk), news.of_change(change)
        if events:
            derived.setdefault(agency, []).extend(events)
            since.setdefault(agency, change.at)

    batch.each(read, collect, _unreadable)
    return [task for agency, events in derived.items() for task in lane.tasks(agency, events, since[agency])]


def _unreadable(change: Change, error: Exception) -> None:
    """A change that cannot be read as an event is logged and counted: it must not stop those behind it."""
    log.problem("event_unreadable", error)
    log.count("event_unreadable")


def _leaves_work(change: Change) -> bool:
    """True if the change adds work about a message, other than for its files and moderation."""
    return bool(_added(change) - {files.FETCH, messages.MODERATE})


def _brings_files(change: Change) -> bool:
    """True if files of a message are to be copied: it is new, or an edit added them."""
    return files.FETCH in _added(change)


def _may_break_rules(change: Change) -> bool:
    return messages.MODERATE in _added(change)


def _added(change: Change) -> set[str]:
    return _todo(change.new) - _todo(change.old)


def _todo(image: Image) -> set[str]:
    return set(image["todo"]["S"].split(",")) if "todo" in image else set()


def _work_task(change: Change) -> Task:
    return outbox.task(change.pk, change.sk, change.new["todo"]["S"], change.new["channel"]["S"])


def _moderation_task(change: Change) -> Task:
    agency = keys.agency_of(change.pk)
    return Task("moderation", {"agency": agency, "pk": change.pk, "sk": change.sk}, group=agency)


def _copy_task(change: Change) -> Task:
    return files.task(change.pk, change.sk)


def _loses_files(change: Change) -> bool:
    return change.sk.startswith(keys.MESSAGES) and bool(files.lost(change.pk, change.old, change.new))


def _removal_task(change: Change) -> Task:
    return files.removal(change.pk, change.sk, change.old, change.new)


def _is_audited(change: Change) -> bool:
    return change.kind == "INSERT" and change.sk.startswith(keys.ENTRIES)


def _seal_task(change: Change) -> Task:
    id = change.new["id"]["S"]
    return Task("audit", {"entry": id}, group=keys.agency_of(change.pk), once=id)


def _moves_deadlines(change: Change) -> bool:
    """For a conversation that has a message; this includes one that was created together with its first message."""
    has_message = change.sk == keys.CONVERSATION and "last_message" in change.new
    return has_message and escalation.depends_on(change.old, change.new)


def _check_task(change: Change) -> Task:
    return escalation.check_task(keys.agency_of(change.pk), change.pk.partition("#")[2])


ROUTES: Sequence[tuple[Callable[[Change], bool], Callable[[Change], Task]]] = (
    (_leaves_work, _work_task),
    (_brings_files, _copy_task),
    (_may_break_rules, _moderation_task),
    (_loses_files, _removal_task),
    (_is_audited, _seal_task),
    (_moves_deadlines, _check_task),
    (posts.is_commented, posts.task),
    (posts.is_stale, posts.task),
    (pictures.is_new, pictures.task),
)

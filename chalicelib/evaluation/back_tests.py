"""Tries a rule on the past: a job judges the brand's past messages by the newest version, as if it were live and alone.

The facts about authors are today's. A conversation in which something happens meanwhile may be read twice, or not at
all. The report and its position are stored in one write, so a portion that is done twice counts once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.evaluation import reports, verdicts
from chalicelib.evaluation.reports import Report
from chalicelib.inbox import conversations
from chalicelib.jobs import jobs
from chalicelib.jobs.jobs import Portion
from chalicelib.moderation import facts
from chalicelib.rules import judging, policies, rulebooks, trials
from chalicelib.rules.judging import Facts, Outcome
from chalicelib.store import keys, listings, quota, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Case, Decision, Standing, StoredBackTest
from chalicelib.store.models.work import Job

Json = Mapping[str, Any]
KIND = "back_test"
MOST_A_DAY = 50
MOST_MESSAGES = 20_000
END = "end"
CONVERSATIONS, MESSAGES = 20, 200  # of a portion
# A new message opens its conversation, so `open` is read last: what moves meanwhile is mostly still to be read.
_STATUSES = tuple(reversed(conversations.STATUSES))
_SEEN = ("confirmed", "contradicted", "by_rules", "new")


def start(actor: Actor, stored: rulebooks.Stored, days: int, now: int) -> Job:
    """Raises Invalid if the rule's clause is no longer in the line, TooMany for too many tests a day."""
    brand = rulebooks.brand_of(stored)
    if not trials.alone(stored, policies.line_of(actor.agency, brand)):
        raise errors.Invalid(
            "The editorial line no longer has the rule's clause.", code="unknown_clause", field="clause"
        )
    quota.take(actor.agency, KIND, MOST_A_DAY, now, period=clock.DAY)
    id = ids.new("job")
    test = StoredBackTest(
        keys.within(actor.agency, brand), keys.BACK_TESTS + id, job=id, rule=stored["id"],
        rule_version=stored["version"], since=now - days * clock.DAY, until=now, report=Report().kept(),
        expires=now // clock.SECOND + jobs.KEPT_SECONDS,
    )  # fmt: skip
    asked = {"job": id, "brand": brand, "rule": {**stored, "name": ""}}
    return jobs.start(actor, KIND, asked, now, table.putting(test, StoredBackTest.pk.does_not_exist()), id=id)


def find(agency: str, stored: rulebooks.Stored, job: str) -> StoredBackTest:
    """Raises NotFound, also for a test of another rule."""
    test = _stored(agency, rulebooks.brand_of(stored), job) if ids.is_id(job, "job") else None
    if test is None or test.rule != stored["id"]:
        raise errors.NotFound
    return test


def _stored(agency: str, brand: str, job: str) -> StoredBackTest | None:
    return table.get(StoredBackTest, keys.within(agency, brand), keys.BACK_TESTS + job)


def portion(actor: Actor, parameters: Json, position: str, now: int) -> Portion:
    """Judges the next messages. Stops, and the test stays partial, if the actor may no longer do this for the brand."""
    test = _stored(actor.agency, parameters["brand"], parameters["job"])
    if test is None or not actor.may(*actor.needs, brand=parameters["brand"]):
        return Portion(0, None)
    if test.position == position:
        test = _try_portion(actor.agency, test, parameters, now)
    if test.position == END:
        rulebooks.note_test(actor, test.rule, test.rule_version, test.until, now)
    return Portion(test.added, None if test.position == END else test.position)


def _try_portion(agency: str, test: StoredBackTest, parameters: Json, now: int) -> StoredBackTest:
    report = reports.restored(test.report)
    before, walk = report.read, Walk(agency, parameters["brand"], test)
    judge = _judge_as_of_today(agency, parameters, now)
    for conversation, messages in walk.go_on(test.position):
        report.read += len(messages)
        _count(report, conversation, [message for message in messages if message.direction == "in"], judge)
    report.is_cut = report.read >= MOST_MESSAGES and bool(walk.next)
    actions = [
        StoredBackTest.report.set(report.kept()), StoredBackTest.added.set(report.read - before),
        StoredBackTest.position.set(END if report.is_cut else walk.next or END),
    ]  # fmt: skip
    table.update(test, actions, StoredBackTest.position == test.position)
    return table.get(StoredBackTest, test.pk, test.sk) or test


Judge = Callable[[Message, Conversation], Outcome]


def _judge_as_of_today(agency: str, parameters: Json, now: int) -> Judge:
    brand = parameters["brand"]
    policy = policies.of(agency, brand, now)
    rules = trials.alone(dict(parameters["rule"]), policy.line)
    policy = policies.of_today(agency, brand, replace(policy, rules=tuple(rules)))

    @cache
    def author(person: str) -> tuple[Contact | None, Standing | None]:
        return facts.author(agency, person)

    @cache
    def channel(id: str) -> Channel | None:
        return channels.find(agency, id)

    @cache
    def is_own(network: str, account: str, username: str) -> bool:
        return facts.is_own(agency, network, account, username)

    def judge(message: Message, conversation: Conversation) -> Outcome:
        person = (message.author or {}).get("contact", "")
        about = facts.Known(message, conversation, channel(message.channel), *author(person))
        about = replace(about, own=is_own(*facts.account_of(about)))
        known = facts.of(policy, about, now)
        return judging.judge(rules, as_it_came(message, known), now)

    return judge


def as_it_came(message: Message, known: Facts) -> Facts:
    """The facts as they were before anybody decided anything and before the message grew old."""
    return replace(known, settled=False, past=bool((message.context or {}).get("history")))


def _count(report: Report, conversation: Conversation, messages: Iterable[Message], judge: Judge) -> None:
    """Adds the incoming messages of one conversation. Its decisions are read only if the rule matches any of them."""
    meant = []
    for message in messages:
        report.looked += 1
        report.gone += bool(message.deleted_at)
        outcome = None if message.deleted_at else judge(message, conversation)
        if outcome and outcome.matches:
            meant.append((message, outcome))
    if meant:
        made = list(table.query(Decision, conversation.pk, keys.DECISIONS))
        cases = list(table.query(Case, conversation.pk, keys.CASES))
        for message, outcome in meant:
            report.note(message, conversation.network, outcome, verdicts.of(message, made, cases))


@dataclass
class Walk:
    """Walks through the messages of a brand, by conversation. `next` is where the next portion begins; empty at the
    end.

    A position is the number of the status, the activity after which the list goes on, and, within a conversation, its
    id and the sort key of the last message that was read.
    """

    agency: str
    brand: str
    test: StoredBackTest
    conversations: int = CONVERSATIONS
    messages: int = MESSAGES
    next: str = ""

    def go_on(self, position: str) -> Iterator[tuple[Conversation, list[Message]]]:
        """The next portion after that position: each conversation with its messages."""
        status, edge, begun, after = (position or "0|||").split("|")
        left, oldest = self.messages, keys.activity(self.test.since, "")
        talks, beyond = [], ""
        if begun:
            whole = conversations.find(self.agency, begun)
            talks, beyond = [whole] if whole else [], edge
        else:
            place = keys.inbox(self.agency, self.brand, _STATUSES[int(status)])
            talks, _, beyond = listings.portion(Conversation, place, self.conversations, edge or oldest)
        for conversation in talks:
            edge = conversation.activity if not begun and conversation.activity else edge
            said = self._messages(conversation, after, left)
            yield conversation, said
            left -= len(said)
            if left <= 0:
                self.next = f"{status}|{edge}|{conversation.id}|{said[-1].sk}"
                return
        self.next = f"{status}|{beyond}||" if beyond else self._status_after(int(status))

    def _messages(self, conversation: Conversation, after: str, most: int) -> list[Message]:
        start, end = after or keys.messages_at(self.test.since), keys.messages_at(self.test.until)
        return list(table.query(Message, conversation.pk, keys.MESSAGES, after=start, before=end, limit=most))

    def _status_after(self, status: int) -> str:
        return f"{status + 1}|||" if status + 1 < len(_STATUSES) else ""


def view(agency: str, test: StoredBackTest) -> Json:
    """The test as the API shows it, with the status of its job."""
    job, report = jobs.find(agency, test.job), reports.restored(test.report)
    status = job.status if job else "done"
    return {
        "job": test.job,
        "rule": test.rule,
        "version": test.rule_version,
        "status": status,
        "since": clock.text(test.since),
        "until": clock.text(test.until),
        "partial": report.is_cut or test.position != END,
        "looked": report.looked,
        "gone": report.gone,
        "matched": report.matched,
        "by_category": report.by_category,
        "by_network": report.by_network,
        "by_day": report.by_day,
        "acts": report.acts,
        **{verdict: report.verdicts[verdict] for verdict in _SEEN},
        "samples": report.samples,
    }

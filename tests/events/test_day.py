"""A day of everybody's work on an inbox: in the end the counters tell what a look at each conversation tells."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from random import Random

from chalicelib import clock, errors
from chalicelib.access import actors
from chalicelib.channels.channels import Owner
from chalicelib.events import recounts, tallies
from chalicelib.inbox import conversations, unread
from chalicelib.networks import base
from chalicelib.store import keys
from chalicelib.store.models.inbox import Conversation
from chalicelib.teamwork import assignment, triage
from chalicelib.transport import arrivals
from tests.support.stack import eventually, number
from tests.support.told import counted

NOW = clock.now()
PEOPLE = [f"p{n}" for n in range(12)]
ASSIGNEES = ["mbr_ana", "mbr_ben", "tem_nights", None]
STEPS, HANDS = 160, 4


def find(owner: Owner, who: str) -> Conversation | None:
    return conversations.find(owner.agency, conversations.find_id(owner, "dm", who))


def write(owner: Owner, chance: Random) -> None:
    who, second = chance.choice(PEOPLE), chance.randrange(60)
    said = base.Message(thread=who, id=f"{who}{second}", at=NOW + second * 1000, person=base.Person(id=who), text="Hi")
    is_ours = chance.random() < 0.25
    arrivals.receive(owner, replace(said, direction="out", person=None) if is_ours else said, NOW)


def read(owner: Owner, chance: Random) -> None:
    if conversation := find(owner, chance.choice(PEOPLE)):
        unread.mark_read(conversation, (conversation.last_message or {"id": ""})["id"], NOW)


def assign(owner: Owner, chance: Random) -> None:
    if (conversation := find(owner, chance.choice(PEOPLE))) and conversation.inbox:
        assignment.assign_unchecked(actors.system(owner.agency), conversation, chance.choice(ASSIGNEES), NOW)


def triage_it(owner: Owner, chance: Random) -> None:
    if (conversation := find(owner, chance.choice(PEOPLE))) and conversation.inbox:
        triage.change(actors.system(owner.agency), conversation, {"status": chance.choice(conversations.STATUSES)}, NOW)


WORK: list[Callable[[Owner, Random], None]] = [write, write, read, assign, triage_it]


def hand(owner: Owner, seed: int) -> None:
    """Does one thing after the other; where somebody else was faster, goes on."""
    chance = Random(seed)
    for _ in range(STEPS // HANDS):
        with suppress(errors.PreconditionFailed, errors.NotFound):
            chance.choice(WORK)(owner, chance)


def looked_at(owner: Owner) -> Counter[tuple[str, str]]:
    every = (conversation for who in PEOPLE if (conversation := find(owner, who)))
    return Counter(name for conversation in every for name in counted(conversation))


def kept(owner: Owner) -> Counter[tuple[str, str]]:
    numbers: Counter[tuple[str, str]] = Counter()
    for tally in tallies.known(owner.agency, [owner.brand], consistent=True).values():
        for name in {*tallies.OF_BRAND, *tallies.OF_ASSIGNEE}:
            numbers[tally.sk, name] = getattr(tally, name)
    return numbers


def test_counters_after_a_day_of_work_are_what_a_look_at_each_conversation_tells(owner: Owner) -> None:
    brand = replace(owner, brand=f"brd_{number()}")
    with ThreadPoolExecutor(HANDS) as together:
        working = [together.submit(copy_context().run, hand, brand, seed) for seed in range(HANDS)]
        assert [turn.result() for turn in working] == [None] * HANDS
    # Meanwhile the deadlines' checks take conversations from assignees who are nobody, and the counters follow.
    eventually(lambda: kept(brand) == looked_at(brand) == recounted(brand))
    assert looked_at(brand).total() > len(PEOPLE) // 2, "there was something to count"


def recounted(owner: Owner) -> Counter[tuple[str, str]]:
    """What `make recount` would make of it."""
    places = recounts.look(owner.agency, owner.brand, NOW).counted.items()
    return Counter({(keys.tally(*place), name): n for place, numbers in places for name, n in numbers.items()})

"""Two hundred cases and ten moderators at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib import clock, ids
from chalicelib.access import actors
from chalicelib.moderation import cases, claims, people
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Decision
from tests.support.stack import Stack, eventually

CASES, MODERATORS = 200, 10


def opened(agency: str, brand: str) -> set[str]:
    """The ids of so many cases, of messages in one conversation."""
    now, conversation = clock.now(), "cnv_00000000000000000001"
    pk, about = keys.within(agency, conversation), {"brand": brand, "channel": "chn_1", "surface": "comment"}
    times = {"created_at": now, "updated_at": now}
    talk = Conversation(pk, keys.CONVERSATION, **about, network="facebook", thread="t", last_message={}, **times)
    table.put(talk)
    table.update(talk, [Conversation.last_message.set({"id": "msg"})])
    made = set()
    for number in range(CASES):
        id = ids.message(conversation, now + number, str(number))
        when = {"sent_at": now, "received_at": now}
        said = {"id": id, "direction": "in", "kind": "text", "author": {}, "status": "received"}
        table.put(Message(pk, keys.message(id), **said, **about, **when))
        named = {"brand": brand, "conversation": conversation, "message": id, "text": "", "state": "done"}
        decision = Decision(
            pk, "", id=ids.repeated(conversation, "dec", id), by="rules", at=now, updated_at=now, **named
        )
        made.add(cases.open_for(decision, ["uncertain"], None, now + number).id)
    return made


@pytest.mark.slow
def test_no_case_is_given_to_two_of_many_and_none_is_lost(stack: Stack) -> None:
    agency, brand = ids.new("agc"), ids.new("brd")
    with fence.within(agency):
        made = opened(agency, brand)
        eventually(lambda: len(list(cases.listing(agency, [brand], "open"))) == CASES)

    def works(number: int) -> list[str]:
        moderator, decided = replace(actors.system(agency), member=f"mbr_{number}"), []
        with fence.within(agency):
            while case := claims.next_for(moderator, [brand], clock.now()):
                people.decide(moderator, case, "nothing", None, None, clock.now())
                decided.append(case.id)
        return decided

    with ThreadPoolExecutor(MODERATORS) as pool:
        decided = Counter(id for ids in pool.map(works, range(MODERATORS)) for id in ids)
    assert set(decided) == made
    assert set(decided.values()) == {1}

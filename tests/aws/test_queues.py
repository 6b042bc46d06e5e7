"""What a queue was given once SQS takes only some of it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from chalicelib.aws import queues
from chalicelib.aws.queues import NotSent, Task

CALL = "before-call.sqs.SendMessageBatch"


class Sqs:
    """In the place of SQS: takes all but the bodies it is to refuse, once."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refused: set[str] = set()

    def answer(self, params: Any, **_: Any) -> tuple[Any, Any]:

        entries = json.loads(params["body"])["Entries"]
        failed = [entry for entry in entries if entry["MessageBody"] in self.refused]
        self.refused -= {entry["MessageBody"] for entry in failed}
        self.taken += [entry["MessageBody"] for entry in entries if entry not in failed]
        return type("Answer", (), {"status_code": 200}), {
            "Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in failed]
        }


@pytest.fixture
def sqs(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sqs]:
    monkeypatch.setenv("OUTBOX_QUEUE", "https://sqs.example/outbox.fifo")
    queues._client.cache_clear()
    fake = Sqs()
    queues._client().meta.events.register(CALL, fake.answer)
    yield fake
    queues._client.cache_clear()


def tasks(names: Sequence[str]) -> list[Task]:
    """`a1` is the first of group `a`."""
    return [Task("outbox", {"name": name}, group=name[0], once=name) for name in names]


def of(group: str, bodies: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(body[9:11] for body in bodies if body[9] == group))


@pytest.mark.parametrize("refused", ["a1", "a2", "b1", "b3", "c1"])
def test_group_keeps_its_order_whatever_sqs_leaves_out_of_a_call(sqs: Sqs, refused: str) -> None:
    names = ["a1", "a2", "b1", "c1", "b2", "a3", "b3"]
    sqs.refused = {f'{{"name":"{refused}"}}'}
    with pytest.raises(NotSent):
        queues.send(*tasks(names))
    queues.send(*tasks(names))  # as the stream does; what was taken before is known by its `once`
    for group in "abc":
        assert of(group, sqs.taken) == [name for name in names if name[0] == group]


def test_tasks_of_many_groups_share_a_call(sqs: Sqs) -> None:
    calls: list[int] = []
    queues._client().meta.events.register_first(CALL, lambda params, **_: calls.append(params["body"].count(b'"Id"')))
    queues.send(*tasks([f"{group}{number}" for number in (1, 2) for group in "abcdefgh"]))
    assert calls == [8, 8]

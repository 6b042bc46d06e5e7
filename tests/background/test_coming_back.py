"""A task that fails comes back soon, whichever queue it is of, and not when one of a function that died would."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import app
from chalicelib.aws import queues
from local import infra

CALL = "before-call.sqs.ChangeMessageVisibility"
TABLE = infra.table()
QUEUES = {function["takes"]: name for name, function in TABLE["functions"].items() if "takes" in function}
GIVES_UP_SOON = {"push"}  # a page that was not told finds it when it asks next
FIFO = [name for name, queue in TABLE["queues"].items() if queue.get("fifo")]
# Nobody makes such a task, so it fails.
NONSENSE = json.dumps({"kind": "nonsense", "agency": "agc_1"})
WITHOUT_AGENCY = json.dumps({"kind": "nonsense"})


def record(queue: str, id: str, attempt: int) -> Mapping[str, Any]:
    return {
        "messageId": id, "receiptHandle": id, "body": NONSENSE if queue == "billing" else WITHOUT_AGENCY,
        "attributes": {"ApproximateReceiveCount": str(attempt), "MessageGroupId": "agc_1"},
    }  # fmt: skip


@pytest.fixture
def waits(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """In how many seconds each task is to come back, by its receipt."""
    for name in QUEUES:
        monkeypatch.setenv(f"{name.upper()}_QUEUE", f"https://sqs.example/{name}")
    asked: dict[str, int] = {}

    def answer(params: Any, **_: Any) -> tuple[Any, Any]:
        body = json.loads(params["body"])
        asked[body["ReceiptHandle"]] = body["VisibilityTimeout"]
        return type("Answer", (), {"status_code": 200}), {}

    queues._client.cache_clear()
    queues._client().meta.events.register(CALL, answer)
    yield asked
    queues._client.cache_clear()


@pytest.mark.parametrize("queue", QUEUES)
def test_a_task_that_fails_comes_back_in_a_second(queue: str, waits: dict[str, int]) -> None:
    answer = getattr(app, QUEUES[queue])({"Records": [record(queue, "a", 1)]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "a"}]}
    assert waits == {"a": 1}


@pytest.mark.parametrize("queue", FIFO)
def test_what_is_behind_it_in_its_group_comes_back_no_sooner(queue: str, waits: dict[str, int]) -> None:
    getattr(app, QUEUES[queue])({"Records": [record(queue, "a", 3), record(queue, "b", 1)]}, None)
    assert waits["a"] == 25
    assert queue == "deliveries" or waits["b"] >= 25  # a function takes one delivery at a time


def test_it_comes_back_later_each_time(waits: dict[str, int]) -> None:
    seconds = [queues.retry("inbound", record("inbound", "a", attempt)) for attempt in range(1, 8)]
    assert seconds == [1, 5, 25, 125, 300, 300, 300]
    assert waits == {"a": 300}


@pytest.mark.parametrize("queue", sorted(QUEUES.keys() - GIVES_UP_SOON))
def test_it_is_given_up_after_a_quarter_of_an_hour_at_the_earliest(queue: str, waits: dict[str, int]) -> None:
    tries = TABLE["queues"][queue]["tries"]
    assert sum(queues.retry(queue, record(queue, "a", attempt)) for attempt in range(1, tries)) >= 15 * 60

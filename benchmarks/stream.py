"""The table's stream, read four times a second as Lambda does and handed to `on_change`; and workers beside it."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import stand
from benchmarks.machine import matches
from chalicelib import settings
from local import infra

POLLS = 4
ending = threading.Event()
_workers: list[threading.Thread] = []


def begin(*works: Callable[[], None]) -> None:
    """Each in a thread of its own, until `end`. They look at `ending`."""
    ending.clear()
    _workers[:] = [threading.Thread(target=work) for work in works]
    for worker in _workers:
        worker.start()


def end() -> None:
    """Stops what was begun."""
    ending.set()
    for worker in _workers:
        worker.join()


def follow() -> None:
    import app

    patterns = infra.table()["functions"]["on_change"]["stream"]
    for records in _records():
        if chosen := [record for record in records if any(matches(pattern, record) for pattern in patterns)]:
            app.on_change({"Records": chosen}, None)


def _records() -> Iterator[list[Any]]:
    import boto3

    client = boto3.client("dynamodbstreams", endpoint_url=os.environ[stand.TABLE])
    [stream] = client.list_streams(TableName=settings.get().table)["Streams"]
    [shard] = client.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    iterator = client.get_shard_iterator(
        StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="LATEST"
    )["ShardIterator"]
    while not ending.is_set():
        answer = client.get_records(ShardIterator=iterator, Limit=1000)
        iterator = answer["NextShardIterator"]
        records = [_as_lambda_has_it(record) for record in answer["Records"]]
        for start in range(0, len(records), 100):
            yield records[start : start + 100]
        ending.wait(1 / POLLS)


def _as_lambda_has_it(record: Any) -> Any:
    at = record["dynamodb"]["ApproximateCreationDateTime"].timestamp()
    return {**record, "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": int(at)}}

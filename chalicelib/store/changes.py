"""Changes of the table as its stream tells them, at least once and for each item in their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import clock

Image = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of an item, in DynamoDB's JSON; `old` or `new` is empty if there is no such image.

    `number` is the same however often the stream tells of the change, and no other change has it. `at` (ms) is when it
    was made; the stream tells whole seconds.
    """

    kind: str
    pk: str
    sk: str
    old: Image
    new: Image
    number: str = ""
    at: int = 0


def read(record: Mapping[str, Any]) -> Change:
    """The change that a record of the stream tells of."""
    stream = record["dynamodb"]
    pk, sk = (stream["Keys"][name]["S"] for name in ("pk", "sk"))
    images = stream.get("OldImage", {}), stream.get("NewImage", {})
    at = int(stream["ApproximateCreationDateTime"]) * clock.SECOND
    return Change(record["eventName"], pk, sk, *images, number=stream["SequenceNumber"], at=at)

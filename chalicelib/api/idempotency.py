"""A POST with an `Idempotency-Key` is done once: its answer is kept for a day, and repeats get the same answer."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access.actors import Actor
from chalicelib.store import fence, table
from chalicelib.store.models.requests import Idempotency

KEPT_SECONDS = 24 * 3600
UNDER_WAY_SECONDS = 60
_FORM = re.compile(r"[\x21-\x7e]{1,256}")


@dataclass
class Turn:
    """One use of a key. `answer` is the status and the JSON text: those of an earlier use, or None until `keep`."""

    answer: tuple[int, str] | None = None
    replayed: bool = False

    def keep(self, status: int, body: Any) -> None:
        """Makes this the answer, for this use and for repeats."""
        self.answer = (status, json.dumps(body))

    def result(self) -> tuple[int, str]:
        if self.answer is None:
            raise errors.Unavailable
        return self.answer


@contextmanager
def once(actor: Actor, key: str, operation: str, raw: bytes, now: int) -> Iterator[Turn]:
    """Takes the key for the request that is done inside. If that raises an error, the key can be used again.

    Raises Malformed for a bad key, Invalid if it was used for another request, Conflict while the first request with
    it is under way.
    """
    if not _FORM.fullmatch(key):
        raise errors.Malformed(
            "1 to 256 visible ASCII characters.", code="bad_idempotency_key", field="Idempotency-Key"
        )
    fingerprint = hashlib.sha256(operation.encode() + b"\0" + raw).hexdigest()
    seconds = now // clock.SECOND
    place = (actor.agency, f"idempotency#{actor.member}#{ids.digest(key)}")
    record = Idempotency(*place, fingerprint=fingerprint, expires=seconds + UNDER_WAY_SECONDS)
    with fence.within(actor.agency):
        first = table.put(record, Idempotency.pk.does_not_exist() | (Idempotency.expires < seconds))
        turn = Turn() if first else _earlier(table.get(Idempotency, *place), fingerprint)
    try:
        yield turn
    except BaseException:
        if first:
            with fence.within(actor.agency):
                table.delete(record)
        raise
    if first:
        status, answer = turn.result()
        expires = seconds + KEPT_SECONDS
        actions = [Idempotency.status.set(status), Idempotency.answer.set(answer), Idempotency.expires.set(expires)]
        with fence.within(actor.agency):
            table.update(record, actions)


def _earlier(record: Idempotency | None, fingerprint: str) -> Turn:
    """The turn of a repeat. Without a record, the first request failed just now and released the key."""
    if record is None:
        raise errors.Conflict("Try again.", code="idempotency_in_flight", after=1)
    if record.fingerprint != fingerprint:
        raise errors.Invalid(
            "This key was used for another request.", code="idempotency_reused", field="Idempotency-Key"
        )
    if not record.status:
        raise errors.Conflict("The first request is still under way.", code="idempotency_in_flight", after=1)
    return Turn((record.status, record.answer), replayed=True)

"""A POST with an `Idempotency-Key` is done once: its answer is kept for a day, and repeats get the same answer.

If a request died, nobody knows whether it was done, so its repeat is refused unless the operation is `repeatable`.
Secrets are not stored: the repeat of an answer that had one is refused, and the problem holds the rest of the answer.
"""

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
    """One use of a key. `answer` is the status and the JSON text: of the earlier use for a repeat, else None until
    `keep`.

    `kept` is the text that repeats get; `is_whole` says whether it is the whole answer, with no secret left out.
    """

    answer: tuple[int, str] | None = None
    replayed: bool = False
    kept: str = ""
    is_whole: bool = True

    def keep(self, status: int, body: Any, without_secrets: Any) -> None:
        """Makes `body` the answer of this use, and stores `without_secrets` for repeats."""
        self.answer = (status, json.dumps(body))
        self.kept, self.is_whole = json.dumps(without_secrets), without_secrets == body

    def result(self) -> tuple[int, str]:
        if self.answer is None:
            raise errors.Unavailable
        return self.answer


@contextmanager
def once(actor: Actor, key: str, operation: str, raw: bytes, now: int, *, repeatable: bool = False) -> Iterator[Turn]:
    """Takes the key for the request that is done inside. If that raises an error, the key can be used again.

    Raises Malformed for a bad key, Invalid if it was used for another request, Conflict while the first request with
    it is under way, if it died and is not `repeatable`, and for a repeat of an answer that had a secret.
    """
    if not _FORM.fullmatch(key):
        detail = "The key has to be 1 to 256 visible ASCII characters."
        raise errors.Malformed(detail, code="bad_idempotency_key", field="Idempotency-Key")
    fingerprint = hashlib.sha256(operation.encode() + b"\0" + raw).hexdigest()
    seconds = now // clock.SECOND
    place = (actor.agency, f"idempotency#{actor.member}#{ids.digest(key)}")
    record = Idempotency(
        *place, fingerprint=fingerprint, ends=seconds + UNDER_WAY_SECONDS, expires=seconds + KEPT_SECONDS
    )
    is_free = Idempotency.pk.does_not_exist() | (Idempotency.expires < seconds)
    if repeatable:
        has_died = (Idempotency.status == 0) & (Idempotency.ends < seconds)
        is_free |= has_died & (Idempotency.fingerprint == fingerprint)
    with fence.within(actor.agency):
        first = table.put(record, is_free)
        turn = Turn() if first else _earlier(table.get(Idempotency, *place), fingerprint, seconds)
    try:
        yield turn
    except BaseException:
        if first:
            with fence.within(actor.agency):
                table.delete(record)
        raise
    if first:
        status, _ = turn.result()
        actions = [
            Idempotency.status.set(status),
            Idempotency.answer.set(turn.kept),
            Idempotency.is_whole.set(turn.is_whole),
            Idempotency.expires.set(seconds + KEPT_SECONDS),
        ]
        with fence.within(actor.agency):
            table.update(record, actions)


def _earlier(record: Idempotency | None, fingerprint: str, seconds: int) -> Turn:
    """The turn of a repeat. `record` is None if the first request failed in between and released the key."""
    if record is None:
        raise errors.Conflict(
            "The first request with this idempotency key has failed. Try again.", code="idempotency_in_flight", after=1
        )
    if record.fingerprint != fingerprint:
        raise errors.Invalid(
            "The idempotency key was used for another request. Use a new key.",
            code="idempotency_reused",
            field="Idempotency-Key",
        )
    if not record.status and record.ends < seconds:
        raise errors.Conflict(
            "The first request with this idempotency key did not finish. Check what it did, then use a new key.",
            code="unfinished",
        )
    if not record.status:
        raise errors.Conflict(
            "The first request with this idempotency key is still in progress. Try again.",
            code="idempotency_in_flight",
            after=1,
        )
    if not record.is_whole:
        raise errors.Conflict(
            "The request was done before. Only its first answer shows the secret.",
            code="shown_once",
            more={"answer": json.loads(record.answer)},
        )
    return Turn((record.status, record.answer), replayed=True)

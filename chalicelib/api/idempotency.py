"""A POST with an `Idempotency-Key` happens once: its answer is kept for a day and given again to the same request."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib import errors, ids
from chalicelib.access.actors import Actor
from chalicelib.store import fence, table
from chalicelib.store.models.requests import Idempotency

DAY = 24 * 3600
UNDER_WAY = 60
_FORM = re.compile(r"[\x21-\x7e]{1,256}")


@dataclass
class Turn:
    """One use of a key: the answer kept from an earlier use, or none yet."""

    answer: tuple[int, str] | None = None
    replayed: bool = False

    def keep(self, status: int, body: Any) -> None:
        """Answer so from now on."""
        self.answer = (status, json.dumps(body))

    def kept(self) -> tuple[int, str]:
        """The answer, of this use or of the first."""
        if self.answer is None:
            raise errors.Unavailable
        return self.answer


@contextmanager
def once(actor: Actor, key: str, operation: str, raw: bytes, now: int) -> Iterator[Turn]:
    """Take the key. Raises Malformed for a bad one, Invalid if it was used for another request, Conflict while in use.

    If the request fails the key is free again, so it can be repeated.
    """
    if not _FORM.fullmatch(key):
        raise errors.Malformed(
            "1 to 256 visible ASCII characters.", code="bad_idempotency_key", field="Idempotency-Key"
        )
    fingerprint = hashlib.sha256(operation.encode() + b"\0" + raw).hexdigest()
    seconds = now // 1000
    place = (actor.agency, f"idempotency#{actor.member}#{ids.digest(key)}")
    record = Idempotency(*place, fingerprint=fingerprint, expires=seconds + UNDER_WAY)
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
        status, answer = turn.kept()
        kept = [Idempotency.status.set(status), Idempotency.answer.set(answer), Idempotency.expires.set(seconds + DAY)]
        with fence.within(actor.agency):
            table.update(record, kept)


def _earlier(record: Idempotency | None, fingerprint: str) -> Turn:
    if record is None:
        raise errors.Conflict("Try again.", code="idempotency_in_flight", after=1)
    if record.fingerprint != fingerprint:
        raise errors.Invalid(
            "This key was used for another request.", code="idempotency_reused", field="Idempotency-Key"
        )
    if not record.status:
        raise errors.Conflict("The first request is still under way.", code="idempotency_in_flight", after=1)
    return Turn((record.status, record.answer), replayed=True)

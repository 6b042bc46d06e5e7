"""What Meta's networks share: the hook's hand-shake and signature, the envelope, the Graph API and its errors.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from chalicelib.networks import base, http

VERSION = "v25.0"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,128}")

Codes = Mapping[tuple[int, int | None], type[base.Outcome]]

# https://developers.facebook.com/docs/graph-api/guides/error-handling and .../overview/rate-limiting
# https://developers.facebook.com/docs/messenger-platform/error-codes
CODES: Codes = {
    (1, 1357046): base.Unknown,
    (3, None): base.Rejected,
    (4, None): base.Throttled,
    (10, None): base.Rejected,
    (10, 1893063): base.Throttled,
    (10, 2018108): base.Gone,
    (10, 2018278): base.WindowClosed,
    (10, 2534022): base.WindowClosed,
    (17, None): base.Throttled,
    (32, None): base.Throttled,
    (100, 33): base.Gone,
    (100, 2018001): base.Gone,
    (102, None): base.Expired,
    (190, None): base.Expired,
    (230, None): base.Rejected,
    (368, None): base.Throttled,
    (551, None): base.Gone,
    (613, None): base.Throttled,
    (1200, None): base.Unreachable,
    **{(code, None): base.Throttled for code in range(80000, 80015)},
}
# A Page has one list of fields per app, shared by the networks that hear of it: each asks for all of them.
PAGE_FIELDS = (
    "feed,mention,ratings,messages,message_echoes,message_edits,message_reactions,message_deliveries,message_reads,"
    "messaging_postbacks,messaging_referrals,messaging_optins,messaging_handovers,messaging_policy_enforcement,standby"
)
_STATUSES = {401: base.Expired, 429: base.Throttled}
_TRANSIENT = (1, 2)
_PAUSE = 300.0
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
_CENTURY = (946_684_800_000, 4_102_444_800_000)


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Hub-Signature-256` is the HMAC of the bytes as posted under one of the secrets."""
    signature = headers.get("x-hub-signature-256") or ""
    given = signature.removeprefix("sha256=").encode("utf-8", "replace")
    if len(given) != hashlib.sha256().digest_size * 2 or given == signature.encode("utf-8", "replace"):
        return False
    return any(
        hmac.compare_digest(hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().encode(), given)
        for secret in secrets.signing
        if secret
    )


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    """The challenge to echo, or None; only plain characters are ever echoed, so nothing can be injected."""
    token, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
    known = any(hmac.compare_digest(token.encode(), known.encode()) for known in secrets.verify if known)
    return challenge if query.get("hub.mode") == "subscribe" and known and _CHALLENGE.fullmatch(challenge) else None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing told of `account`: a change, or one of `messaging` or `standby`. `time` is its entry's, in ms."""

    account: str
    field: str
    value: base.Json
    time: int


Read = Callable[[Item], base.Event]
Split = Callable[[str, base.Json], Iterable[base.Json]]


def inbounds(
    payload: base.Json, name: str, read: Read, split: Split = lambda field, value: [value]
) -> list[base.Inbound]:
    """Every event of a body about object `name`; `split` cuts a value that tells several into values telling one."""
    if not isinstance(payload, dict):
        return []
    envelope = {key: payload[key] for key in ("object",) if key in payload}
    entries = payload.get("entry")
    if payload.get("object") != name or not isinstance(entries, list):
        return [base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=envelope)]
    return [
        base.Inbound(account=account, event=event, raw={**envelope, "entry": [part]})
        for entry in entries
        for account, event, part in _entry(entry, read, split)
    ]


def _entry(entry: Any, read: Read, split: Split) -> Iterator[tuple[str, base.Event, Any]]:
    """Each event of an entry, with the entry cut down to it."""
    try:
        account, time = identity(entry["id"]), millis(entry.get("time"))
    except UNREADABLE:
        yield "", base.Unhandled(reason="malformed"), entry
        return
    stamp = {key: entry[key] for key in ("id", "time") if key in entry}
    for field, value, part in _parts(entry, split):
        item = Item(account=account, field=field, value=value, time=time)
        yield account, _event(read, item), {**stamp, **part}


def _event(read: Read, item: Item) -> base.Event:
    try:
        return read(item) if isinstance(item.value, dict) else base.Unhandled(reason="malformed")
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _parts(entry: base.Json, split: Split) -> Iterator[tuple[str, Any, base.Json]]:
    """Field, value and the piece of the entry that holds them; one without a value where there is nothing to read."""
    if "field" in entry or not any(name in entry for name in ("changes", "messaging", "standby")):
        for value in _split(split, entry.get("field"), entry.get("value")):
            yield words(entry.get("field")), value, {"field": entry.get("field"), "value": value}
    for change in _list(entry, "changes"):
        told = change if isinstance(change, dict) else {}
        for value in _split(split, told.get("field"), told.get("value")):
            yield words(told.get("field")), value, {"changes": [{**told, "value": value}]}
    for name in ("messaging", "standby"):
        for given in _list(entry, name):
            for value in _split(split, name, given):
                yield name, value, {name: [value]}


def _list(entry: base.Json, name: str) -> list[Any]:
    found = entry.get(name, [])
    return found if isinstance(found, list) else [found]


def _split(split: Split, field: object, value: Any) -> list[Any]:
    try:
        return list(split(words(field), value))
    except UNREADABLE:
        return [value]


def identity(value: object) -> str:
    """An id exactly as received; raises ValueError for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise ValueError("not an id")
    return str(value)


def words(value: object) -> str:
    """A text or number as text; empty for anything else."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def pick(value: object, *names: str) -> dict[str, str]:
    """Those of the named texts and numbers that a JSON object has."""
    found = {name: words(value.get(name)) for name in names} if isinstance(value, dict) else {}
    return {name: text for name, text in found.items() if text}


def millis(value: object) -> int:
    """Seconds or milliseconds, told apart by size, as milliseconds; 0 for what is no time of this century."""
    try:
        number = int(value) if isinstance(value, str | int | float) else 0
    except (ValueError, OverflowError):
        return 0
    number = number * 1000 if abs(number) < 10**11 else number
    return number if _CENTURY[0] <= number < _CENTURY[1] else 0


def moment(value: object) -> int:
    """Graph's `2026-01-31T09:00:00+0000` as milliseconds; 0 for anything else."""
    try:
        return int(datetime.strptime(words(value), "%Y-%m-%dT%H:%M:%S%z").timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def graph(
    network: str,
    method: str,
    path: str,
    credentials: base.Credentials,
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    codes: Codes | None = None,
    host: str = "graph.facebook.com",
) -> Mapping[str, Any]:
    """Call the Graph API; raises the Outcome of its error, `codes` by `(code, subcode)` before the common ones."""
    answer = http.call(
        network,
        method,
        host,
        f"/{VERSION}{quote(path)}",
        token=credentials.token,
        query={**(query or {}), **_proof(credentials)},
        body=body,
    )
    if 200 <= answer.status < 300 and "error" not in answer.json:
        return answer.json
    raise _outcome(method, answer, codes or {})


def _proof(credentials: base.Credentials) -> dict[str, str]:
    """https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
    if not credentials.secret:
        return {}
    return {"appsecret_proof": hmac.new(credentials.secret.encode(), credentials.token.encode(), "sha256").hexdigest()}


def _outcome(method: str, answer: http.Response, codes: Codes) -> base.Outcome:
    error = answer.json.get("error")
    error = error if isinstance(error, dict) else {}
    code, subcode = _integer(error.get("code")) or 0, _integer(error.get("error_subcode"))
    outcome = (
        codes.get((code, subcode))
        or CODES.get((code, subcode))
        or codes.get((code, None))
        or CODES.get((code, None))
        or _by_status(method, answer.status, code)
    )
    text = error.get("error_user_msg") or error.get("message") or f"The network answered {answer.status}."
    named = "/".join(str(part) for part in (code, subcode) if part)
    after = _pause(answer.headers) if outcome is base.Throttled else 0
    return outcome(str(text), code=named or str(answer.status), after=after)


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _by_status(method: str, status: int, code: int) -> type[base.Outcome]:
    """A transient failure does not say whether a write was made (1 with 1357046 says that it was)."""
    if 400 <= status < 500 and code not in _TRANSIENT:
        return _STATUSES.get(status, base.Rejected)
    return base.Unreachable if method == "GET" else base.Unknown


def _pause(headers: Mapping[str, str]) -> float:
    """Seconds until calls count again: going on before that makes it longer, so the longest wait is taken."""
    try:
        usage = json.loads(headers.get("X-Business-Use-Case-Usage") or "{}")
        minutes = [use["estimated_time_to_regain_access"] for uses in usage.values() for use in uses]
        return float(max(minutes)) * 60 or _PAUSE
    except (AttributeError, KeyError, TypeError, ValueError):
        return _PAUSE

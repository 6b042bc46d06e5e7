"""`on_call` stores the API calls that the log reports. CloudWatch passes compressed log lines, and repeats them after a
failure.
"""

import base64
import gzip
import json
from functools import partial
from typing import Any

from chalicelib import log
from chalicelib.calls import records
from chalicelib.store import fence, keys, table, together
from chalicelib.store.models.requests import Call


def handle(event: Any) -> None:
    logs = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    calls = [call for line in logs["logEvents"] if (call := records.read(line["message"]))]
    by_agency: dict[str, list[Call]] = {}
    for call in calls:
        by_agency.setdefault(keys.agency_of(call.pk), []).append(call)
    for agency, theirs in by_agency.items():
        with fence.within(agency):
            together.each([partial(table.put, call) for call in theirs])
    log.line("calls", lines=len(logs["logEvents"]), kept=len(calls))

"""How the API is fuzzed: who asks what, and what a report says. The requests themselves are made by `make fuzz`."""

import json
from pathlib import Path

from local import docs, fuzz
from local.reference import trees


def asked() -> list[str]:
    return list(fuzz.command("http://api", "a-token", "agc_1", Path("report"), seconds=5, seed=1))


def test_what_is_left_out_is_in_the_document() -> None:
    known = {operation["operationId"] for operation in trees.operations(json.loads(docs.openapi_page()))}
    assert set(fuzz.LEFT_OUT) - known == set()


def test_every_check_is_made_by_who_is_signed_in_for_one_agency() -> None:
    call = asked()
    assert call[call.index("--checks") + 1] == "all"
    assert {"Authorization: Bearer a-token", "Palabre-Agency: agc_1"} <= set(call)
    assert call.count("--exclude-operation-id") == len(fuzz.LEFT_OUT)


def test_a_report_is_counted_by_status() -> None:
    lines = [
        json.dumps({"recorder": {"interactions": [{"response": {"status_code": 200}}, {"response": None}]}}),
        json.dumps({"response": {"status_code": 503}, "more": [{"status_code": "none"}]}),
    ]
    counted = fuzz.statuses(lines)
    assert counted == {200: 1, 503: 1}
    assert fuzz.tell("owner", counted) == "owner: 2 answers, 1 fine, 0 failed; {200: 1, 503: 1}"

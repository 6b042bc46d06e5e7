"""The app may be driven from threads: each gets the answer to its own request."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from chalicelib.api import requests
from chalicelib.api.requests import App

TOGETHER = 4


def event(number: int) -> Mapping[str, Any]:
    return {
        "httpMethod": "GET", "headers": {}, "multiValueQueryStringParameters": {"number": [str(number)]},
        "pathParameters": None, "stageVariables": None, "body": None, "isBase64Encoded": False,
        "requestContext": {"httpMethod": "GET", "resourcePath": "/asked", "path": "/asked"},
    }  # fmt: skip


def test_requests_of_several_threads_do_not_meet() -> None:
    app, all_are_in = App("threads"), Barrier(TOGETHER)

    @app.route("/asked")
    def asked() -> str:
        all_are_in.wait(timeout=10)
        query: Mapping[str, str] = dict(requests.current(app).query_params or {})
        return query["number"]

    with ThreadPoolExecutor(TOGETHER) as threads:
        answers = list(threads.map(lambda number: app(event(number), None)["body"], range(TOGETHER)))
    assert answers == [str(number) for number in range(TOGETHER)]

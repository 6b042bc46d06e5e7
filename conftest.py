"""For all tests: properties are tried on the same examples every time in CI, and on new ones everywhere else.

Also what the networks' folders and the tests of their contract share: a running double.
"""

import json
import os
import threading
from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings as hypothesis

from chalicelib import settings
from local.double import Server
from local.environment import NOWHERE

hypothesis.register_profile("ci", derandomize=True, deadline=None)
hypothesis.register_profile("here", deadline=None)
hypothesis.register_profile("quick", deadline=None, max_examples=10)
hypothesis.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Of a test that passed, a worker tells once and not three times, unless somebody asks how long its parts took."""
    if not hasattr(item.config, "workerinput") or item.config.option.durations is not None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session")
def running_double() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings are complete, and lead nowhere."""
    monkeypatch.delenv("NETWORK_APIS", raising=False)
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    yield
    settings.get.cache_clear()


@pytest.fixture
def server(running_double: Server, nowhere: None, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The networks' double with nothing called yet; all networks' calls go to it."""
    apis = {key: f"{running_double.url}/{key}" for key in running_double.doubles}
    monkeypatch.setenv("NETWORK_APIS", json.dumps(apis))
    running_double.state.clear()
    return running_double

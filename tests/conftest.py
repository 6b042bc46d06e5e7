"""One deployed product per test process: its own emulator, its own networks' double, two agencies."""

import gc
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from chalicelib.channels.channels import Owner
from chalicelib.store import fence
from local import package, ports, yaml_files
from local.cloud import Platform
from tests.support import company, failures, recorded, refused, rights, route_coverage, spilled, told, turns, user_pool
from tests.support.one_of_each import everything
from tests.support.people import Fan
from tests.support.stack import Channel, Stack, number
from tests.support.thorough import tries
from tests.support.whole_run import Judge

Reported = Generator[None, pytest.TestReport, pytest.TestReport]
# Whoever asks for one of these waits for an emulator, or for a package.
SLOW_FIXTURES = {"stack", "billed", "made", "resources"}


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Judge(config, "routes", route_coverage.done, route_coverage.faults))
    config.pluginmanager.register(Judge(config, "rights", rights.asked, rights.faults))
    config.pluginmanager.register(Judge(config, "failures", failures.noted, failures.faults))
    config.pluginmanager.register(Judge(config, "spilled", spilled.noted, spilled.faults))
    config.pluginmanager.register(Judge(config, "untold", told.missing, told.untold))
    config.pluginmanager.register(Judge(config, "events", told.shown, told.without_example))
    config.pluginmanager.register(Judge(config, "codes", recorded.refused, recorded.unknown_codes))
    config.pluginmanager.register(Judge(config, "examples", recorded.shown, recorded.bad_examples))
    config.pluginmanager.register(Judge(config, "refusals", refused.shown, refused.keep))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("stack")
    if tries(some=True, more=False) and not any("::" in arg for arg in config.args):
        items[:], left = turns.in_turn(items)
        config.hook.pytest_deselected(items=left)


def pytest_collection_finish() -> None:
    gc.freeze()  # tests that were collected stay to the end, so the collector need not look through them


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Reported:
    """A test on the stack that fails tells what functions failed on meanwhile."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if stack and call.when == "call" and call.excinfo:
        lines = failures.since(stack.platform, int(call.start * 1000))
        report.sections.append(("functions failed on", "\n".join(lines)))
    return report


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    calls = tmp_path_factory.mktemp("calls")
    platform = Platform(ports.free(), tmp_path_factory.mktemp("logs"), variables=rights.recording(calls))
    try:
        platform.start()
        platform.deploy()
        stack = Stack(platform, platform.seed(channels=False))
        with company.beside(stack):
            yield stack
        spilled.note(platform, told.note(stack).values())
        failures.note(platform)
    finally:
        platform.stop()
        rights.note(calls)


@pytest.fixture
def owner(stack: Stack) -> Iterator[Owner]:
    """A channel of ours that nobody has connected, for what is tried below the API, inside its agency's fence."""
    owner = Owner(stack.ours.id, stack.ours.brand, f"chn_{number()}", "example")
    with fence.within(owner.agency):
        yield owner


@pytest.fixture(scope="session")
def ours(stack: Stack) -> Mapping[str, str]:
    """One thing of each kind in our agency, by the word that begins its address."""
    return everything(stack, stack.ours)


@pytest.fixture(scope="session")
def theirs(stack: Stack) -> Mapping[str, str]:
    """The same in the other agency."""
    return everything(stack, stack.theirs)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[user_pool.Door]:
    """The authorizer's check before a pool whose keys we hold."""
    with user_pool.opened(monkeypatch) as opened:
        yield opened


@pytest.fixture(scope="session")
def made() -> Path:
    """What goes to AWS, built for this machine."""
    return package.build("prod", package.here())


@pytest.fixture(scope="session")
def resources(made: Path) -> Mapping[str, Any]:
    """What the packaged template makes."""
    parts: Mapping[str, Any] = yaml_files.read(made / "sam.yaml")["Resources"]
    return parts


@pytest.fixture
def channel(request: pytest.FixtureRequest, stack: Stack) -> Channel:
    """A fresh channel of the network in the parameter; Messenger's where there is none."""
    return stack.connect(getattr(request, "param", "messenger"))


@pytest.fixture
def fan(request: pytest.FixtureRequest, stack: Stack) -> Fan:
    """Somebody new on a fresh channel of the network in the parameter; of Messenger where there is none."""
    return Fan(stack.connect(getattr(request, "param", "messenger")))

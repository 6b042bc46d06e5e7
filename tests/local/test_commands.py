"""The commands behind make: what is wrong is said in one sentence, nothing is left behind, what gave up goes back."""

import os
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from chalicelib import networks
from local import agency, deploy, lock, package, ports, replay, run, yaml_files
from local.cloud import Platform
from local.environment import ROOT
from local.stage import Stage, stage_named
from tests.support.stack import Stack, eventually


def test_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            SystemExit, match=f"^Port {port} is in use. Take another: PALABRE_PORT={port + 1} make run$"
        ):
            run.checked_port(str(port), tmp_path / "none.json")


@pytest.mark.parametrize("text", ["web", "0", "65536", "-1"])
def test_what_is_no_port_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is no port"):
        run.checked_port(text, tmp_path / "none.json")


@pytest.mark.parametrize("text", ["localhost:3000", "http://localhost:3000/", "https://app.palabre.example", "*"])
def test_origins_without_one_for_our_own_page_are_told(text: str) -> None:
    with pytest.raises(SystemExit, match=r"no origin|in use"):
        run.checked_origins(text)


def test_page_is_at_the_first_origin_of_this_machine_that_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = f"http://localhost:{ports.free()}"
        asked = f"http://localhost:{taken.getsockname()[1]},https://app.palabre.example,{free}"
        assert run.checked_origins(asked).split(",") == [free, *asked.split(",")[:2]]


def test_missing_tool_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^ministack is not installed"):
        run.check_tools(tmp_path)


def test_another_python_is_told() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 10, 0, 'final', 0); runpy.run_module('local.run')"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Palabre runs on Python 3.11")
    assert len(done.stderr.splitlines()) == 1


def test_signing_in_to_aws_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(SystemExit, match=r"^Sign in to AWS first"):
        stage_named("prod")


def test_stage_has_to_be_said() -> None:
    with pytest.raises(SystemExit, match=r"^Say which stage"):
        deploy.main("local", {})


def test_agency_needs_all_of_its_names() -> None:
    with pytest.raises(SystemExit, match=r"^Say who"):
        agency.main("local", "Agence Voltaire", "", "ana@example.com")


@pytest.fixture
def bare(tmp_path: Path) -> Any:
    platform = Platform(ports.free(), tmp_path / "logs")
    platform.start()
    yield platform
    platform.stop()


@pytest.mark.slow
def test_stopping_leaves_nothing_behind(bare: Platform) -> None:
    groups, files = [child.pid for child in bare._children.values()], Path(bare._temporary)
    assert files.exists()
    bare.stop()
    assert not files.exists()
    for group in groups:
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)


@pytest.mark.slow
def test_server_that_dies_is_shown_with_its_last_words(bare: Platform) -> None:
    os.killpg(bare._children["double"].pid, signal.SIGTERM)
    bare._children["double"].wait()
    with pytest.raises(SystemExit, match=r"^The double ended with code -15. .*double.log ends so:"):
        bare.ensure_alive()


@pytest.mark.parametrize("fifo", [False, True])
def test_what_gave_up_goes_back_once(fifo: bool, stack: Stack) -> None:
    sqs = stack.client("sqs")
    end, kind = (".fifo", {"Attributes": {"FifoQueue": "true"}}) if fifo else ("", {})
    dead, queue = (sqs.create_queue(QueueName=f"{name}{end}", **kind)["QueueUrl"] for name in ("dead", "alive"))
    bodies = [str(number) for number in range(12)]
    for body in bodies:
        order = {"MessageGroupId": "one", "MessageDeduplicationId": body} if fifo else {}
        sqs.send_message(QueueUrl=dead, MessageBody=body, **order)
    assert replay.redrive(sqs, dead, queue) == len(bodies)
    back: list[str] = []

    def all_back() -> bool:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            back.append(message["Body"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return len(back) >= len(bodies)

    eventually(all_back)
    assert (back if fifo else sorted(back, key=int)) == bodies
    assert replay.redrive(sqs, dead, queue) == 0


def test_deploy_bucket_is_made_once_and_closed(stack: Stack) -> None:
    stage = Stage("prod", "eu-west-1", stack.client)
    name = deploy.deploy_bucket(stage)
    assert deploy.deploy_bucket(stage) == name == "palabre-deploy-000000000000-eu-west-1"
    closed = stack.client("s3").get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}


def test_hint_after_a_deployment_names_the_app_of_each_login() -> None:
    hint = deploy.following("prod", "https://api.example", hooks="https://hooks.example", sockets="wss://s.example")
    consents = {key: network.consent for key in networks.names() if (network := networks.get(key))}
    products = [(key, product) for key, consent in consents.items() if consent for product in consent.products]
    assert products
    for key, product in products:
        assert f'networks/{key}: "apps": {{"{product}": {{' in hint
    assert "https://api.example/v1/network-apps/<network>" in hint


def test_forks_are_checked_on_the_oldest_and_on_the_deployed_python() -> None:
    workflow = yaml_files.read(ROOT / ".github" / "workflows" / "check.yml")
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    assert workflow["jobs"]["check"]["strategy"]["matrix"]["python"] == [oldest, package.RUNTIME]


def test_what_is_deployed_is_what_is_pinned_file_by_file() -> None:
    pinned, locked = ((ROOT / name).read_text() for name in ("requirements.txt", "requirements.lock"))
    assert lock.pins(pinned) == lock.pins(locked)
    assert locked.count("--hash=sha256:") >= len(lock.pins(locked))


def test_what_no_function_reads_is_not_deployed(tmp_path: Path) -> None:
    """Stripe's library asks for `requests` and brings its types as a folder; it works without either."""
    for name in ("stripe/params/v1", "stripe/_http"):
        (tmp_path / name).mkdir(parents=True)
    package.drop(tmp_path, package.UNREAD)
    assert [path.name for path in (tmp_path / "stripe").iterdir()] == ["_http"]
    deployed = {pin.partition("==")[0] for pin in lock.pins((ROOT / "requirements.lock").read_text())}
    assert "stripe" in deployed
    assert deployed & {"requests", "certifi", "charset-normalizer"} == set()


def test_commits_are_formatted_by_the_ruff_that_checks_them() -> None:
    [repo] = yaml_files.read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert f"ruff=={repo['rev'].removeprefix('v')}\n" in (ROOT / "requirements-dev.txt").read_text()


@pytest.mark.parametrize("architecture", ["", "sparc"])
def test_architecture_that_lambda_has_not_is_refused(architecture: str) -> None:
    with pytest.raises(SystemExit, match="x86_64 and arm64"):
        package.on_lambda(architecture)


def test_template_names_the_runtime_and_leaves_the_architecture_to_a_parameter(made: Path) -> None:
    functions = [
        resource["Properties"]
        for resource in yaml_files.read(made / "sam.yaml")["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    assert {function["Runtime"] for function in functions} == {f"python{package.here().python}"}
    assert all(function["Architectures"] == [{"Ref": "Architecture"}] for function in functions)

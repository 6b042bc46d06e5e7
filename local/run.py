"""`make run`: the whole product on this machine, in the foreground, until Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import urllib3

from local import double, environment, package, seed, stack

ROOT = environment.ROOT
STATE = ROOT / ".local" / "stack.json"
NAME = "palabre"
STAGE = "local"
ORIGINS = "http://localhost:3000,http://localhost:5173,http://localhost:8080"


class Platform:
    """The emulator and the networks' double of one port, and the stack deployed there."""

    def __init__(self, port: int, logs: Path) -> None:
        self.port = port
        self.endpoint = f"http://127.0.0.1:{port}"
        self.double = f"http://127.0.0.1:{free_port()}"
        self.outputs: Mapping[str, str] = {}
        self._logs = logs
        self._children: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start both servers; ready when both answer."""
        self._logs.mkdir(parents=True, exist_ok=True)
        emulator = {
            "GATEWAY_PORT": str(self.port), "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "WARNING",
            "LAMBDA_WARM_TTL_SECONDS": "86400", "IOT_MTLS_ENABLED": "0",
        }  # fmt: skip
        self._spawn("ministack", [str(Path(sys.executable).with_name("ministack"))], emulator)
        self._spawn("double", [sys.executable, "-m", "local.double", self.double.rpartition(":")[2]], {})
        self._await(f"{self.endpoint}/_ministack/health")
        self._await(f"{self.double}/requests")

    def _spawn(self, name: str, command: list[str], more: Mapping[str, str]) -> None:
        with (self._logs / f"{name}.log").open("wb") as log:
            env = {**environment.tools(), **more}
            self._children.append(
                subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
            )

    def _await(self, url: str) -> None:
        for _ in range(600):
            if any(child.poll() is not None for child in self._children):
                raise SystemExit(f"A server did not start; see {self._logs}.")
            try:
                if urllib3.request("GET", url, retries=False, timeout=5).status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
        raise SystemExit(f"{url} does not answer; see {self._logs}.")

    def deploy(self) -> None:
        """Package the source and make or change the stack."""
        client = self.client
        s3 = client("s3")
        if "palabre-deploy" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(
                Bucket="palabre-deploy", CreateBucketConfiguration={"LocationConstraint": environment.REGION}
            )
        made = package.build(STAGE, native=True)
        parameters = {"Stage": STAGE, **self._parameters()}
        self.outputs = stack.deploy(client("cloudformation"), s3, "palabre-deploy", made, NAME, parameters)
        stack.finish(client("apigateway"), self.outputs["RestAPIId"], made)

    def _parameters(self) -> dict[str, str]:
        return {
            "NetworkApis": json.dumps({key: f"{self.double}/{key}" for key in double.doubles()}),
            "MediaHosts": self.double,
            "Origins": ORIGINS,
            "CognitoUrl": self.endpoint,
            "HooksUrl": f"{self.endpoint}/restapis/{{api}}/api/_user_request_/hooks",
        }

    def seed(self) -> Mapping[str, Any]:
        """Two agencies to try things with, and where everything is."""
        seed.configure(self.outputs, self.endpoint)
        apps = seed.networks(self.endpoint)
        first, second = (seed.agency(number, self.outputs, self.endpoint, only_owner=number == "2") for number in "12")
        api, hooks = f"{self.root}/v1", f"{self.root}/hooks"
        channels = [
            seed.channels(str(number), made["brand"], api, made["tokens"]["owner"])
            for number, made in enumerate((first, second), 1)
        ]
        return {
            "api": api, "hooks": hooks, "double": self.double, **first, "other_agency": {**second, "channels": channels[1]},
            "networks": {key: {"hook": f"{hooks}/{key}", **apps.get(key, {})} for key in double.doubles()},
            "channels": channels[0],
        }  # fmt: skip

    @property
    def root(self) -> str:
        """Where the gateway serves the API's stage."""
        return f"{self.endpoint}/restapis/{self.outputs['RestAPIId']}/api/_user_request_"

    def client(self, service: str) -> Any:
        """A boto3 client of this platform."""
        return environment.client(service, self.endpoint)

    def stop(self) -> None:
        """End both servers and what they started."""
        for child in self._children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in self._children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def main() -> None:
    """Start, deploy, seed, tell where things are, then redeploy on every change of the source until Ctrl-C."""
    port = int(os.environ.get("PALABRE_PORT", "4566"))
    if in_use(port):
        raise SystemExit(f"Port {port} is in use: set PALABRE_PORT to a free one.")
    platform = Platform(port, ROOT / ".local" / "logs")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    began = time.monotonic()
    try:
        step("Starting the emulator and the networks' double", platform.start)
        step("Packaging and deploying", platform.deploy)
        found = step("Making two agencies with a channel on every network", platform.seed)
        STATE.write_text(json.dumps(found, indent=1))
        tell(found, time.monotonic() - began)
        watch(platform)
    except KeyboardInterrupt:
        pass
    finally:
        print("\nStopping.", flush=True)
        platform.stop()
        STATE.unlink(missing_ok=True)


def step(title: str, do: Any) -> Any:
    """Do it, showing what and how long."""
    print(f"  {title} ...", end="", flush=True)
    began = time.monotonic()
    result = do()
    print(f" {time.monotonic() - began:.1f} s", flush=True)
    return result


def in_use(port: int) -> bool:
    """True if somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def tell(found: Mapping[str, Any], seconds: float) -> None:
    """Where things are."""
    print(
        f"""
Palabre is up after {seconds:.0f} s. Ctrl-C ends it, and its data with it.

  API       {found["api"]}
  Hooks     {found["hooks"]}/<network>
  Networks  {found["double"]}  (the double: GET /requests, POST /behaviours, POST /webhooks)
  Details   .local/stack.json: agencies, channels, secrets, a token per role
  Logs      .local/logs

In another terminal:  make demo
Or:  curl -H "Authorization: Bearer $(jq -r .tokens.owner .local/stack.json)" {found["api"]}/me
""",
        flush=True,
    )


def watch(platform: Platform) -> None:
    """Redeploy whenever the source has changed and packages well."""
    known = package.fingerprint()
    while True:
        time.sleep(1)
        present = package.fingerprint()
        if present != known:
            known = present
            try:
                step("The source changed: redeploying", platform.deploy)
            except SystemExit as failure:
                print(f" failed:\n{failure}", flush=True)


if __name__ == "__main__":
    main()

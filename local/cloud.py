"""A cloud on one machine: the emulator on a port, its networks' double, and the stack deployed there."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3

from local import bedrock, double, environment, package, ports, seed, stack, warm
from local.stage import LOCAL

ROOT = environment.ROOT
ORIGINS = "http://localhost:3000,http://localhost:5173,http://localhost:8080"
# Where programs of this machine may take webhooks. Elsewhere an address is https and on the public internet.
RECEIVERS = "http://localhost:9000,http://localhost:9001,http://localhost:9002"
_SECONDS = 30.0
_AT_ONCE = 25  # items that DynamoDB deletes in one call


class Platform:
    """The emulator on a port, and its double. Once stopped, it leaves nothing on the disk or in memory.

    `variables` are added to the environment of the emulator, which passes it on to the functions. With `billing`,
    agencies pay Stripe's double. Pages of the `origins` may call the API; the first is that of our own page.
    """

    def __init__(
        self,
        port: int,
        logs: Path,
        *,
        double_url: str = "",
        variables: Mapping[str, str] | None = None,
        billing: bool = False,
        origins: str = ORIGINS,
    ) -> None:
        self.port = port
        self.endpoint = f"http://127.0.0.1:{port}"
        self.double = double_url or f"http://127.0.0.1:{ports.free()}"
        self.outputs: Mapping[str, str] = {}
        self._logs = logs
        self._variables = variables or {}
        self._billing = billing
        self._origins = origins
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._temporary = ""

    @classmethod
    def running(cls, description: Mapping[str, Any]) -> "Platform":
        """The platform that stack.json describes; another process started it, and stops it."""
        port, logs = urlsplit(description["api"]).port or 80, ROOT / ".local" / "logs"
        billing, origins = description.get("billing", False), description.get("origins", ORIGINS)
        return cls(port, logs, double_url=description["double"], billing=billing, origins=origins)

    def start(self) -> None:
        """Starts both servers, and returns when both answer."""
        self._logs.mkdir(parents=True, exist_ok=True)
        self._temporary = tempfile.mkdtemp(prefix="palabre-")
        emulator = {
            "GATEWAY_PORT": str(self.port), "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "WARNING",
            "LAMBDA_WARM_TTL_SECONDS": "86400", "IOT_MTLS_ENABLED": "0",
            "TMPDIR": self._temporary, "STATE_DIR": f"{self._temporary}/state",
            "S3_DATA_DIR": f"{self._temporary}/s3", **self._variables,
        }  # fmt: skip
        self._spawn("emulator", [sys.executable, "-m", "local.emulator"], emulator)
        self._spawn("double", [sys.executable, "-m", "local.double", self.double.rpartition(":")[2]], {})
        self._await(f"{self.endpoint}/_ministack/health")
        self._await(f"{self.double}/requests")

    def _spawn(self, name: str, command: list[str], more: Mapping[str, str]) -> None:
        # A group of its own: Ctrl-C is for us, who end the group with all that it started.
        with self._log(name).open("wb") as log:
            env = {**environment.tools(), **more}
            self._children[name] = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
            )

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _await(self, url: str) -> None:
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            self.ensure_alive()
            try:
                if urllib3.request("GET", url, retries=False, timeout=5).status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
        raise SystemExit(f"{url} does not answer; see {self._logs}.")

    def ensure_alive(self) -> None:
        """SystemExit, with the end of its log, if a server has ended by itself."""
        for name, child in self._children.items():
            if child.poll() is not None:
                last = "\n".join(self._log(name).read_text(errors="replace").splitlines()[-15:])
                raise SystemExit(f"The {name} ended with code {child.returncode}. {self._log(name)} ends so:\n{last}")

    def deploy(self) -> None:
        """Packages the source and makes or changes the stack."""
        client = self.client
        with package.alone(f"deploy-{self.port}"):
            s3 = client("s3")
            if "palabre-deploy" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
                s3.create_bucket(
                    Bucket="palabre-deploy", CreateBucketConfiguration={"LocationConstraint": environment.REGION}
                )
            built = package.build(LOCAL, package.here())
            parameters = {"Stage": LOCAL, **self._parameters()}
            name = stack.name_of(LOCAL)
            self.outputs = stack.deploy(client("cloudformation"), s3, "palabre-deploy", built, name, parameters)
            stack.finish(client("apigateway"), self.outputs["RestAPIId"], built, self.root)
            self._let_back()

    def _let_back(self) -> None:
        """Allows sign-in to lead back to the API's page of operations; its address is known only
        after the deployment.
        """
        pool, client = self.client("cognito-idp"), self.outputs["UserPoolClient"]
        known = stack.callbacks(self._origins).split(",")
        pool.update_user_pool_client(
            UserPoolId=self.outputs["UserPool"],
            ClientId=client,
            CallbackURLs=[*filter(None, known), stack.docs_callback(self.root)],
        )

    def _parameters(self) -> dict[str, str]:
        return {
            "NetworkApis": json.dumps(double.addresses(self.double)),
            "Guardrail": bedrock.GUARDRAIL,
            "GuardrailVersion": bedrock.VERSION,
            "MediaHosts": self.double,
            "ReceiverHosts": f"{self.double},{RECEIVERS}",
            "Resolver": self.double.removeprefix("http://"),
            "Origins": self._origins,
            "Callbacks": stack.callbacks(self._origins),
            "AccountsUrl": self.page,
            "CognitoUrl": self.endpoint,
            "CountSeconds": "1",
            "IndexSeconds": "20",
            "TokenMinutes": "1440",  # whoever tries things for a day need not sign in again
            "MailFrom": seed.MAIL_FROM,
            "AppUrl": self.page,
            "Billing": "on" if self._billing else "off",
            "ApiUrl": f"{self.endpoint}/restapis/{{api}}/{{stage}}/_user_request_",
            "HooksUrl": f"{self.endpoint}/_aws/execute-api/{{api}}/hooks",
            "SocketsUrl": f"{self._sockets}/{{api}}/live",
        }

    def find(self) -> None:
        """Reads the outputs of the stack that is deployed already."""
        self.outputs = stack.outputs(self.client("cloudformation"), stack.name_of(LOCAL)) or {}

    def empty(self) -> None:
        dynamodb, s3 = self.client("dynamodb"), self.client("s3")
        table, bucket = self.outputs["Table"], self.outputs["Bucket"]
        names = {"#p": "pk", "#s": "sk"}
        pages = dynamodb.get_paginator("scan").paginate(
            TableName=table, ProjectionExpression="#p, #s", ExpressionAttributeNames=names
        )
        items = [item for page in pages for item in page["Items"]]
        for start in range(0, len(items), _AT_ONCE):
            gone = [{"DeleteRequest": {"Key": item}} for item in items[start : start + _AT_ONCE]]
            dynamodb.batch_write_item(RequestItems={table: gone})
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for entry in page.get("Contents", ()):
                s3.delete_object(Bucket=bucket, Key=entry["Key"])

    def seed(self, *, burst: bool = False, channels: bool = True) -> Mapping[str, Any]:
        """Makes two agencies to try things with, by default with a channel on every network.

        Gives the content of stack.json. With `burst` several processes of some functions are started.
        """
        seed.configure(self.outputs, self.endpoint)
        self.client("ses").verify_email_identity(EmailAddress=seed.MAIL_FROM)
        apps = seed.networks(self.endpoint)
        wake = partial(warm.functions, self.client("cloudformation"), self.client("lambda"), stack.name_of(LOCAL))
        wake(burst=False, only=warm.FIRST)
        first, second = (seed.agency(number, self.outputs, self.endpoint, only_owner=number == "2") for number in "12")
        api, hooks = f"{self.root}/v1", self.hooks
        sockets = f"{self._sockets}/{self.outputs['Sockets']}/live"
        ours, theirs = (
            seed.channels(str(number), agency["brand"], api, agency["tokens"]["owner"], trial=self._billing)
            if channels
            else []
            for number, agency in enumerate((first, second), 1)
        )
        description = {
            "billing": self._billing, "origins": self._origins, "page": self.page, "api": api,
            "hooks": hooks, "sockets": sockets, "double": self.double, **first,
            "other_agency": {**second, "channels": theirs},
            "networks": {key: {"hook": f"{hooks}/{key}", **apps.get(key, {})} for key in double.doubles()},
            "channels": ours,
        }  # fmt: skip
        wake(burst=burst)
        double_hooks = {channel["network"]: seed.hook(channel, apps) for channel in ours}
        urllib3.request("PUT", f"{self.double}/hooks", json=double_hooks)
        return description

    @property
    def page(self) -> str:
        """The address of the page of `make run`, to which mails link."""
        return self._origins.partition(",")[0]

    @property
    def hooks(self) -> str:
        """The base address of the hooks of all networks, and of Stripe's."""
        return f"{self.endpoint}/_aws/execute-api/{self.outputs['Hooks']}/hooks"

    @property
    def _sockets(self) -> str:
        """The base address of the gateways for sockets."""
        return f"{self.endpoint.replace('http', 'ws', 1)}/_aws/execute-api"

    @property
    def root(self) -> str:
        """The address of the API's stage."""
        return f"{self.endpoint}/restapis/{self.outputs['RestAPIId']}/api/_user_request_"

    def client(self, service: str) -> Any:
        return environment.client(service, self.endpoint)

    def stop(self) -> None:
        """Ends both servers and the processes that they started."""
        for child in self._children.values():
            _end(child, signal.SIGTERM)
        for child in self._children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(5)
            _end(child, signal.SIGKILL)  # a worker may have outlived its server
            child.wait()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)


def _end(child: "subprocess.Popen[bytes]", by: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # already gone
        os.killpg(child.pid, by)

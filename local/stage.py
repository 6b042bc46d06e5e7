"""Where a stage runs: `local` in the emulator of this machine, any other in the AWS account that is signed in."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from local import environment, stack

STATE = environment.ROOT / ".local" / "stack.json"
LOCAL = "local"


@dataclass(frozen=True)
class Stage:
    """A stage, and how to make clients of its AWS."""

    name: str
    region: str
    client: Callable[[str], Any]
    endpoint: str = ""

    def outputs(self) -> Mapping[str, str]:
        """The outputs of its CloudFormation stack; SystemExit if it is not deployed."""
        outputs = stack.outputs(self.client("cloudformation"), stack.name_of(self.name))
        if outputs is None:
            raise SystemExit(f"There is no stage {self.name!r} here: make deploy STAGE={self.name}")
        return outputs

    def enter(self) -> Mapping[str, str]:
        """Sets this process's environment so that our own code works on this stage; gives the stack's outputs."""
        outputs = self.outputs()
        os.environ.update(stack.variables(self.name, self.region, outputs))
        if self.endpoint:
            from local import seed

            seed.configure(outputs, self.endpoint)
        return outputs


def stage_named(name: str) -> Stage:
    """Raises SystemExit, with the reason in one sentence, if the stage cannot be reached."""
    if name != LOCAL:
        return _on_aws(name)
    endpoint = here()["api"].partition("/restapis/")[0]
    return Stage(LOCAL, environment.REGION, lambda service: environment.client(service, endpoint), endpoint)


def here() -> Mapping[str, Any]:
    """The content of stack.json, which describes the stack running on this machine; SystemExit if none runs."""
    description: Mapping[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {}
    if not description or not answers(description):
        raise SystemExit("Nothing is running here. Start it in another terminal first: make run")
    return description


def answers(description: Mapping[str, Any]) -> bool:
    """True if the networks' double answers at the address in the description."""
    url = f"{description['double']}/requests?network=none"
    try:
        return urllib3.request("GET", url, retries=False, timeout=3).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _on_aws(name: str) -> Stage:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)  # boto3 itself does not look there
    if not session.region_name:
        raise SystemExit("Say which region: AWS_REGION=eu-west-1 make ...")
    try:
        session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise SystemExit(f"Sign in to AWS first, for example with: aws sso login  ({error})") from error
    return Stage(name, session.region_name, session.client)

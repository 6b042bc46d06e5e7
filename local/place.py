"""Where a stage runs: `local` in the emulator of this machine, any other in the AWS account we are signed in to."""

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
class Place:
    """A stage, and how its AWS is spoken to."""

    stage: str
    region: str
    client: Callable[[str], Any]
    endpoint: str = ""

    def outputs(self) -> Mapping[str, str]:
        """What the deployed template tells; SystemExit if it is not deployed."""
        found = stack.outputs(self.client("cloudformation"), stack.name_of(self.stage))
        if found is None:
            raise SystemExit(f"There is no stage {self.stage!r} here: make deploy STAGE={self.stage}")
        return found

    def enter(self) -> Mapping[str, str]:
        """From now on our own code works on this stage; gives what its template tells."""
        outputs = self.outputs()
        os.environ.update(stack.variables(self.stage, self.region, outputs))
        if self.endpoint:
            from local import seed

            seed.configure(outputs, self.endpoint)
        return outputs


def of(stage: str) -> Place:
    """SystemExit, with one sentence why, if the stage cannot be spoken to."""
    if stage != LOCAL:
        return _on_aws(stage)
    endpoint = here()["api"].partition("/restapis/")[0]
    return Place(LOCAL, environment.REGION, lambda name: environment.client(name, endpoint), endpoint)


def here() -> Mapping[str, Any]:
    """What stack.json tells of the stack running on this machine; SystemExit if there is none."""
    found: Mapping[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {}
    if not found or not answers(found):
        raise SystemExit("Nothing is running here. Start it in another terminal first: make run")
    return found


def answers(found: Mapping[str, Any]) -> bool:
    """True if something listens where `found` says the networks' double is."""
    try:
        return (
            urllib3.request("GET", f"{found['double']}/requests?network=none", retries=False, timeout=3).status == 200
        )
    except urllib3.exceptions.HTTPError:
        return False


def _on_aws(stage: str) -> Place:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)  # boto3 itself does not look there
    if not session.region_name:
        raise SystemExit("Say which region: AWS_REGION=eu-west-1 make ...")
    try:
        session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise SystemExit(f"Sign in to AWS first, for example with: aws sso login  ({error})") from error
    return Place(stage, session.region_name, session.client)

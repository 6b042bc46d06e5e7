"""`make deploy STAGE=prod`: packages for Lambda and makes or changes the stack in your AWS account."""

import argparse
import re
import time
from collections.abc import Mapping
from typing import Any

from local import package, place, stack

# What an operator may set; what is left out keeps the value it had.
CHOICES = {
    "origins": "Origins",
    "alert_email": "AlertEmail",
    "mail_from": "MailFrom",
    "app_url": "AppUrl",
    "arch": "Architecture",
}


def main(stage: str, choices: Mapping[str, str]) -> None:
    """Package, deploy, tell what to do next."""
    if stage == place.LOCAL or not re.fullmatch("[a-z][a-z0-9]{1,15}", stage):
        raise SystemExit(
            "Say which stage, in lower case: make deploy STAGE=prod  (the local one is deployed by make run)"
        )
    where = place.of(stage)
    cloudformation = where.client("cloudformation")
    parameters = {**_present(cloudformation, stack.name_of(stage)), **choices, "Stage": stage}
    target = package.on_lambda(parameters.get("Architecture", "x86_64"))
    print(f"Packaging {stage} ...", flush=True)
    made = package.build(stage, target)
    bucket = deploy_bucket(where)
    print(f"Deploying to {where.region}, which takes a few minutes ", end="", flush=True)
    outputs = stack.deploy(
        cloudformation, where.client("s3"), bucket, made, stack.name_of(stage), parameters, wait=_dot
    )
    print(NEXT.format(stage=stage, api=outputs["EndpointURL"].rstrip("/")))


def deploy_bucket(where: place.Place) -> str:
    """The account's own bucket for packages, made if it is not there; SystemExit if somebody else has its name."""
    s3, account = where.client("s3"), where.client("sts").get_caller_identity()["Account"]
    name = f"palabre-deploy-{account}-{where.region}"
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise SystemExit(f"The bucket {name} is not yours to use: {error}") from error
        place_of = {} if where.region == "us-east-1" else {"LocationConstraint": where.region}
        s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place_of} if place_of else {}))
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    return name


def _present(cloudformation: Any, name: str) -> Mapping[str, str]:
    """What was chosen before; CloudFormation itself would go back to the defaults."""
    if stack.outputs(cloudformation, name) is None:
        return {}
    parameters = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("Parameters", ())
    return {one["ParameterKey"]: one["ParameterValue"] for one in parameters}


def _dot() -> None:
    time.sleep(5)
    print(".", end="", flush=True)


NEXT = """

Palabre is deployed.

  API    {api}/v1
  Hooks  {api}/hooks/<network>

Next:
1. For each network, keep the app secret from its dashboard and a verify token of your choice:
   aws secretsmanager create-secret --name palabre/{stage}/networks/instagram \\
     --secret-string '{{"signing": ["<app secret>"], "verify": ["<verify token>"]}}'
   then give the network's dashboard the hook's address and the verify token.
2. Found the first agency; its owner gets an e-mail with a first password:
   make agency STAGE={stage} NAME="Agence Voltaire" BRAND="Bella Pasta" EMAIL=you@example.com
3. Connect the brand's accounts: POST {api}/v1/channels, as docs/networks.md tells for each network.
"""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    for option in CHOICES:
        parser.add_argument(f"--{option.replace('_', '-')}", default="")
    given = vars(parser.parse_args())
    main(given.pop("stage"), {CHOICES[option]: value for option, value in given.items() if value})

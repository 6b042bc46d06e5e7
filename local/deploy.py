"""`make deploy STAGE=prod`: packages for Lambda and makes or changes the stack in your AWS account."""

import argparse
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import networks
from local import package, stack
from local.stage import LOCAL, Stage, stage_named

# Options of the command, and the template's parameters they set. An option that is left out keeps its value.
CONCURRENCY_FOR_SHARES = 1_000
CHOICES = {
    "origins": "Origins",
    "alert_email": "AlertEmail",
    "mail_from": "MailFrom",
    "mail_identity": "MailIdentity",
    "sign_up": "SignUp",
    "app_url": "AppUrl",
    "billing": "Billing",
    "search": "Search",
    "search_url": "SearchUrl",
    "guardrail": "Guardrail",
    "guardrail_version": "GuardrailVersion",
    "arch": "Architecture",
}


def main(stage_name: str, choices: Mapping[str, str]) -> None:
    if stage_name == LOCAL or not re.fullmatch("[a-z][a-z0-9]{1,15}", stage_name):
        raise SystemExit(
            "Say which stage, in lower case: make deploy STAGE=prod  (the local one is deployed by make run)"
        )
    stage, name = stage_named(stage_name), stack.name_of(stage_name)
    cloudformation = stage.client("cloudformation")
    present = _present_parameters(cloudformation, name)
    parameters = {**present, "Reserve": _may_reserve(stage), **choices, "Stage": stage_name}
    origins = parameters.get("Origins", "")
    parameters["Callbacks"] = callbacks(origins, stack.outputs(cloudformation, name))
    target = package.on_lambda(parameters.get("Architecture", "x86_64"))
    print(f"Packaging {stage_name} ...", flush=True)
    built = package.build(stage_name, target)
    bucket = deploy_bucket(stage)
    print(f"Deploying to {stage.region}, which takes a few minutes ", end="", flush=True)
    outputs = stack.deploy(cloudformation, stage.client("s3"), bucket, built, name, parameters, wait=_wait)
    if parameters["Callbacks"] != callbacks(origins, outputs):  # the address of a new API was not known before
        parameters["Callbacks"] = callbacks(origins, outputs)
        outputs = stack.deploy(cloudformation, stage.client("s3"), bucket, built, name, parameters, wait=_wait)
    addresses = {"hooks": outputs["HooksURL"], "sockets": outputs["SocketsURL"]}
    print(following(stage_name, outputs["EndpointURL"].rstrip("/"), **addresses))


def following(stage_name: str, api: str, hooks: str, sockets: str) -> str:
    return NEXT.format(stage=stage_name, api=api, hooks=hooks, sockets=sockets, logins="\n".join(logins()))


def logins() -> Iterator[str]:
    """For each network with other logins, each with an app of its own: how their apps are written in its secret."""
    for key in networks.names():
        network = networks.get(key)
        products = network.consent.products if network and network.consent else {}
        if products:
            apps = ", ".join(f'"{product}": {{"id": .., "secret": ..}}' for product in products)
            yield f'     networks/{key}: "apps": {{{apps}}}'


def callbacks(origins: str, outputs: Mapping[str, str] | None) -> str:
    """Where sign-in may lead back to: a page of each origin, and the page of operations of a stack
    that exists already.
    """
    docs = stack.docs_callback(outputs["EndpointURL"]) if outputs else ""
    return ",".join(filter(None, (stack.callbacks(origins), docs)))


def deploy_bucket(stage: Stage) -> str:
    """The account's bucket for packages, made if it is missing; SystemExit if another account has its name."""
    s3, account = stage.client("s3"), stage.client("sts").get_caller_identity()["Account"]
    name = f"palabre-deploy-{account}-{stage.region}"
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise SystemExit(f"The bucket {name} is not yours to use: {error}") from error
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": stage.region}}
        s3.create_bucket(Bucket=name, **({} if stage.region == "us-east-1" else elsewhere))
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    return name


def _present_parameters(cloudformation: Any, name: str) -> Mapping[str, str]:
    """The parameters of the deployed stack; CloudFormation would reset those that are not passed again."""
    if stack.outputs(cloudformation, name) is None:
        return {}
    parameters = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("Parameters", ())
    return {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in parameters}


def _may_reserve(stage: Stage) -> str:
    """ "yes" if the account may run enough functions at once to give each a share; new accounts start with 10."""
    limit = stage.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    return "yes" if limit >= CONCURRENCY_FOR_SHARES else "no"


def _wait() -> None:
    time.sleep(5)
    print(".", end="", flush=True)


NEXT = """

Palabre is deployed.

  API      {api}/v1
  Hooks    {hooks}/<network>
  Sockets  {sockets}

Next:
1. For each network, keep the app secret from its dashboard and a verify token of your choice:
   aws secretsmanager create-secret --name palabre/{stage}/networks/instagram \\
     --secret-string '{{"signing": ["<app secret>"], "verify": ["<verify token>"],
       "app": {{"id": "<app id>", "secret": "<app secret>"}}}}'
   then give the network's dashboard the hook's address and the verify token, {api}/connected as the address
   to come back to, and at Meta {api}/meta/deauthorise and {api}/meta/deletion.
   A network with other logins has an app for each of them, beside "app":
{logins}
   An agency's own apps are set by PUT {api}/v1/network-apps/<network>, with the login as "product".
2. Found the first agency; its owner gets an e-mail with a first password:
   make agency STAGE={stage} NAME="Agence Voltaire" BRAND="Bella Pasta" EMAIL=you@example.com
3. Connect the brand's accounts: POST {api}/v1/channels, as docs/networks.md tells for each network.
"""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", required=True)
    for option in CHOICES:
        parser.add_argument(f"--{option.replace('_', '-')}", default="")
    options = vars(parser.parse_args())
    main(options.pop("stage_name"), {CHOICES[option]: value for option, value in options.items() if value})

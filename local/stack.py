"""Deploys the template: the same call to CloudFormation makes the stack here and on AWS."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local import infra, yaml_files
from local.policies import resource

DOMAIN = "https://$context.domainName/$context.stage"  # what AWS puts the API's address in the place of
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


def name_of(stage: str) -> str:
    return f"palabre-{stage}"


def deploy(
    cloudformation: Any,
    s3: Any,
    bucket: str,
    package: Path,
    name: str,
    parameters: Mapping[str, str],
    wait: Callable[[], None] = lambda: time.sleep(0.2),
) -> Mapping[str, str]:
    """Puts the package into the bucket and makes or changes the stack; gives its outputs once it is ready.

    `wait` is called between two looks. Raises SystemExit with CloudFormation's own reasons if it fails.
    """
    key = f"palabre/{package.name}"
    s3.upload_file(str(package / "deployment.zip"), bucket, f"{key}.zip")
    whole = (package / "sam.yaml").read_text().replace("./deployment.zip", f"s3://{bucket}/{key}.zip")
    s3.put_object(Bucket=bucket, Key=f"{key}.yaml", Body=whole.encode())
    options = {
        "StackName": name,
        "TemplateURL": f"{s3.meta.endpoint_url}/{bucket}/{key}.yaml",  # inline it may have 51,200 bytes only
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": CAPABILITIES,
    }
    change = cloudformation.create_stack if outputs(cloudformation, name) is None else cloudformation.update_stack
    try:
        change(**options)
    except cloudformation.exceptions.ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise
    return _settled(cloudformation, name, wait)


def outputs(cloudformation: Any, name: str) -> Mapping[str, str] | None:
    """None if there is no such stack."""
    try:
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}


def _settled(cloudformation: Any, name: str, wait: Callable[[], None]) -> Mapping[str, str]:
    status = "IN_PROGRESS"
    while status.endswith("IN_PROGRESS"):
        wait()  # CloudFormation has no event to wait for
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
        reasons = "\n".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)
        raise SystemExit(f"The stack {name} is {status}.\n{reasons}")
    return outputs(cloudformation, name) or {}


def callbacks(origins: str) -> str:
    """Where the user pool's pages may lead back to: one path of each origin."""
    from chalicelib.people.sign_in import CALLBACK

    return ",".join(f"{origin}{CALLBACK}" for origin in origins.split(",") if origin)


def docs_callback(root: str) -> str:
    """The address to which the user pool leads back after a sign-in on the API's page of operations."""
    return f"{root.rstrip('/')}/docs/signed-in"


def variables(stage: str, region: str, outputs: Mapping[str, str]) -> dict[str, str]:
    """The functions' environment variables, for a process that is to work as they do."""
    return {
        "STAGE": stage, "AWS_REGION": region, "AWS_DEFAULT_REGION": region, "TABLE": outputs["Table"],
        "BUCKET": outputs["Bucket"], "ANCHORS": outputs["Anchors"], "KEY": outputs["Key"],
        "USER_POOL": outputs["UserPool"], "USER_POOL_CLIENT": outputs["UserPoolClient"],
        "SOCKETS_API": outputs["Sockets"],
        **{f"{name.upper()}_QUEUE": outputs[resource(name)] for name in infra.table()["queues"]},
    }  # fmt: skip


def finish(apigateway: Any, api: str, package: Path, root: str) -> None:
    """Sets the gateway's own answers, which the emulator leaves out of an API's definition. AWS does not need this.

    `root` is the API's address, which the emulator does not know either.
    """
    body = yaml_files.template(package / "sam.yaml")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    for kind, answer in body["x-amazon-apigateway-gateway-responses"].items():
        apigateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            statusCode=answer["statusCode"],
            responseParameters=answer["responseParameters"],
            responseTemplates={kind: text.replace(DOMAIN, root) for kind, text in answer["responseTemplates"].items()},
        )
    apigateway.create_deployment(restApiId=api, stageName="api")

"""The template, deployed: the same call to CloudFormation makes the stack here and on AWS."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


class _Template(yaml.SafeLoader):
    """Reads a template; what CloudFormation would fill in stays unread."""


_Template.add_multi_constructor("!", lambda loader, suffix, node: None)


def template(path: Path) -> Any:
    """A template as it is written; what CloudFormation would fill in is None."""
    return yaml.load(path.read_text(), Loader=_Template)  # noqa: S506 - our own file


CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


def deploy(
    cloudformation: Any, s3: Any, bucket: str, package: Path, name: str, parameters: Mapping[str, str]
) -> Mapping[str, str]:
    """Put the package in the bucket and make or change the stack; gives its outputs once it is ready.

    Raises SystemExit with CloudFormation's own reasons if it fails.
    """
    key = f"palabre/{package.name}.zip"
    s3.upload_file(str(package / "deployment.zip"), bucket, key)
    template = (package / "sam.yaml").read_text().replace("./deployment.zip", f"s3://{bucket}/{key}")
    template_key = f"palabre/{package.name}.yaml"
    s3.put_object(Bucket=bucket, Key=template_key, Body=template.encode())
    options = {
        "StackName": name,
        "TemplateBody": template,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": CAPABILITIES,
    }
    if len(template) > 51_200:
        address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": template_key})
        options = {**options, "TemplateURL": address.partition("?")[0]}
        options.pop("TemplateBody")
    try:
        (cloudformation.update_stack if exists(cloudformation, name) else cloudformation.create_stack)(**options)
    except cloudformation.exceptions.ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise
    return _outputs(cloudformation, name)


def exists(cloudformation: Any, name: str) -> bool:
    """True if there is such a stack."""
    try:
        return bool(cloudformation.describe_stacks(StackName=name)["Stacks"])
    except cloudformation.exceptions.ClientError:
        return False


def _outputs(cloudformation: Any, name: str) -> Mapping[str, str]:
    while True:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        status = stack["StackStatus"]
        if not status.endswith("IN_PROGRESS"):
            break
        time.sleep(0.2)  # CloudFormation has no event to wait for
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
        reasons = "\n".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)
        raise SystemExit(f"The stack {name} is {status}.\n{reasons}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def finish(apigateway: Any, api: str, package: Path) -> None:
    """What the emulator leaves out of an API's definition: the gateway's own answers. AWS needs no such step."""
    body = template(package / "sam.yaml")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    for kind, answer in body["x-amazon-apigateway-gateway-responses"].items():
        apigateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            statusCode=answer["statusCode"],
            responseParameters=answer["responseParameters"],
            responseTemplates=answer["responseTemplates"],
        )
    apigateway.create_deployment(restApiId=api, stageName="api")

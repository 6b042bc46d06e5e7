"""`make infra`: writes the policies, queues, alarms and the dashboard from the one table in infra/functions.yaml.

Pure except for `main`: the table in, the text of each file out. The files are committed, and a test compares them.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from chalicelib.api import noted
from local import alarms, policies, yaml_files
from local.environment import ROOT
from local.policies import attribute, resource

Json = Mapping[str, Any]
TABLE = ROOT / "infra" / "functions.yaml"
# Some hours of an unreachable queue; then one change that always fails lets those behind it pass, and is told.
STREAM_TRIES = 1_000
LOGS_KEPT_DAYS = 90
# Not Lambda's START and REPORT of every call, twice as long as our own line; what went wrong it still tells.
OWN_LINES = {"LogFormat": "JSON", "SystemLogLevel": "WARN"}
# Of each function that reads a queue, on a developer's machine: more processes than cores only wait for each other.
AT_ONCE_HERE = 2
TWO_WEEKS = 14 * 24 * 3600
MADE = "# Made by `make infra` from infra/functions.yaml. Change that, not this.\n"


def table() -> Json:
    loaded: Json = yaml_files.read(TABLE)
    return loaded


def main() -> None:
    for path, text in files(table()).items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(text)
        print(f"  {path}")


def files(given: Json) -> dict[str, str]:
    """The text of every generated file, by its path in the repository."""
    functions, queues = given["functions"], given["queues"]
    written = {
        f".chalice/{_policy_file(name)}": _as_json(
            {"Version": "2012-10-17", "Statement": list(policies.statements(function))}
        )
        for name, function in functions.items()
    }
    return {
        ".chalice/config.json": _as_json(config(functions)),
        **written,
        "infra/made/queues.yaml": _as_yaml(wiring(functions, queues)),
        "infra/made/alarms.yaml": _as_yaml(
            {"Resources": {**alarms.alarms(given), "Dashboard": alarms.dashboard(queues)}}
        ),
    }


def config(functions: Json) -> Json:
    api = functions["api"]
    return {
        "version": "2.0",
        "app_name": "palabre",
        "autogen_policy": False,
        "api_gateway_endpoint_type": "REGIONAL",
        "lambda_memory_size": 512,
        "lambda_timeout": api["timeout"],
        "iam_policy_file": _policy_file("api"),
        "lambda_functions": {
            name: {"iam_policy_file": _policy_file(name), "lambda_timeout": function["timeout"]}
            for name, function in functions.items()
            if function is not api
        },
        "stages": {"local": {}, "prod": {}},
    }


def _policy_file(function: str) -> str:
    return f"policy-{function.replace('_', '-')}.json"


def wiring(functions: Json, queues: Json) -> Json:
    """The queues, what calls each function, and the variables with which functions find the queues."""
    timeouts = {function["takes"]: function["timeout"] for function in functions.values() if "takes" in function}
    resources: dict[str, Any] = {}
    for name, queue in queues.items():
        resources |= _queue(name, queue, timeouts[name])
    for function in functions.values():
        name = function["resource"]
        resources[f"{name}Logs"] = _logs(name)
        written = {"LoggingConfig": {"LogGroup": {"Ref": f"{name}Logs"}, **OWN_LINES}}
        resources[name] = {"Properties": {**written, **_share(function), **_called(function)}}
        if "stream" in function:
            given_up = {"Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": TWO_WEEKS}}
            resources[resource(function["gives_up_to"], dead=True)] = given_up
        if "serves" in function:
            resources |= _serving(function)
        if "answers" in function:
            resources |= _answering(function)
        if "hears" in function:
            resources |= _hearing(name, functions[function["hears"]]["resource"])
    outputs = {resource(name, dead=dead) for name in queues for dead in (False, True)}
    variables = {f"{name.upper()}_QUEUE": {"Ref": resource(name)} for name in queues}
    return {
        "Globals": {"Function": {"Environment": {"Variables": variables}}},
        "Resources": resources,
        "Outputs": {name: {"Value": {"Ref": name}} for name in sorted(outputs)},
    }


def _queue(name: str, queue: Json, timeout: int) -> Json:
    """A message stays hidden for at least six time-outs of its function, so that nothing is worked on twice at once."""
    fifo: dict[str, Any] = {"FifoQueue": True} if queue.get("fifo") else {}
    by_group = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"} if fifo else {}
    given_up = {"deadLetterTargetArn": attribute(resource(name, dead=True)), "maxReceiveCount": queue["tries"]}
    properties = {
        **fifo,
        **by_group,
        **({"DelaySeconds": {"Ref": queue["delay"]}} if "delay" in queue else {}),
        "VisibilityTimeout": -(-6 * timeout // 60) * 60,
        "MessageRetentionPeriod": TWO_WEEKS,
        "RedrivePolicy": given_up,
    }
    dead = {**fifo, "MessageRetentionPeriod": TWO_WEEKS}
    return {
        resource(name): {"Type": "AWS::SQS::Queue", "Properties": properties},
        resource(name, dead=True): {"Type": "AWS::SQS::Queue", "Properties": dead},
    }


def _logs(function: str) -> Json:
    name = {"Fn::Sub": f"/palabre/${{Stage}}/{function}"}
    return {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name, "RetentionInDays": LOGS_KEPT_DAYS}}


def _share(function: Json) -> Json:
    """How many instances of the function can always run, if the account is large enough to reserve any."""
    return {"ReservedConcurrentExecutions": {"Fn::If": ["Shares", function["reserved"], {"Ref": "AWS::NoValue"}]}}


def _serving(function: Json) -> Json:
    """Routes addresses of the networks' gateway to the function."""
    name, api = function["resource"], {"Ref": "Hooks"}
    integration = {
        "ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": attribute(name), "PayloadFormatVersion": "2.0",
    }  # fmt: skip
    target = {"Fn::Sub": f"integrations/${{{name}Integration}}"}
    routes = {
        name + re.sub(r"\W", "", f"{verb} {path}".title()): {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {"ApiId": api, "RouteKey": f"{verb.upper()} {path}", "Target": target},
        }
        for path, verbs in function["serves"].items()
        for verb in verbs
    }
    return {
        f"{name}Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": integration},
        **routes,
        **_callable_by("Hooks", name),
    }


def _answering(function: Json) -> Json:
    """The integration, routes and permission with which the sockets' gateway calls the function."""
    name, api = function["resource"], {"Ref": "Sockets"}
    path = f"path/2015-03-31/functions/${{{name}.Arn}}/invocations"
    uri = {"Fn::Sub": f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:{path}"}
    integration = {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri}
    target = {"Fn::Sub": f"integrations/${{{name}Integration}}"}
    routes = {
        f"{name}{key.strip('$').title()}": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {"ApiId": api, "RouteKey": key, "AuthorizationType": "NONE", "Target": target},
        }
        for key in function["answers"]
    }
    return {
        f"{name}Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": integration},
        **routes,
        **_callable_by("Sockets", name),
    }


def _hearing(name: str, other: str) -> Json:
    """Makes the function be called for lines of another function's log that have the mark."""
    group = f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:/palabre/${{Stage}}/{other}:*"
    may_call = {
        "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": name}, "Principal": "logs.amazonaws.com",
        "SourceArn": {"Fn::Sub": group},
    }  # fmt: skip
    lines = {
        "LogGroupName": {"Ref": f"{other}Logs"}, "FilterPattern": f'"{noted.MARK}"', "DestinationArn": attribute(name)
    }  # fmt: skip
    permission = f"{name}LogsPermission"
    return {
        permission: {"Type": "AWS::Lambda::Permission", "Properties": may_call},
        f"{name}Lines": {"Type": "AWS::Logs::SubscriptionFilter", "DependsOn": permission, "Properties": lines},
    }


def _callable_by(api: str, function: str) -> Json:
    source = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api}}}/*"
    may_call = {
        "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": function}, "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": source},
    }  # fmt: skip
    return {f"{function}InvokePermission": {"Type": "AWS::Lambda::Permission", "Properties": may_call}}


def _called(function: Json) -> Json:
    """The event sources of the function, merged into what Chalice makes of app.py."""
    reports = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
    name = function["resource"]
    events: dict[str, Json] = {}
    if "takes" in function:
        queue = {"Fn::Sub": f"${{{resource(function['takes'])}.Arn}}"}
        at_once = {"Fn::If": ["Local", AT_ONCE_HERE, function["reserved"]]}
        source = {"Queue": queue, **reports, "ScalingConfig": {"MaximumConcurrency": at_once}}
        events = {f"{name}SqsEventSource": {"Properties": source}}
    if "stream" in function:
        filters = [{"Pattern": json.dumps(pattern)} for pattern in function["stream"]]
        given_up = attribute(resource(function["gives_up_to"], dead=True))
        changes = {
            "Stream": attribute("Table", "StreamArn"), "StartingPosition": "TRIM_HORIZON",
            "BatchSize": function["batch"], "BisectBatchOnFunctionError": True, "MaximumRetryAttempts": STREAM_TRIES,
            **reports, "DestinationConfig": {"OnFailure": {"Destination": given_up}},
            "FilterCriteria": {"Filters": filters},
        }  # fmt: skip
        if "window" in function:
            changes["MaximumBatchingWindowInSeconds"] = {"Ref": function["window"]}
        events = {"Stream": {"Type": "DynamoDB", "Properties": changes}}
    return {"Events": events} if events else {}


def _as_json(value: Json) -> str:
    return json.dumps(value, indent=2) + "\n"


class _Plain(yaml.SafeDumper):
    """Writes a repeated part out again instead of using an anchor, which would have to be looked up."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_yaml(value: Json) -> str:
    return MADE + yaml.dump(value, Dumper=_Plain, sort_keys=False, width=120)


if __name__ == "__main__":
    main()

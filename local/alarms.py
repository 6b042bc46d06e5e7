"""The alarms and the dashboard, made from infra/functions.yaml. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from local.policies import attribute, resource

Json = Mapping[str, Any]


def resources(given: Json) -> Json:
    """The alarms and the dashboard, as the template has them."""
    return {**alarms(given), "Dashboard": dashboard(given["queues"])}


def alarms(given: Json) -> Json:
    """An alarm for each queue that gives up or is late, each function that dies, and each counter that counts."""
    made: dict[str, Any] = {}
    for name, queue in given["queues"].items():
        at = {"Name": "QueueName", "Value": attribute(resource(name), "QueueName")}
        dead = {"Name": "QueueName", "Value": attribute(resource(name, dead=True), "QueueName")}
        visible, age = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"
        made[f"{name.title()}Dead"] = _alarm(queue["dead"], "AWS/SQS", visible, dead)
        made[f"{name.title()}Late"] = _alarm(queue["late"], "AWS/SQS", age, at, most=queue["late_seconds"], periods=3)
    for function in given["functions"].values():
        name = function["resource"]
        at = {"Name": "FunctionName", "Value": {"Ref": name}}
        if "late" in function:
            most = function["late_seconds"] * 1000
            kind = function["gives_up_to"]
            given_up = {"Name": "QueueName", "Value": attribute(resource(kind, dead=True), "QueueName")}
            visible = "ApproximateNumberOfMessagesVisible"
            made[f"{kind.title()}Dead"] = _alarm(function["dead"], "AWS/SQS", visible, given_up)
            made[f"{kind.title()}Late"] = _alarm(
                function["late"], "AWS/Lambda", "IteratorAge", at, most=most, periods=3
            )
        text = f"{name} died or ran out of time; its log tells where."
        made[f"{name}Errors"] = _alarm(text, "AWS/Lambda", "Errors", at, statistic="Sum")
    for counter, about in given["counters"].items():
        at = {"Name": "stage", "Value": {"Ref": "Stage"}}
        made[about["alarm"]] = _alarm(about["means"], "Palabre", counter, at, most=about["most"], statistic="Sum")
    return made


def _alarm(
    text: str, space: str, metric: str, at: Json, *, most: int = 0, periods: int = 1, statistic: str = "Maximum"
) -> Json:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": text,
            "AlarmActions": [{"Ref": "Alerts"}],
            "Namespace": space,
            "MetricName": metric,
            "Dimensions": [at],
            "Statistic": statistic,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": most,
            "Period": 60,
            "EvaluationPeriods": periods,
            "TreatMissingData": "notBreaching",
        },
    }


def dashboard(queues: Json) -> Json:
    waiting = [_of_queue("ApproximateAgeOfOldestMessage", resource(name), name) for name in queues]
    given_up = [_of_queue("ApproximateNumberOfMessagesVisible", resource(name, dead=True), name) for name in queues]
    api = ["FunctionName", "${APIHandler}"]
    counters = ("ingress_rejected", "ingress_unconfigured", "quarantined", "unroutable")
    units = ("ConsumedWriteCapacityUnits", "ConsumedReadCapacityUnits")
    requests = (["AWS/Lambda", metric, *api] for metric in ("Invocations", "Errors"))
    durations = (["AWS/Lambda", "Duration", *api, {"stat": statistic}] for statistic in ("p50", "p99"))
    counted = (["Palabre", counter, "stage", "${Stage}"] for counter in counters)
    capacity = (["AWS/DynamoDB", metric, "TableName", "${Table}"] for metric in units)
    widgets = [
        _widget("Requests, and those that failed", "Sum", *requests),
        _widget("How long a request takes (ms)", None, *durations),
        _widget("Waiting longest (s)", "Maximum", *waiting),
        _widget("Given up", "Maximum", *given_up),
        _widget("Refused, unreadable or nobody's", "Sum", *counted),
        _widget("Capacity of the table", "Sum", *capacity),
    ]
    return {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {
            "DashboardName": {"Fn::Sub": "palabre-${Stage}"},
            "DashboardBody": {"Fn::Sub": json.dumps({"widgets": widgets}, indent=1)},
        },
    }


def _of_queue(metric: str, name: str, label: str) -> list[Any]:
    return ["AWS/SQS", metric, "QueueName", f"${{{name}.QueueName}}", {"label": label}]


def _widget(title: str, statistic: str | None, *metrics: list[Any]) -> Json:
    shown = {"title": title, "region": "${AWS::Region}", "period": 60, "metrics": list(metrics)}
    stat = {"stat": statistic} if statistic else {}
    return {"type": "metric", "width": 12, "height": 6, "properties": {**shown, **stat}}

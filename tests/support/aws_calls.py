"""What a call to AWS asks of IAM: actions, resources by their names in the template, and the keys that conditions read.

Ids are left out, so that what is asked alike is alike. What this does not know has an action that no policy permits.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

Json = Mapping[str, Any]
Names = Mapping[str, str]  # what a thing is called in the template, by its name here
ONE_BY_ONE = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
SENT = ("SendMessage", "SendMessageBatch")
GIVEN = {"MAIL_FROM": "MailFrom", "GUARDRAIL": "${Guardrail}"}  # what a stage may have
_VALUE = re.compile(r"([#\w]+) = (:\w+)")


class Call(TypedDict):
    """A request, as `iam.Request` has it."""

    action: str
    resource: str
    context: dict[str, list[str]]


def names(environment: Mapping[str, str]) -> Names:
    """From the environment of a function."""
    queues = {url: f"{name.removesuffix('_QUEUE').title()}Queue" for name, url in _queues(environment)}
    resources = {"TABLE": "Table", "BUCKET": "Bucket", "ANCHORS": "Anchors", "KEY": "Key", "USER_POOL": "UserPool"}
    given = {environment.get(variable, ""): name for variable, name in GIVEN.items()}
    return queues | {environment[variable]: name for variable, name in resources.items()} | given


def _queues(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, url) for name, url in environment.items() if name.endswith("_QUEUE"))


def needed(service: str, operation: str, params: Json, names: Names) -> list[Call]:
    """The requests that IAM decides about before the call is served."""
    if service == "dynamodb":
        return list(_of_table(operation, params, names))
    if service == "s3":
        return list(_of_bucket(operation, params, names))
    if service == "bedrock":
        return [_call(service, operation, f"guardrail/{_name(params['guardrailIdentifier'], names)}")]
    return [_call(service, *_other(service, operation, params, names))]


def needed_to_learn_that_there_is_none(params: Json, names: Names) -> list[Call]:
    """Who may not list the bucket is told that a missing file is forbidden."""
    return [_call("s3", "ListBucket", _name(params["Bucket"], names))]


def _of_table(operation: str, params: Json, names: Names) -> Iterator[Call]:
    if operation == "TransactWriteItems":
        for write in params["TransactItems"]:
            for kind, request in write.items():
                yield _of_items(ONE_BY_ONE.get(kind, kind), request, [_partition(request)], names)
    elif operation == "BatchGetItem":
        for table, batch in params["RequestItems"].items():
            yield _of_items(operation, {"TableName": table}, [key["pk"]["S"] for key in batch["Keys"]], names)
    else:
        leading = _asked_for(params) if operation == "Query" else [_partition(params)]
        yield _of_items(operation, params, leading, names)


def _of_items(action: str, request: Json, leading: Sequence[str], names: Names) -> Call:
    table = _name(request.get("TableName", ""), names)
    resource = f"{table}/index/{request['IndexName']}" if "IndexName" in request else table
    given = {"dynamodb:LeadingKeys": sorted({_family(key) for key in leading})} if any(leading) else {}
    return _call("dynamodb", action, resource, given)


def _partition(request: Json) -> str:
    """The key of a request about one item; empty if it names none, as a Scan."""
    item: Json = request.get("Item") or request.get("Key") or {}
    return str(item.get("pk", {}).get("S", ""))


def _asked_for(query: Json) -> list[str]:
    key = "inbox" if "IndexName" in query else "pk"
    return [
        query["ExpressionAttributeValues"][value]["S"]
        for name, value in _VALUE.findall(query["KeyConditionExpression"])
        if query.get("ExpressionAttributeNames", {}).get(name, name) == key
    ]


def _family(key: str) -> str:
    """A key like this one: `agc_1`, `agc_1#audit` and `agc_1#1` for an agency's, `user#1` and the like for others."""
    first, _, last = key.partition("#")
    if first.startswith("agc_"):
        return "agc_1" + (last and f"#{last if last == 'audit' else 1}")
    return f"{first}#1"


def _of_bucket(operation: str, params: Json, names: Names) -> Iterator[Call]:
    bucket = _name(params["Bucket"], names)
    if operation == "ListObjectsV2":
        prefix = params.get("Prefix", "").partition("/")[0]
        yield _call("s3", "ListBucket", bucket, {"s3:prefix": [f"{prefix}/1"]} if prefix else {})
        return
    if operation == "CopyObject":  # its source is a text by now, bucket and key
        yield _call("s3", "GetObject", _below(bucket, params["CopySource"].partition("/")[2]))
    does = {"HeadObject": "GetObject", "CopyObject": "PutObject"}.get(operation, operation)
    yield _call("s3", does, _below(bucket, params["Key"]))
    if "Tagging" in params:
        yield _call("s3", "PutObjectTagging", _below(bucket, params["Key"]))


def _below(bucket: str, key: str) -> str:
    prefix, slash, _ = key.partition("/")
    return f"{bucket}/{prefix}/1" if slash and not prefix.startswith("agc_") else f"{bucket}/1"


def _other(service: str, operation: str, params: Json, names: Names) -> tuple[str, str, dict[str, list[str]]]:
    """Action, resource and context."""
    if service == "sqs":
        return "SendMessage" if operation in SENT else operation, _name(params["QueueUrl"], names), {}
    if service == "kms":
        context = sorted(params.get("EncryptionContext", ()))
        return (
            operation,
            _name(params["KeyId"], names) if "KeyId" in params else "Key",
            ({"kms:EncryptionContextKeys": context} if context else {}),
        )
    if service == "secretsmanager":
        palabre, _, rest = params["SecretId"].split("/", 2)
        return operation, f"secret:{palabre}/${{Stage}}/{rest}-1a2b3c", {}
    if service == "cognito-idp":
        return operation, _name(params["UserPoolId"], names), {}
    if service == "ses":
        return operation, "identity/1", {"ses:FromAddress": [_name(params["Source"], names)]}
    return operation, "unknown", {}


def _name(here: str, names: Names) -> str:
    return names.get(here, f"unknown {here}")


def _call(service: str, action: str, resource: str, context: dict[str, list[str]] | None = None) -> Call:
    return {"action": f"{service}:{action}", "resource": resource, "context": context or {}}

"""The IAM policies of the functions, from their entries in infra/functions.yaml. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
FAMILIES = {
    "agency": "agc_*", "audit": "agc_*#audit", "user": "user#*", "route": "route#*", "hook": "hook#*", "due": "due#*",
    "look": "look#*", "granted": "granted#*", "ticket": "ticket#*", "socket": "socket#*", "customer": "customer#*",
    "app": "app#*", "domain": "domain#*", "client": "client#*", "pulse": "pulse#*", "mended": "mended#*",
}  # fmt: skip
ITEM_ACTIONS = {
    "get": "GetItem", "batch": "BatchGetItem", "query": "Query", "check": "ConditionCheckItem", "put": "PutItem",
    "update": "UpdateItem", "delete": "DeleteItem",
}  # fmt: skip
FILE_ACTIONS = {"get": "GetObject", "put": "PutObject", "delete": "DeleteObject"}
KEY_ACTIONS = {"seal": "GenerateDataKey", "open": "Decrypt"}
RECEIVE = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"]
USERS = [
    "ListUsers",
    "AdminCreateUser",
    "AdminGetUser",
    "AdminDeleteUser",
    "AdminUserGlobalSignOut",
    "CreateUserPoolClient",
    "DeleteUserPoolClient",
    "UpdateUserPoolClient",
    "CreateIdentityProvider",
    "UpdateIdentityProvider",
    "DeleteIdentityProvider",
]
FOLLOW = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"]
# Nothing is sealed or opened without saying for whose channel: agency and channel are part of what is encrypted.
_BOUND = {
    "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["agency", "channel"]},
    "Null": {"kms:EncryptionContextKeys": "false"},
}
ACCOUNT = "${AWS::Partition}:{service}:${AWS::Region}:${AWS::AccountId}"


def resource(queue: str, *, dead: bool = False) -> str:
    """The template's name of a queue, or of its dead-letter queue."""
    return f"{queue.title()}{'Dead' if dead else ''}Queue"


def policy(function: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements(function))}


def statements(function: Json) -> Iterator[Json]:
    """The rights of a function, and that it may not rewrite the audit."""
    yield _allow(["logs:CreateLogStream", "logs:PutLogEvents"], [_account("logs", "log-group:/palabre/${Stage}/*")])
    yield from _of_table(function)
    yield from _of_bucket(function.get("bucket", {}))
    yield from _of_anchors(function.get("anchors", "").split())
    yield from _of_queues(function)
    if "stream" in function:
        yield _allow(_named("dynamodb", FOLLOW), [attribute("Table", "StreamArn")])
        yield _allow(["sqs:SendMessage"], [attribute(resource(function["gives_up_to"], dead=True))])
    if "key" in function:
        uses = _named("kms", [KEY_ACTIONS[use] for use in function["key"]])
        yield {**_allow(uses, [attribute("Key")]), "Condition": _BOUND}
    if secrets := function.get("secrets"):
        named = [_account("secretsmanager", f"secret:palabre/${{Stage}}/{name}{_suffix(name)}") for name in secrets]
        yield _allow(["secretsmanager:GetSecretValue"], named)
    if function.get("speaks"):
        yield _allow(["execute-api:ManageConnections"], [_account("execute-api", "${Sockets}/live/*/@connections/*")])
    if function.get("finds"):
        domain = _account("es", "domain/palabre-${Stage}/*")
        yield _allow(_named("es", ["ESHttpPost", "ESHttpPut"]), [domain])
    if function.get("judges"):
        yield _allow(["bedrock:ApplyGuardrail"], [_account("bedrock", "guardrail/${Guardrail}")])
    if function.get("users"):
        yield _allow(_named("cognito-idp", USERS), [attribute("UserPool")])
    if function.get("mail"):
        sender = {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}
        yield {**_allow(["ses:SendEmail"], [_account("ses", "identity/*")]), "Condition": sender}
    if "table" in function:
        yield _audit_is_kept()


def _of_table(function: Json) -> Iterator[Json]:
    """One statement for all actions on the same families of keys: a request's keys must all match the patterns of one
    statement.
    """
    families: dict[str, list[str]] = {}
    for family, words in function.get("table", {}).items():
        for word in words.split():
            families.setdefault(word, []).append(FAMILIES[family])
    alike: dict[tuple[str, ...], list[str]] = {}
    for word, patterns in families.items():
        alike.setdefault(tuple(patterns), []).append(ITEM_ACTIONS[word])
    for patterns_alike, actions in alike.items():
        yield {**_allow(_named("dynamodb", actions), [attribute("Table")]), **_leading(patterns_alike)}
    if function.get("index"):
        index = {"Fn::Sub": "${Table.Arn}/index/inbox"}
        yield {**_allow(["dynamodb:Query"], [index]), **_leading([FAMILIES["agency"]])}


def _leading(patterns: Sequence[str]) -> Json:
    """A request without any key would match every pattern, so it is excluded separately."""
    fits = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(patterns)}}
    return {"Condition": {**fits, "Null": {"dynamodb:LeadingKeys": "false"}}}


def _audit_is_kept() -> Json:
    return {
        "Sid": "NobodyRewritesTheAudit",
        "Effect": "Deny",
        "Action": ["dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        "Resource": [attribute("Table")],
        "Condition": {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["*#audit"]}},
    }


def _of_bucket(prefixes: Json) -> Iterator[Json]:
    for word, action in FILE_ACTIONS.items():
        below = [prefix for prefix, words in prefixes.items() if word in words.split()]
        if below:
            yield _allow([f"s3:{action}"], [{"Fn::Sub": f"${{Bucket.Arn}}/{prefix}/*"} for prefix in below])
    done = {word for words in prefixes.values() for word in words.split()}
    if done & {"get", "list"}:
        # Who may read files may list all: S3 tells nobody else that a file is gone, it says that it is forbidden.
        yield _allow(["s3:ListBucket"], [attribute("Bucket")])


def _of_anchors(words: Sequence[str]) -> Iterator[Json]:
    if "put" in words:
        yield _allow(["s3:PutObject"], [{"Fn::Sub": "${Anchors.Arn}/*"}])
    if "list" in words:
        yield _allow(["s3:ListBucket"], [attribute("Anchors")])


def _of_queues(function: Json) -> Iterator[Json]:
    if "takes" in function:
        yield _allow(_named("sqs", RECEIVE), [attribute(resource(function["takes"]))])
    if "sends" in function:
        yield _allow(["sqs:SendMessage"], [attribute(resource(queue)) for queue in function["sends"]])


def _suffix(name: str) -> str:
    """AWS ends the name of every secret with a hyphen and six characters."""
    return "" if name.endswith("*") else "-??????"


def _allow(actions: Sequence[str], resources: Sequence[Json]) -> Json:
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _named(service: str, actions: Sequence[str]) -> list[str]:
    return [f"{service}:{action}" for action in actions]


def attribute(name: str, part: str = "Arn") -> Json:
    return {"Fn::GetAtt": [name, part]}


def _account(service: str, rest: str) -> Json:
    return {"Fn::Sub": f"arn:{ACCOUNT.replace('{service}', service)}:{rest}"}

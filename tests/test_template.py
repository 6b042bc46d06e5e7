"""The template that goes to AWS: lint-clean, nothing lost on a failure, and each function may do only what it does."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from chalicelib.people import sign_in
from chalicelib.store import lookups
from local import deploy, infra, policies, yaml_files
from local.reference import served
from tests.support.iam import statements, target

Json = Mapping[str, Any]
TABLE = infra.table()
FUNCTIONS = {function["resource"]: function for function in TABLE["functions"].values()}
QUEUES = [policies.resource(name) for name in TABLE["queues"]]
# What reaches our customers' words and secrets, and the only functions that may.
ONLY = {
    "kms:GenerateDataKey": {"APIHandler", "OnUpkeep"},
    "kms:Decrypt": {
        "APIHandler",
        "OnHook",
        "OnOutbox",
        "OnFollowup",
        "OnFiles",
        "OnDelivery",
        "OnModeration",
        "OnUpkeep",
    },
    "secretsmanager:GetSecretValue": {"APIHandler", "OnHook", "OnStripe", "OnBilling", "OnUpkeep"},
    "cognito-idp:ListUsers": {"APIHandler"},
    "ses:SendEmail": {"APIHandler", "OnFollowup", "OnBilling"},
    "s3:ListBucket": {"APIHandler", "OnFollowup", "OnInbound", "OnOutbox", "OnText"},
    "s3:DeleteObject": {"OnFiles", "OnFollowup", "OnText"},
    "es:ESHttpPost": {"APIHandler", "OnText"},
    "execute-api:ManageConnections": {"OnSocket", "OnPush"},
}  # fmt: skip


def test_template_is_clean_for_cfn_lint(made: Path) -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(made / "sam.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_there_are_no_other_functions_or_queues(resources: Json) -> None:
    assert sorted(_of("AWS::Serverless::Function", resources)) == sorted(FUNCTIONS)
    live = [name for name, queue in _of("AWS::SQS::Queue", resources).items() if "RedrivePolicy" in queue]
    assert sorted(live) == sorted(QUEUES)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_batches_report_which_items_failed(function: str, resources: Json) -> None:
    for event in resources[function]["Properties"].get("Events", {}).values():
        if event["Type"] in ("SQS", "DynamoDB"):
            assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("name", QUEUES)
def test_what_a_queue_gives_up_is_kept_two_weeks(name: str, resources: Json) -> None:
    queue = resources[name]["Properties"]
    dead = resources[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"]
    assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert dead.get("FifoQueue", False) == queue.get("FifoQueue", False)


@pytest.mark.parametrize("name", QUEUES)
def test_a_message_stays_hidden_for_six_time_outs_of_its_function(name: str, resources: Json) -> None:
    readers = [function for function in FUNCTIONS if name in _sources(resources[function])]
    assert len(readers) == 1
    timeout = resources[readers[0]]["Properties"]["Timeout"]
    assert resources[name]["Properties"]["VisibilityTimeout"] >= 6 * timeout


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_the_table_says_and_no_more(function: str, resources: Json) -> None:
    written = [*policies.statements(FUNCTIONS[function])]
    assert statements(function, resources) == written
    assert not [statement for statement in written if "*" in str(statement["Action"]) or statement["Resource"] == "*"]


@pytest.mark.parametrize("action", ONLY)
def test_words_and_secrets_are_for_those_who_need_them(action: str, resources: Json) -> None:
    granted = {name for name in FUNCTIONS for actions, _ in _granted(name, resources) if action in actions}
    assert granted == ONLY[action]


def test_authorizer_reads_nothing(resources: Json) -> None:
    assert [target for _, targets in _granted("Authorizer", resources) for target in targets] == [
        "log-group:/palabre/${Stage}/*"
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_permission_on_the_table_names_the_keys_it_is_for(function: str, resources: Json) -> None:
    families = {f"{prefix}*" for prefix in lookups.LOOKUPS} | {"agc_*", "agc_*#audit"}
    for statement in statements(function, resources):
        targets = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        if statement["Effect"] == "Allow" and {"Table", "Table/index/inbox"} & {
            target(resource) for resource in targets
        }:
            condition = statement["Condition"]
            assert set(condition) == {"ForAllValues:StringLike", "Null"}
            assert set(condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]) <= families
            assert condition["Null"] == {"dynamodb:LeadingKeys": "false"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_somebody_is_told_when_a_function_dies(function: str, resources: Json) -> None:
    assert ("Errors", function) in set(_watched(resources))


@pytest.mark.parametrize("name", QUEUES)
def test_somebody_is_told_when_a_queue_is_late_or_gives_up(name: str, resources: Json) -> None:
    watched = set(_watched(resources))
    assert ("ApproximateAgeOfOldestMessage", name) in watched
    assert ("ApproximateNumberOfMessagesVisible", name.replace("Queue", "DeadQueue")) in watched


@pytest.mark.parametrize("counter", ["quarantined", "ingress_unconfigured"])
def test_somebody_is_told_when_a_network_is_not_understood(counter: str, resources: Json) -> None:
    assert (counter, "Stage") in set(_watched(resources))


def test_what_networks_post_is_throttled_apart_from_what_members_ask(resources: Json) -> None:
    hooks, api = resources["HooksStage"]["Properties"], resources["RestAPI"]["Properties"]
    assert hooks["DefaultRouteSettings"] == {"ThrottlingRateLimit": 2000, "ThrottlingBurstLimit": 1000}
    assert [setting["ThrottlingRateLimit"] for setting in api["MethodSettings"]] == [2000]
    assert not [path for path in api["DefinitionBody"]["paths"] if path.startswith("/hooks")]
    assert resources["OnHook"]["Properties"]["ReservedConcurrentExecutions"]["Fn::If"][:2] == ["Shares", 160]


@pytest.mark.parametrize(("function", "gateway"), [("OnHook", "Hooks"), ("OnSocket", "Sockets")])
def test_only_its_own_gateway_may_call_a_function(function: str, gateway: str, resources: Json) -> None:
    allowed = [
        permission
        for permission in _of("AWS::Lambda::Permission", resources).values()
        if permission["FunctionName"] == {"Ref": function}
    ]
    assert [permission["SourceArn"]["Fn::Sub"].rpartition(":")[2] for permission in allowed] == [f"${{{gateway}}}/*"]


def test_gateway_of_the_sockets_writes_no_log_as_addresses_hold_tickets(resources: Json) -> None:
    api, stage = (resources[name]["Properties"] for name in ("Sockets", "SocketsStage"))
    assert (api["ProtocolType"], stage["AutoDeploy"]) == ("WEBSOCKET", True)
    assert stage.keys() & {"AccessLogSettings"} == set()
    assert stage["DefaultRouteSettings"].keys() == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}


# S15
def test_tables_stream_has_one_reader_and_room_for_the_one_that_counts(resources: Json) -> None:
    """Whatever else wants to know of changes takes it from the lane: a shard has two readers at most."""
    readers = {
        name for name, function in _of("AWS::Serverless::Function", resources).items()
        for event in function.get("Events", {}).values() if event["Type"] == "DynamoDB"
    }  # fmt: skip
    assert "OnChange" in readers
    assert readers <= {"OnChange", "OnCount"}


def test_sign_in_is_strict_and_short_and_nobody_deletes_who_may(resources: Json) -> None:
    pool, client = (resources[name]["Properties"] for name in ("UserPool", "UserPoolClient"))
    assert (pool["DeletionProtection"], resources["Table"]["Properties"]["DeletionProtectionEnabled"]) == (
        "ACTIVE",
        True,
    )
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    condition, here, on_aws = client["ExplicitAuthFlows"]["Fn::If"]
    assert (condition, on_aws) == ("Local", ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    assert {*here} - {*on_aws} == {"ALLOW_USER_PASSWORD_AUTH"}
    assert client["AllowedOAuthFlows"]["Fn::If"][1] == ["code"]
    assert client["CallbackURLs"]["Fn::If"][1] == {"Ref": "Callbacks"}
    assert tuple(client["AllowedOAuthScopes"]["Fn::If"][1]) == sign_in.SCOPES
    assert client["AccessTokenValidity"] == {"Ref": "TokenMinutes"}
    assert client["TokenValidityUnits"]["AccessToken"] == "minutes"


def test_token_lives_an_hour_at_most_unless_it_is_for_this_machine(made: Path) -> None:
    template = yaml_files.read(made / "sam.yaml")
    assert template["Conditions"]["Local"] == {"Fn::Equals": [{"Ref": "Stage"}, "local"]}
    assert template["Parameters"]["TokenMinutes"]["Default"] == 60
    assert "TokenMinutes" not in deploy.CHOICES.values()


def test_what_customers_said_outlives_the_stack(resources: Json) -> None:
    for name in ("Table", "Bucket", "Anchors", "Key", "UserPool"):
        assert (resources[name]["DeletionPolicy"], resources[name]["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_pages_of_the_allowed_origins_upload_and_what_is_not_used_goes(resources: Json) -> None:
    bucket = resources["Bucket"]["Properties"]
    condition, cors, nothing = bucket["CorsConfiguration"]["Fn::If"]
    assert (condition, nothing) == ("Asked", {"Ref": "AWS::NoValue"})
    [rule] = cors["CorsRules"]
    assert rule["AllowedOrigins"] == {"Fn::Split": [",", {"Ref": "Origins"}]}
    assert set(rule["AllowedMethods"]) == {"GET", "HEAD", "POST"}
    rules = {rule["Prefix"]: rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert rules["upload/"] == 1
    assert not {"kept/", "media/"} & set(rules)


# S13
def test_anchors_of_the_audit_are_added_and_stay(resources: Json) -> None:
    bucket, policy = (resources[name]["Properties"] for name in ("Anchors", "AnchorsPolicy"))
    assert bucket["ObjectLockEnabled"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Mode"] == "COMPLIANCE"
    denied = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
    assert {statement["Effect"] for statement in denied.values()} == {"Deny"}
    assert denied["OnlyWhatIsNotThereYet"]["Action"] == "s3:PutObject"
    assert denied["OnlyWhatIsNotThereYet"]["Condition"] == {"Null": {"s3:if-none-match": "true"}}
    assert "Condition" not in denied["NothingIsHidden"]
    users = {
        (name, action)
        for name in FUNCTIONS
        for actions, targets in _granted(name, resources)
        for action in actions
        if any(target.startswith("Anchors") for target in targets)
    }
    assert users == {("OnAudit", "s3:PutObject"), ("APIHandler", "s3:ListBucket")}


def test_dashboard_is_readable(resources: Json) -> None:
    body = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert {widget["type"] for widget in json.loads(body)["widgets"]} == {"metric"}


def test_package_holds_what_runs_and_nothing_else(made: Path) -> None:
    with zipfile.ZipFile(made / "deployment.zip") as zipped:
        ours = [name for name in zipped.namelist() if name.startswith(("chalicelib", "app", "local", "tests"))]
    assert "app.py" in ours
    explains = {name for name in ours if name.startswith("chalicelib/reference/made/")}
    assert {name.removeprefix("chalicelib/reference/made/") for name in explains} == set(served.files())
    ours = [name for name in ours if name not in explains]
    data = {str(Path(name).parent) for name in ours if not name.endswith((".py", ".pyc"))}
    assert data == {
        "chalicelib/aws/mails", "chalicelib/consents/page", "chalicelib/editorial",
        "chalicelib/events", "chalicelib/texts", "chalicelib/words", "chalicelib/words/lexicon",
    }  # fmt: skip
    assert [name for name in ours if re.search(r"(^|/)tests?(/|_|\.)|double|openapi|^local", name)] == []
    assert (made / "deployment.zip").stat().st_size < 30 << 20


def _of(kind: str, resources: Json) -> Json:
    return {name: resource.get("Properties", {}) for name, resource in resources.items() if resource["Type"] == kind}


def _sources(function: Json) -> list[str]:
    """The queues a function is called for; the template writes `${InboundQueue.Arn}`."""
    events = function["Properties"].get("Events", {}).values()
    return [target(event["Properties"]["Queue"]) for event in events if event["Type"] == "SQS"]


def _granted(function: str, resources: Json) -> Iterator[tuple[list[str], list[str]]]:
    for statement in statements(function, resources):
        if statement["Effect"] == "Allow":
            targets = statement["Resource"]
            yield (
                statement["Action"],
                [target(resource) for resource in (targets if isinstance(targets, list) else [targets])],
            )


def _watched(resources: Json) -> Iterator[tuple[str, str]]:
    """Each metric that has an alarm which tells somebody, and what it is of."""
    for alarm in _of("AWS::CloudWatch::Alarm", resources).values():
        assert alarm["AlarmActions"] == [{"Ref": "Alerts"}]
        (dimension,) = alarm["Dimensions"]
        value = dimension["Value"]
        yield alarm["MetricName"], value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]

"""The one connection to the table. It is opened on first use, and every operation on it passes the fence."""

from functools import cache

from botocore.config import Config
from pynamodb.connection import TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.constants import STRING

from chalicelib import settings
from chalicelib.aws.clients import USER_AGENT
from chalicelib.store import fence, shortcuts, signatures

INDEX = "inbox"
_TABLE_KEY, _INDEX_KEY = ("pk", "sk"), ("inbox", "activity")


@cache
def opened() -> TableConnection:
    """The connection that all models share; a connection for each model would cost 60 ms each."""
    names = settings.get()
    # The time-outs are short: API Gateway waits 29 s at most, and a queue delivers a message again.
    shared = TableConnection(
        names.table, meta_table=MetaTable(_description(names.table)), region=names.region,
        connect_timeout_seconds=1, read_timeout_seconds=3, max_retry_attempts=2,
    )  # fmt: skip
    session = shared.connection.session
    session.register("before-parameter-build.dynamodb", fence.guard)
    shortcuts.read(session)
    session.set_default_client_config(Config(user_agent=USER_AGENT))
    # Made of this session, which has the fence: another thread would make a client of its own.
    client = shared.connection.client
    shortcuts.write(client)
    signatures.sign_by(client, session.get_credentials())
    return shared


def _description(table: str) -> dict[str, object]:
    """The keys of the table and of its index; without them PynamoDB would ask DynamoDB for them."""
    return {
        "TableName": table,
        "KeySchema": _key_schema(*_TABLE_KEY),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": STRING} for name in (*_TABLE_KEY, *_INDEX_KEY)
        ],
        "GlobalSecondaryIndexes": [{"IndexName": INDEX, "KeySchema": _key_schema(*_INDEX_KEY)}],
        "LocalSecondaryIndexes": [],
    }  # fmt: skip


def _key_schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]

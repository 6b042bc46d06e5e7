"""The one connection to the table. It is opened on first use, and nothing passes it but through the fence."""

from functools import cache

from botocore.config import Config
from pynamodb.connection import TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.constants import STRING

from chalicelib import settings
from chalicelib.store import fence

INDEX = "inbox"
_TABLE_KEY, _INDEX_KEY = ("pk", "sk"), ("inbox", "activity")


@cache
def opened() -> TableConnection:
    """The connection all models share: one of its own for each would cost 60 ms."""
    names = settings.get()
    # Small time-outs: a gateway waits 29 s at most, and a queue brings a message back.
    shared = TableConnection(
        names.table, meta_table=MetaTable(_description(names.table)), region=names.region,
        connect_timeout_seconds=1, read_timeout_seconds=3, max_retry_attempts=2,
    )  # fmt: skip
    session = shared.connection.session
    session.register("before-parameter-build.dynamodb", fence.guard)
    # Without a name of our own botocore makes up a long one for every call, twice: a tenth of what a call costs.
    session.set_default_client_config(Config(user_agent="palabre"))
    return shared


def _description(table: str) -> dict[str, object]:
    """What PynamoDB would otherwise ask DynamoDB for: the keys of the table and of its index."""
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

"""What every item has; every model shares one connection, opened by store.table."""

import json
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.models import Model


class Json(JSONAttribute):
    """Compact and in its own script: an item is paid by the KB, and an escaped character takes six bytes."""

    def serialize(self, value: Any) -> str | None:
        """As PynamoDB has it, but smaller; what cannot be written in UTF-8 becomes a question mark."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


class Item(Model):
    """What every item has."""

    class Meta:
        """Small time-outs: a gateway waits 29 s at most, and the queue brings a message back."""

        table_name = "palabre"
        region = "us-east-1"
        host: str | None = None
        connect_timeout_seconds = 1
        read_timeout_seconds = 3
        max_retry_attempts = 2

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

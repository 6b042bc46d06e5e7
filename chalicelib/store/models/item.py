"""What every item has; every model shares one connection, opened by store.table."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model


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

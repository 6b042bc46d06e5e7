"""What every item has. Whatever a model reads or writes goes through the store's one connection, inside the fence."""

import json
from typing import Any, ClassVar

from pynamodb.attributes import Attribute, JSONAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.constants import NUMBER
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.store import connection


class Whole(Attribute[int]):
    """A whole number, as all of ours are."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        """As DynamoDB takes it."""
        return str(value)

    def deserialize(self, value: str) -> int:
        """As an int, without passing through a float."""
        return int(value)


class Json(JSONAttribute):
    """Compact and in its own script: an item is paid by the KB, and an escaped character takes six bytes."""

    def serialize(self, value: Any) -> str | None:
        """As PynamoDB has it, but smaller; what cannot be written in UTF-8 becomes a question mark."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


class Item(Model):
    """An item of the table."""

    class Meta:
        """The table's real name is known once the connection is open."""

        table_name = "palabre"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """PynamoDB asks here before every read and write, of the table and of the index: the fence is always there."""
        shared = connection.opened()
        Item.Meta.table_name = shared.table_name  # the answer to a batch is looked up by it
        return shared


class Inbox(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """The index: things of one brand in one state, by when they came into it or were last heard of."""

    class Meta:
        """All attributes, so a page is one query."""

        index_name = connection.INDEX
        projection = AllProjection()

    inbox = UnicodeAttribute(hash_key=True)
    activity = UnicodeAttribute(range_key=True)


class Listed(Item):
    """An item of the index, as long as it has both of these."""

    index: ClassVar[Inbox]
    inbox = UnicodeAttribute(null=True)
    activity = UnicodeAttribute(null=True)

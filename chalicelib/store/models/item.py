"""The base of all items. Every model reads and writes through the store's one connection, inside the fence."""

import json
from typing import Any, ClassVar

from pynamodb.attributes import Attribute, JSONAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.constants import NUMBER
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.store import connection


class Whole(Attribute[int]):
    """A whole number. All numbers in the table are whole."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


class Json(JSONAttribute):
    """JSON text without spaces and escaped characters: items are paid by the KB, so short is cheap."""

    def serialize(self, value: Any) -> str | None:
        """Characters that UTF-8 cannot write become question marks."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


class Item(Model):
    """An item of the table."""

    class Meta:
        """A placeholder: the real name of the table is set once the connection is open."""

        table_name = "palabre"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """PynamoDB calls this before every read and write of the table and the index, so all of them pass the fence."""
        shared = connection.opened()
        Item.Meta.table_name = shared.table_name  # PynamoDB looks up the answer to a batch by this name
        return shared


class Inbox(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call] # PynamoDB has no types for subclassing
    """The index: conversations or replies of one brand in one state, in the order of their last activity."""

    class Meta:
        """The index has all attributes, so that one query reads a page."""

        index_name = connection.INDEX
        projection = AllProjection()

    inbox = UnicodeAttribute(hash_key=True)
    activity = UnicodeAttribute(range_key=True)


class Listed(Item):
    """An item that is in the index while it has both `inbox` and `activity`."""

    index: ClassVar[Inbox]
    inbox = UnicodeAttribute(null=True)
    activity = UnicodeAttribute(null=True)

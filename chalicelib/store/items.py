"""The base of all items. Every model reads and writes through the store's one connection, inside the fence."""

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, ClassVar, NamedTuple, Self

from pynamodb.attributes import Attribute, JSONAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.constants import NUMBER
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.store import connection

Convert = Callable[[Any], Any] | None  # None: the value is taken as it is
Column = tuple[str, str, Convert, Convert]  # the name in Python, DynamoDB's type, and what converts to and from it


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


class Packed(Json):
    """Compressed JSON: for values that are long and repeat themselves, or that are `like` a given sample text.

    With a sample a short value shrinks to a third. The sample may never be changed, because reading needs the one used
    in writing. The result is stored as text: attributes of bytes would need botocore's own way of writing and reading,
    see `shortcuts`.
    """

    def __init__(self, *, like: str = "", **options: Any) -> None:
        super().__init__(**options)
        self._packer, self._unpacker = partial(zlib.compressobj, 9), partial(zlib.decompressobj)
        if known := like.encode():
            self._packer = partial(self._packer, zdict=known)
            self._unpacker = partial(self._unpacker, zdict=known)

    def serialize(self, value: Any) -> str | None:
        text = super().serialize(value)
        if text is None:
            return None
        packer = self._packer()
        return base64.b85encode(packer.compress(text.encode()) + packer.flush()).decode()

    def deserialize(self, value: str) -> Any:
        try:
            return json.loads(self._unpacker().decompress(base64.b85decode(value)))
        except zlib.error as error:
            raise json.JSONDecodeError("not packed", "", 0) from error


class Item(Model):
    """An item of the table."""

    class Meta:
        """A placeholder: the real name of the table is set once the connection is open."""

        table_name = "palabre"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    def __init__(self, pk: str | None = None, sk: str | None = None, **attributes: Any) -> None:
        """Like PynamoDB's own, but faster: it calls nothing per attribute. Raises ValueError for an unknown name."""
        attributes.pop("_user_instantiated", None)  # PynamoDB says so when it reads an item; no default depends on it
        unknown = attributes.keys() - type(self).get_attributes().keys()
        if unknown:
            raise ValueError(f"Attribute {min(unknown)} specified does not exist")
        keys = {name: value for name, value in (("pk", pk), ("sk", sk)) if value is not None}
        self.attribute_values = {**_plan(type(self)).defaults(), **attributes, **keys}

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """PynamoDB calls this before every read and write of the table and the index, so all of them pass the fence."""
        shared = connection.opened()
        Item.Meta.table_name = shared.table_name  # PynamoDB looks up the answer to a batch by this name
        return shared

    @classmethod
    def from_raw_data(cls, data: Mapping[str, Any]) -> Self:
        """Makes the item from DynamoDB's answer. The result is the same as PynamoDB's, in a fraction of the time.

        Attributes that are not in the answer get their defaults, even required ones: a query may ask for only some.
        """
        item = cls.__new__(cls)
        plan = _plan(cls)
        values = plan.defaults()
        for stored_name, typed in data.items():
            column = plan.columns.get(stored_name)
            if column and "NULL" not in typed:
                name, kind, _, read = column
                if kind not in typed:
                    raise AttributeDeserializationError(stored_name, kind)
                values[name] = read(typed[kind]) if read else typed[kind]
        item.attribute_values = values
        return item

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        """Makes DynamoDB's form of the item, the same as PynamoDB's. Raises AttributeNullError if a required attribute
        has no value.
        """
        plan, given, written = _plan(type(self)), self.attribute_values, {}
        for stored_name, (name, kind, write, _) in plan.columns.items():
            value = given.get(name)
            if value is not None:
                value = write(value) if write else value
            if value is not None:
                written[stored_name] = {kind: value}
            elif null_check and stored_name in plan.required:
                raise AttributeNullError(name)
        return written


class _Plan(NamedTuple):
    """How the attributes of a model are converted, worked out once per model.

    `columns` and `required` go by the names in the table. `constants` and `factories` are the defaults, by the names in
    Python; a factory makes a new value for each item.
    """

    columns: Mapping[str, Column]
    required: frozenset[str]
    constants: Mapping[str, Any]
    factories: Sequence[tuple[str, Callable[[], Any]]]

    def defaults(self) -> dict[str, Any]:
        return {**self.constants, **{name: factory() for name, factory in self.factories}}


@cache
def _plan(model: type[Item]) -> _Plan:
    attributes = model.get_attributes()
    defaults = {name: attribute.default for name, attribute in attributes.items() if attribute.default is not None}
    return _Plan(
        columns={attribute.attr_name: _column(name, attribute) for name, attribute in attributes.items()},
        required=frozenset(attribute.attr_name for attribute in attributes.values() if not attribute.null),
        constants={name: default for name, default in defaults.items() if not callable(default)},
        factories=[(name, default) for name, default in defaults.items() if callable(default)],
    )


def _column(name: str, attribute: Attribute[Any]) -> Column:
    kind = type(attribute)
    return (
        name,
        attribute.attr_type,
        None if kind.serialize is Attribute.serialize else attribute.serialize,
        None if kind.deserialize is Attribute.deserialize else attribute.deserialize,
    )


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

"""How immutable values become rows, and rows values again.

A field keeps its value in the column of its name. Money takes two columns, a calculator two, an embedded value one for
each of its own fields, with the name of the field before theirs. A tuple takes a table of its own, named in the
declaration by its path:

    RecordMapping("order", Order, schema.orders, {"lines": schema.order_lines, "lines.fees": schema.order_line_fees})

The key of a row is that of its owner and a position, so all rows of a record are found by its id.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, get_args, get_origin, get_type_hints

import attrs
from sqlalchemy import Column, Table

from ofncore.adapters.sql.texts import calculator_text, read_calculator
from ofncore.kernel.actors import Actor
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator

V = TypeVar("V")

#: Key columns of a row: the id of the record, then positions.
Key = tuple[Any, ...]
#: A row to be written, by column.
Row = dict[str, object]
#: Rows of the tables of lists, by the key of their owner, in order.
Lists = Mapping[str, Mapping[Key, Sequence[Sequence[Any]]]]


class _Field(ABC):
    """Keeps one field of a value."""

    @abstractmethod
    def write(self, value: Any, row: Row) -> None:  # noqa: ANN401 - the type of the field
        """Put *value* into *row*."""

    @abstractmethod
    def read(self, row: Sequence[Any], key: Key, lists: Lists) -> Any:  # noqa: ANN401 - the type of the field
        """Return the value that *row* keeps."""

    def list_rows(self, _value: Any, _key: Key) -> Iterator[tuple[Table, Row]]:  # noqa: ANN401 - the type of the field
        """Yield the rows that *value* has in tables of lists."""
        return iter(())

    def list_tables(self) -> Iterator[Table]:
        """Yield the tables of lists below the field."""
        return iter(())


class _Plain(_Field):
    """One column; its type converts the value."""

    def __init__(self, table: Table, column: str) -> None:
        self._column: Final = column
        self._index: Final = _index(table, column)

    def write(self, value: Any, row: Row) -> None:  # noqa: ANN401 - the type of the field
        row[self._column] = value

    def read(self, row: Sequence[Any], _key: Key, _lists: Lists) -> Any:  # noqa: ANN401 - the type of the field
        return row[self._index]


class _MoneyField(_Field):
    def __init__(self, table: Table, name: str) -> None:
        self._minor, self._currency = f"{name}_minor", f"{name}_currency"
        self._minor_index, self._currency_index = _index(table, self._minor), _index(table, self._currency)

    def write(self, value: Money, row: Row) -> None:
        row[self._minor], row[self._currency] = value.minor, value.currency

    def read(self, row: Sequence[Any], _key: Key, _lists: Lists) -> Money:
        return Money(row[self._minor_index], row[self._currency_index])


class _CalculatorField(_Field):
    """Two columns; None in both where there is none."""

    def __init__(self, table: Table, name: str) -> None:
        self._kind, self._settings = f"{name}_kind", f"{name}_settings"
        self._kind_index, self._settings_index = _index(table, self._kind), _index(table, self._settings)

    def write(self, value: Calculator | None, row: Row) -> None:
        texts = (None, None) if value is None else (value.kind, calculator_text(value))
        row[self._kind], row[self._settings] = texts

    def read(self, row: Sequence[Any], _key: Key, _lists: Lists) -> Calculator | None:
        kind = row[self._kind_index]
        return None if kind is None else read_calculator(kind, row[self._settings_index])


class _Embedded(_Field):
    """A value with several fields, in the columns of its owner."""

    def __init__(self, make: Callable[..., Any], fields: Mapping[str, _Field]) -> None:
        self._make: Final = make
        self._fields: Final = fields

    def write(self, value: Any, row: Row) -> None:  # noqa: ANN401 - any class of values
        for name, field in self._fields.items():
            field.write(getattr(value, name), row)

    def read(self, row: Sequence[Any], key: Key, lists: Lists) -> Any:  # noqa: ANN401 - any class of values
        return self._make(**{name: field.read(row, key, lists) for name, field in self._fields.items()})

    def list_rows(self, value: Any, key: Key) -> Iterator[tuple[Table, Row]]:  # noqa: ANN401 - any class of values
        for name, field in self._fields.items():
            yield from field.list_rows(getattr(value, name), key)

    def list_tables(self) -> Iterator[Table]:
        for field in self._fields.values():
            yield from field.list_tables()


class _List(_Field):
    """A tuple, in a table of its own."""

    def __init__(self, table: Table, item: _Field) -> None:
        self._table: Final = table
        self._item: Final = item
        self._key_columns: Final = key_columns(table)

    def write(self, value: Iterable[Any], row: Row) -> None:
        """Leave *row* alone: the list has its own."""

    def read(self, _row: Sequence[Any], key: Key, lists: Lists) -> tuple[Any, ...]:
        rows = lists[self._table.name].get(key, ())
        length = len(self._key_columns)
        return tuple(self._item.read(row, tuple(row[:length]), lists) for row in rows)

    def list_rows(self, value: Iterable[Any], key: Key) -> Iterator[tuple[Table, Row]]:
        for position, item in enumerate(value):
            item_key = (*key, position)
            row: Row = dict(zip(self._key_columns, item_key, strict=True))
            self._item.write(item, row)
            yield self._table, row
            yield from self._item.list_rows(item, item_key)

    def list_tables(self) -> Iterator[Table]:
        yield self._table
        yield from self._item.list_tables()


def key_columns(table: Table) -> tuple[str, ...]:
    """Return the keys of the primary key columns of *table*, in order; they are its first columns."""
    return tuple(column.key for column in table.primary_key.columns)


def _index(table: Table, column: str) -> int:
    return table.c.keys().index(column)


class _Builder:
    """Makes the fields of one kind of record."""

    def __init__(self, lists: Mapping[str, Table]) -> None:
        self._lists: Final = lists

    def value(self, cls: type, table: Table, *, prefix: str = "", path: str = "") -> _Embedded:
        hints = get_type_hints(cls)
        names = [field.name for field in attrs.fields(cls)]
        return _Embedded(cls, {name: self._field(hints[name], table, prefix + name, path + name) for name in names})

    def _field(self, hint: Any, table: Table, column: str, path: str) -> _Field:  # noqa: ANN401 - any annotation
        if get_origin(hint) is tuple:
            return self._list(get_args(hint)[0], self._lists[path], path)
        if hint is Money:
            return _MoneyField(table, column)
        if hint in (Calculator, Calculator | None):
            return _CalculatorField(table, column)
        if _is_embedded(hint):
            return self.value(hint, table, prefix=f"{column}_", path=f"{path}.")
        return _Plain(table, column)

    def _list(self, item: Any, table: Table, path: str) -> _List:  # noqa: ANN401 - any annotation
        if _is_embedded(item):
            return _List(table, self.value(item, table, path=f"{path}."))
        (column,) = set(table.c.keys()) - set(key_columns(table))
        return _List(table, _Plain(table, column))


def _is_embedded(hint: object) -> bool:
    return isinstance(hint, type) and attrs.has(hint) and hint is not Actor


class RecordMapping(Generic[V]):
    """How one kind of record is kept: its name in messages, its table, those of its lists, its unique facts."""

    def __init__(
        self,
        name: str,
        make: type[V],
        table: Table,
        lists: Mapping[str, Table] | None = None,
        *,
        key_of: Callable[[V], str] = attrgetter("id"),
        unique: tuple[tuple[str, ...], ...] = (),
        enterprises: tuple[Column[Any], ...] = (),
    ) -> None:
        self.name: Final = name
        self.key_of: Final = key_of
        self.table: Final = table
        self.versioned: Final = "version" in table.c
        #: Columns, beside the key, whose values together belong to one record only.
        self.unique: Final = unique
        #: Columns, in the table or those of the lists, with the enterprises that have a part in a record.
        self.enterprises: Final = enterprises
        self._value: Final = _Builder(lists or {}).value(make, table)
        self.list_tables: Final = tuple(self._value.list_tables())

    @property
    def key(self) -> Column[Any]:
        """The column of the id."""
        return self.table.c.id

    def row(self, record: V) -> Row:
        """Return the row of *record* itself."""
        row: Row = {"id": self.key_of(record)}
        self._value.write(record, row)
        return row

    def list_rows(self, record: V) -> Iterator[tuple[Table, Row]]:
        """Yield the rows of the lists of *record*, owners before what they own."""
        return self._value.list_rows(record, (self.key_of(record),))

    def read(self, row: Sequence[Any], lists: Lists) -> V:
        """Return the record of *row*."""
        # The id is always the first column.
        record: V = self._value.read(row, (row[0],), lists)
        return record

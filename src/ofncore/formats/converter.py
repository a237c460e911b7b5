"""The JSON form of every public value, strict in both directions.

Nothing is guessed: a whole number is neither true nor 12.0, an exact number is text, an instant has its zone, no key is
passed over. What cannot be read raises `InvalidDocumentError` with every problem and its path.

========================  ==========================================================================
value                     JSON
========================  ==========================================================================
money                     ``{"amount": "12.50", "currency": "EUR"}``, with the currency's decimals
decimal                   ``"0.055"``
ratio                     ``"1/3"``
instant                   ``"2026-03-05T18:00:00Z"``; any offset is read
length of time            ``"PT3600S"``
actor                     ``"user:amelie"``, ``"customer:c17"``, ``"engine"``
one of an enumeration     its value
value class               an object with one key for each field, in the order of the class
calculator, event         the same, with its ``kind`` first
parameters of a problem   an object; what is not text, number or list is tagged: ``{"decimal": "1.5"}``
tuple                     a list
========================  ==========================================================================
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, get_args, get_origin

import attrs
from cattrs.preconf.json import JsonConverter
from cattrs.preconf.json import make_converter as make_json_converter

from ofncore.formats import parameters, scalars
from ofncore.formats.classes import ClassForm, is_id, is_new_type, longest_id, tagged_classes
from ofncore.formats.dialect import PLAIN, Dialect
from ofncore.formats.money import read_money, write_money
from ofncore.formats.paths import element
from ofncore.formats.problems import Findings, refused
from ofncore.formats.shown import shown
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import InvalidDocumentError
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters
from ofncore.model.calculator import Calculator
from ofncore.model.event import Event

_Hook = Callable[[Any, Any], Any]


def make_converter(dialect: Dialect = PLAIN) -> JsonConverter:
    """Return a converter between public values and JSON.

    It raises `InvalidDocumentError` from `structure`, and `ValueError` from `unstructure` for what no document takes:
    a decimal that is not finite, an instant outside the years 1000 to 2999.
    """
    converter = make_json_converter()
    _register_scalars(converter, dialect)
    _register_ids(converter, dialect)
    _register_collections(converter)
    _register_classes(converter, dialect)
    return converter


def _register_scalars(converter: JsonConverter, dialect: Dialect) -> None:
    for kind, read, write in (
        (bool, scalars.read_bool, None),
        (int, scalars.whole_number_reader(-dialect.largest, dialect.largest), None),
        (str, scalars.read_text, _plain_text),
        (Decimal, scalars.read_decimal, scalars.write_decimal),
        (Fraction, scalars.read_ratio, scalars.write_ratio),
        (datetime, scalars.read_instant, scalars.write_instant),
        (timedelta, scalars.read_duration, scalars.write_duration),
        (Actor, _actor_reader(dialect), str),
        (Money, read_money, write_money),
        (Parameters, parameters.read_parameters, parameters.write_parameters),
    ):
        converter.register_structure_hook(kind, _unless_enum(read))
        if write is not None:
            converter.register_unstructure_hook(kind, write)
    converter.register_structure_hook(int | Fraction, _ignoring_type(_whole_or_ratio(dialect)))
    converter.register_structure_hook(Enum, lambda value, kind: scalars.read_member(kind, value))
    converter.register_unstructure_hook(Enum, lambda member: member.value)


def _ignoring_type(read: Callable[[Any], object]) -> _Hook:
    return lambda value, _type: read(value)


def _whole_or_ratio(dialect: Dialect) -> Callable[[object], int | Fraction]:
    read_whole = scalars.whole_number_reader(-dialect.largest, dialect.largest)
    return lambda value: scalars.read_ratio(value) if isinstance(value, str) else read_whole(value)


def _plain_text(text: str) -> str:
    """The hook of `str` is that of enumerations of texts too."""
    return text.value if isinstance(text, Enum) else text


def _unless_enum(read: Callable[[Any], object]) -> _Hook:
    """The hook of a class is that of its subclasses too, and an enumeration of texts is one of `str`."""

    def hook(value: object, kind: type) -> object:
        return scalars.read_member(kind, value) if issubclass(kind, Enum) else read(value)

    return hook


def _actor_reader(dialect: Dialect) -> Callable[[object], Actor]:
    def read(value: object) -> Actor:
        actor = scalars.read_actor(value)
        problem = dialect.check_actor(actor) if dialect.check_actor else None
        if problem is not None:
            raise InvalidDocumentError((problem,))
        return actor

    return read


def _register_ids(converter: JsonConverter, dialect: Dialect) -> None:
    def reader(kind: Any) -> _Hook:  # noqa: ANN401 - a NewType has no type of its own
        plain = kind.__supertype__
        hook = converter.get_structure_hook(plain)

        read_id = scalars.id_reader(longest_id(kind))

        def read(value: object, _type: object) -> object:
            return hook(value, plain)

        def read_reference(value: object, _type: object) -> object:
            key = read_id(value)
            problem = dialect.check_reference(kind, key) if dialect.check_reference else None
            if problem is not None:
                raise InvalidDocumentError((problem,))
            return key

        return read_reference if is_id(kind) else read

    converter.register_structure_hook_factory(is_new_type, reader)


def _register_collections(converter: JsonConverter) -> None:
    def reader(kind: Any) -> _Hook:  # noqa: ANN401 - a generic alias has no type of its own
        item, _ellipsis = get_args(kind)
        hook = converter.get_structure_hook(item)

        def reads(value: object) -> object:
            return hook(value, item)

        def read(value: object, _type: object) -> tuple[object, ...]:
            if not isinstance(value, list | tuple):
                raise refused(Code.NOT_LIST, found=shown(value))
            findings = Findings()
            items = tuple(findings.read(element(index), reads, each) for index, each in enumerate(value))
            findings.check()
            return items

        return read

    def is_tuple(kind: Any) -> bool:  # noqa: ANN401 - as above
        return tuple in (kind, get_origin(kind))

    def write(items: tuple[object, ...]) -> list[object]:
        return [converter.unstructure(each) for each in items]

    converter.register_structure_hook_factory(is_tuple, reader)
    converter.register_unstructure_hook_factory(is_tuple, lambda _kind: write)


def _register_classes(converter: JsonConverter, dialect: Dialect) -> None:
    def is_plain(kind: object) -> bool:
        return isinstance(kind, type) and attrs.has(kind) and kind not in (Actor, Money, Parameters)

    def is_tagged(kind: object) -> bool:
        return isinstance(kind, type) and issubclass(kind, Calculator | Event)

    def reader(kind: type) -> _Hook:
        return _ignoring_type(ClassForm(kind, converter, dialect).read)

    def tagged_reader(kind: type) -> _Hook:
        return _ignoring_type(_TaggedReader(kind, converter, dialect).read)

    def writer(kind: type) -> Callable[[Any], dict[str, object]]:
        return ClassForm(kind, converter, dialect).write

    converter.register_structure_hook_factory(is_plain, reader)
    converter.register_unstructure_hook_factory(is_plain, writer)
    converter.register_structure_hook_factory(is_tagged, tagged_reader)


class _TaggedReader:
    """Reads one of several classes, told by ``kind``."""

    def __init__(self, base: type, converter: JsonConverter, dialect: Dialect) -> None:
        self._base, self._converter, self._dialect = base, converter, dialect
        self._forms: dict[str, ClassForm] = {}

    def read(self, data: object) -> object:
        if not isinstance(data, Mapping):
            raise refused(Code.NOT_OBJECT, found=shown(data))
        if "kind" not in data:
            raise refused(Code.MISSING_KEY, "$.kind", key="kind")
        findings = Findings()
        kind = findings.read("$.kind", self._kind, data["kind"])
        findings.check()
        return self._form(str(kind)).read(data)

    def _kind(self, value: object) -> str:
        return scalars.one_of(value, tagged_classes(self._base))

    def _form(self, kind: str) -> ClassForm:
        if kind not in self._forms:
            self._forms[kind] = ClassForm(tagged_classes(self._base)[kind], self._converter, self._dialect)
        return self._forms[kind]

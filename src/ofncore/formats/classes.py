"""The JSON form of value classes: an object with one key for each field."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NewType

import attrs
from cattrs import Converter

from ofncore.fees.registry import calculator_class, calculator_kinds
from ofncore.formats.dialect import Derived, Dialect
from ofncore.formats.keys import check_keys
from ofncore.formats.paths import member
from ofncore.formats.problems import Findings, refused
from ofncore.formats.rejections import rejections
from ofncore.formats.scalars import id_reader
from ofncore.formats.shown import shown
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import CurrencyMismatchError, InvalidDocumentError
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import ParameterValue
from ofncore.kernel.texts import LONGEST_ID, LONGEST_MADE_ID
from ofncore.model.calculator import Calculator
from ofncore.model.event import EVENT_KINDS, Event

#: The key that tells one of several classes.
TAG = "kind"


def is_new_type(kind: object) -> bool:
    """Whether *kind* is a name for another type."""
    return isinstance(kind, NewType)


def is_id(kind: object) -> bool:
    """Whether *kind* is one of the types of `ofncore.kernel.ids`; `Tag` is not."""
    return isinstance(kind, NewType) and kind.__name__.endswith("Id")


#: Ids that the library makes of other ids, by the names of their types.
_MADE: Final = frozenset({"EventId", "GrantId", "MessageId", "MovementId", "OrderId", "PaymentId", "ProxyOrderId"})


def longest_id(kind: object) -> int:
    """Return how long an id of *kind* may be."""
    return LONGEST_MADE_ID if getattr(kind, "__name__", "") in _MADE else LONGEST_ID


def is_tagged(cls: type) -> bool:
    """Whether objects of *cls* say which class they are of."""
    return issubclass(cls, Calculator | Event)


def tagged_classes(base: type) -> dict[str, type]:
    """Return the calculators or events that are a *base*, by kind, sorted."""
    if issubclass(base, Event):
        classes: Mapping[str, type] = EVENT_KINDS
    else:
        classes = {kind: calculator_class(kind) for kind in calculator_kinds()}
    return {kind: cls for kind, cls in sorted(classes.items()) if issubclass(cls, base)}


def documented_fields(cls: type, dialect: Dialect) -> tuple["attrs.Attribute[Any]", ...]:
    """Return the fields of *cls* that *dialect* writes, in their order."""
    resolved = attrs.resolve_types(cls)
    return tuple(field for field in attrs.fields(resolved) if field.name not in dialect.left_out)


def in_key_order(cls: type, dialect: Dialect) -> Iterator["attrs.Attribute[Any] | Derived"]:
    """Yield fields and derived keys of *cls* in the order in which they are written."""
    derived = dialect.derived_of(cls)
    yield from (each for each in derived if each.after == "")
    for field in documented_fields(cls, dialect):
        yield field
        yield from (each for each in derived if each.after == field.name)
    yield from (each for each in derived if each.after is None)


class ClassForm:
    """Reads and writes the objects of one class."""

    def __init__(self, cls: type, converter: Converter, dialect: Dialect) -> None:
        self._cls, self._converter = cls, converter
        self._tag = (TAG,) if is_tagged(cls) else ()
        self._fields = documented_fields(cls, dialect)
        self._order = tuple(in_key_order(cls, dialect))
        self._derived = dialect.derived_of(cls)
        self._accepted = (*self._tag, *(each.name for each in self._order))
        self._readers = {field.name: self._reader(field, dialect) for field in self._fields}
        self._readers |= {each.name: self._hook(each.type) for each in self._derived}
        self._required = tuple(field.name for field in self._fields if field.default is attrs.NOTHING)

    def _reader(self, field: "attrs.Attribute[Any]", dialect: Dialect) -> Callable[[Any], object]:
        if field.name in dialect.rules:
            return dialect.rules[field.name].read
        if field.name == "id":
            return id_reader(longest_id(field.type))  # it does not refer to a record, it is one
        return self._hook(field.type)

    def _hook(self, kind: Any) -> Callable[[Any], object]:  # noqa: ANN401 - an annotation may be anything
        hook = self._converter.get_structure_hook(kind)
        return lambda value: hook(value, kind)

    def write(self, value: object) -> dict[str, object]:
        """Return the object that stands for *value*."""
        result: dict[str, object] = {TAG: getattr(value, TAG)} if self._tag else {}
        for key in self._order:
            if not isinstance(key, Derived):
                result[key.name] = self._converter.unstructure(getattr(value, key.name))
            elif key.of is not None:
                result[key.name] = self._converter.unstructure(key.of(value))
        return result

    def read(self, data: object) -> object:
        """Return the value that *data* stands for."""
        if not isinstance(data, Mapping):
            raise refused(Code.NOT_OBJECT, found=shown(data))
        findings, values = Findings(), dict[str, Any]()
        check_keys(data, accepted=self._accepted, required=self._required, findings=findings)
        for name, read in self._readers.items():
            if name in data:
                findings.read_into(values, name, read, data[name])
        stated = {each.name: values.pop(each.name) for each in self._derived if each.name in values}
        value = self._built(values, findings)
        self._check_stated(value, stated)
        return value

    def _built(self, values: dict[str, Any], findings: Findings) -> object:
        reason = ""
        if not findings.problems:
            try:
                return self._cls(**values)
            except (ValueError, TypeError, ArithmeticError) as error:
                reason = str(error)
        findings.problems.extend(rejections(self._cls, values))
        if not findings.problems:
            findings.note(Code.REFUSED_VALUE, reason=reason)
        raise InvalidDocumentError(tuple(findings.problems))

    def _check_stated(self, value: object, stated: Mapping[str, object]) -> None:
        findings = Findings()
        for each in self._derived:
            if each.name in stated and each.of is not None:
                expected = _derived(each.of, value)
                if expected not in (None, stated[each.name]):
                    found = stated[each.name]
                    shown_values = {"found": _parameter(found), "expected": _parameter(expected)}
                    findings.note(Code.MISSTATED, member(each.name), **shown_values)
        findings.check()


def _derived(of: Callable[[Any], object], value: object) -> object:
    try:
        return of(value)
    except CurrencyMismatchError:
        return None  # amounts of several currencies have no sum; that they are there is another problem


def _parameter(value: object) -> ParameterValue:
    return value if isinstance(value, int | Money) else shown(value)

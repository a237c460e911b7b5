"""Reading and writing whole documents, whatever their format.

Reading goes on after the first problem. Every entry is read by itself; rules that join records are checked for the
records that can be read, while ids are known from all of them, so that one broken record does not make others wrong.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeVar

import attrs
from cattrs import Converter

from ofncore.formats.converter import make_converter
from ofncore.formats.dialect import Derived, Dialect
from ofncore.formats.keys import check_keys
from ofncore.formats.paths import DocumentOrder, element, join, member
from ofncore.formats.problems import Findings
from ofncore.formats.records import KnownIds, Placed, Records, lists_of
from ofncore.formats.rules import FIELD_RULES
from ofncore.formats.scalars import read_text
from ofncore.formats.shown import shown
from ofncore.formats.text import parse_text
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, Refusal
from ofncore.model.world import World

W = TypeVar("W", bound=World)

#: The one version there is of each format.
VERSION: Final = 1
#: Whole numbers of documents have at most nine digits, which every database takes.
LARGEST_NUMBER: Final = 999_999_999

_HEAD: Final = ("format", "version")


@attrs.frozen(kw_only=True, eq=False)
class DocumentForm:
    """One format of documents."""

    #: What the key ``format`` says.
    format: str
    #: What its keys are the fields of.
    root: type[World]
    #: Keys that follow from the rest, by class.
    derived: Mapping[type, tuple[Derived, ...]]
    #: Rules that join records.
    checks: tuple[Callable[[Records], Iterator[Problem]], ...]

    @property
    def dialect(self) -> Dialect:
        """How its values are written."""
        return Dialect(left_out=frozenset({"version"}), derived=self.derived, rules=FIELD_RULES, largest=LARGEST_NUMBER)


def read_as(source: object, forms: tuple[DocumentForm, ...], result: type[W]) -> W | Refusal:
    """Read a document of one of *forms* into a *result*: JSON text or UTF-8 bytes, or data that was parsed already."""
    problems: tuple[Problem, ...] = ()
    if isinstance(source, str | bytes):
        parsed = parse_text(source)
        if isinstance(parsed, Refusal):
            return parsed
        source, problems = parsed.data, parsed.problems
    if not isinstance(source, Mapping):
        return Refusal.of(Code.NOT_OBJECT, found=shown(source))
    reading = _Reading(source, forms)
    fields = reading.fields()
    found = _without_echoes(problems, reading.findings.problems)
    return Refusal(DocumentOrder(source).sorted(found)) if found else result(**fields)


def _without_echoes(problems: tuple[Problem, ...], others: list[Problem]) -> list[Problem]:
    """Leave out what a reader says of a number that was reported as not finite already."""
    known = {each.path for each in problems if each.code == Code.NOT_FINITE}
    return [*problems, *(each for each in others if each.path not in known)]


class _Reading:
    """Reads one document."""

    def __init__(self, data: Mapping[str, object], forms: tuple[DocumentForm, ...]) -> None:
        self.findings = Findings()
        self._data, self._forms = data, forms
        self._form = next((form for form in forms if form.format == data.get("format")), forms[0])

    def fields(self) -> dict[str, Any]:
        """Return the fields of the result; they are of use only if nothing was found."""
        if not self._is_of_the_form():
            return {}
        names = [field.name for field in attrs.fields(self._form.root)]
        lists: dict[str, type[Any]] = dict(lists_of(self._form.root))
        check_keys(self._data, accepted=(*_HEAD, *names), required=(*_HEAD, "name"), findings=self.findings)
        fields: dict[str, Any] = {}
        if "name" in self._data:
            self.findings.read_into(fields, "name", read_text, self._data["name"])
        known = KnownIds(self._data, self._form.root)
        dialect = attrs.evolve(self._form.dialect, check_reference=known.check, check_actor=known.check_actor)
        converter, records = make_converter(dialect), Records(self._data, self._form.root)
        for name, cls in lists.items():
            self._read_list(name, cls, converter, records)
            fields[name] = tuple(each.value for each in records.of(cls))
        for check in self._form.checks:
            self.findings.problems.extend(check(records))
        return fields

    def _is_of_the_form(self) -> bool:
        """Whether to read on: another format or version has other keys, so all of them would be wrong."""
        stated, version = self._data.get("format", self._form.format), self._data.get("version", VERSION)
        formats = tuple(form.format for form in self._forms)
        if stated not in formats:
            self.findings.note(Code.WRONG_FORMAT, "$.format", found=shown(stated), accepted=formats)
        if type(version) is not int or version != VERSION:
            self.findings.note(Code.WRONG_VERSION, "$.version", found=shown(version), accepted=(str(VERSION),))
        return not self.findings.problems

    def _read_list(self, name: str, cls: type[object], converter: Converter, records: Records) -> None:
        entries = self._data.get(name, ())
        if not isinstance(entries, list | tuple):
            self.findings.note(Code.NOT_LIST, member(name), found=shown(entries))
            records.add_gap(cls)
            return
        hook: Callable[[object, type], object] = converter.get_structure_hook(cls)

        def read(entry: object) -> object:
            return hook(entry, cls)

        for index, entry in enumerate(entries):
            path = join(member(name), element(index))
            value = self.findings.read(path, read, entry)
            if value is None:
                records.add_gap(cls)
            else:
                records.add(cls, Placed(path, entry, value))


def write_as(form: DocumentForm, value: World) -> dict[str, Any]:
    """Return the document of *value*, with its lists sorted."""
    document: dict[str, Any] = {"format": form.format, "version": VERSION, "name": value.name}
    for name, _ in lists_of(form.root):
        items = sorted(getattr(value, name), key=_sort_key)
        document[name] = [_converter_of(form).unstructure(each) for each in items]
    return document


def _sort_key(record: Any) -> tuple[str, ...]:  # noqa: ANN401 - any record
    return (record.id,) if hasattr(record, "id") else (record.variant, record.hub or "")


@cache
def _converter_of(form: DocumentForm) -> Converter:
    return make_converter(form.dialect)


def as_text(document: Mapping[str, object]) -> str:
    """Return the text of a document: the same for the same values, everywhere."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

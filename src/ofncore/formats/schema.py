"""JSON Schemas of the documents, made from the classes, so that they cannot part from them.

What a schema refuses, the reader refuses too. The reader refuses more: references, sums, and rules that join records.
The schemas ship in ``schemas``; ``python -m ofncore.formats.schema`` writes them anew.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

import attrs

from ofncore.formats import patterns
from ofncore.formats.classes import (
    TAG,
    documented_fields,
    in_key_order,
    is_id,
    is_new_type,
    is_tagged,
    longest_id,
    tagged_classes,
)
from ofncore.formats.dialect import Derived
from ofncore.formats.documents import VERSION, DocumentForm
from ofncore.formats.field_comments import field_comment, member_comments, plain, summary
from ofncore.formats.state import STATE_FORM
from ofncore.formats.world import WORLD_FORM
from ofncore.kernel.actors import Actor
from ofncore.kernel.currencies import MINOR_DIGITS
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator
from ofncore.model.event import Event

Schema = dict[str, Any]

#: Where the schemas ship.
FOLDER: Final = Path(__file__).with_name("schemas")

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_BASES: Final = (Calculator, Event)


def world_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of world files, with the calculators that are registered now."""
    return _SchemaBuilder(WORLD_FORM).document()


def state_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of state files, with the calculators that are registered now."""
    return _SchemaBuilder(STATE_FORM).document()


class _SchemaBuilder:
    """Makes the schema of one format; classes and enumerations become definitions of their own."""

    def __init__(self, form: DocumentForm) -> None:
        self._form, self._dialect = form, form.dialect
        self._definitions: dict[str, Schema] = {}

    def document(self) -> Schema:
        """Return the whole schema."""
        properties: Schema = {"format": {"const": self._form.format}, "version": {"const": VERSION}}
        for field in attrs.fields(self._form.root):
            properties[field.name] = self._of_part(field)
        return {
            "$schema": _DRAFT,
            "$id": f"urn:{self._form.format}:{VERSION}",
            "title": f"{self._form.format} {VERSION}",
            "description": summary(self._form.root),
            "type": "object",
            "properties": properties,
            "required": ["format", "version", "name"],
            "additionalProperties": False,
            "$defs": dict(sorted(self._definitions.items())),
        }

    def _of_part(self, field: "attrs.Attribute[Any]") -> Schema:
        text = field_comment(self._form.root, field.name) or "".join(map(summary, get_args(field.type)[:1]))
        return _described(text) | self._of(field.type)

    def _of(self, kind: Any) -> Schema:  # noqa: ANN401 - an annotation may be anything
        """Return the schema of an annotation."""
        if get_origin(kind) is tuple:
            return {"type": "array", "items": self._of(get_args(kind)[0])}
        if get_origin(kind) in (Union, UnionType):
            return self._optional(kind)
        if is_new_type(kind):
            return _id(kind) if is_id(kind) else self._of(kind.__supertype__)
        if kind in self._scalars():
            return self._scalars()[kind]
        return self._defined(kind)

    def _optional(self, kind: Any) -> Schema:  # noqa: ANN401 - as above
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        return {"anyOf": [self._of(inner), {"type": "null"}]}

    def _scalars(self) -> Mapping[type, Schema]:
        largest = self._dialect.largest
        return {**_SCALARS, int: {"type": "integer", "minimum": -largest, "maximum": largest}}

    def _defined(self, kind: type) -> Schema:
        if kind.__name__ not in self._definitions:
            self._definitions[kind.__name__] = {}  # taken, should it meet itself
            self._definitions[kind.__name__] = self._definition(kind)
        return {"$ref": f"#/$defs/{kind.__name__}"}

    def _definition(self, kind: type) -> Schema:
        if issubclass(kind, Enum):
            return _of_enum(kind)
        if kind is Money:
            return _MONEY
        if kind in _BASES:
            return _described(summary(kind)) | {
                "oneOf": [self._defined(each) for each in tagged_classes(kind).values()]
            }
        return self._of_class(kind)

    def _of_class(self, cls: type) -> Schema:
        properties: Schema = {TAG: {"const": getattr(cls, TAG)}} if is_tagged(cls) else {}
        for key in in_key_order(cls, self._dialect):
            properties[key.name] = self._of_derived(key) if isinstance(key, Derived) else self._of_field(cls, key)
        required = [field.name for field in documented_fields(cls, self._dialect) if field.default is attrs.NOTHING]
        return _described(summary(cls)) | {
            "type": "object",
            "properties": properties,
            "required": [TAG, *required] if is_tagged(cls) else required,
            "additionalProperties": False,
        }

    def _of_field(self, cls: type, field: "attrs.Attribute[Any]") -> Schema:
        rule = self._dialect.rules.get(field.name)
        schema = dict(rule.schema) if rule else self._of(field.type)
        return _described(field_comment(cls, field.name)) | schema

    def _of_derived(self, key: Derived) -> Schema:
        return {"description": f"{plain(key.description)} Follows from the rest."} | self._of(key.type)


def _described(text: str) -> Schema:
    return {"description": text} if text else {}


def _of_enum(kind: type[Enum]) -> Schema:
    comments = member_comments(kind)
    lines = [summary(kind), *(f"{value}: {comment}" for value, comment in comments.items())]
    return {"description": "\n".join(lines), "enum": [member.value for member in kind]}


def _id(kind: object) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest_id(kind)}


_MONEY: Final[Schema] = {
    "description": "An exact amount of one currency, with no more decimals than the currency has.",
    "type": "object",
    "properties": {
        "amount": {"type": "string", "pattern": patterns.DECIMAL},
        "currency": {"description": "ISO 4217 code.", "enum": sorted(MINOR_DIGITS)},
    },
    "required": ["amount", "currency"],
    "additionalProperties": False,
}
_SCALARS: Final[Mapping[type, Schema]] = {
    bool: {"type": "boolean"},
    str: {"type": "string"},
    Decimal: {"type": "string", "pattern": patterns.DECIMAL},
    Fraction: {"type": "string", "pattern": patterns.RATIO},
    datetime: {"type": "string", "pattern": patterns.INSTANT},
    Actor: {"type": "string", "pattern": patterns.ACTOR},
}

#: The schemas that ship, by name of file.
SCHEMAS: Final[Mapping[str, Callable[[], Schema]]] = {
    "ofncore-world-1.schema.json": world_schema,
    "ofncore-state-1.schema.json": state_schema,
}


def write_schemas(folder: Path = FOLDER) -> None:
    """Write the schemas into *folder*."""
    folder.mkdir(exist_ok=True)
    for name, make in SCHEMAS.items():
        text = json.dumps(make(), ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_schemas()

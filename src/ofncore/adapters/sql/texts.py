"""Calculators and events as JSON text, in the form that documents have."""

import json
from functools import cache, lru_cache
from typing import Any

from cattrs import Converter

from ofncore.formats.converter import make_converter
from ofncore.kernel.errors import InvalidDocumentError, StorageError
from ofncore.model.calculator import Calculator
from ofncore.model.event import Event


@cache
def _converter() -> Converter:
    return make_converter()


def calculator_text(calculator: Calculator) -> str:
    """Return the settings of *calculator*, without its kind, as a JSON object."""
    settings: dict[str, Any] = _converter().unstructure(calculator)
    return _dumped({name: value for name, value in settings.items() if name != "kind"})


# A shop's methods and fees have few distinct calculators, read over and over.
@lru_cache(maxsize=1000)
def read_calculator(kind: str, text: str) -> Calculator:
    """Return the calculator of *kind* with the settings of *text*.

    Raises:
        StorageError: nobody knows the kind, or its settings are others by now.
    """
    calculator: Calculator = _read(Calculator, f"calculator of kind {kind!r}", json.loads(text) | {"kind": kind})
    return calculator


def event_text(event: Event) -> str:
    """Return *event* as a JSON object."""
    return _dumped(_converter().unstructure(event))


def read_event(text: str) -> Event:
    """Return the event of *text*.

    Raises:
        StorageError: it is no event of this version.
    """
    event: Event = _read(Event, "event", json.loads(text))
    return event


def _dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _read(kind: Any, name: str, data: object) -> Any:  # noqa: ANN401 - mypy takes no abstract class for a type
    try:
        return _converter().structure(data, kind)
    except InvalidDocumentError as error:
        message = f"the stored {name} cannot be read: {error}"
        raise StorageError(message) from error

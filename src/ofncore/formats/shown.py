"""How a problem shows what was found: short, on one line, printable, whatever it is."""

import json
import math
from collections.abc import Mapping
from typing import Final

import attrs

_LONGEST: Final = 60
#: Bits of a number that is still written out, digit by digit.
_LONGEST_NUMBER: Final = 200


@attrs.frozen
class OddNumber:
    """A number of a JSON text that no field takes: with a fraction, too long, or not finite. Kept as written."""

    text: str

    @property
    def is_finite(self) -> bool:
        """It is neither NaN nor infinite."""
        return self.text not in {"NaN", "Infinity", "-Infinity"}


def shown(value: object) -> str:
    """Return *value* as JSON would write it, cut to one short line; lists and objects only as brackets."""
    match value:
        case str():
            result = _printable(json.dumps(_cut(value), ensure_ascii=False))
        case OddNumber(text):
            result = _cut(text)
        case bool() | float() | None:
            result = json.dumps(value)
        case int():
            result = _shown_int(value)
        case list() | tuple():
            result = "[…]" if value else "[]"
        case Mapping():
            result = "{…}" if value else "{}"
        case _:
            result = f"<{type(value).__name__}>"
    return result


def shown_text(text: str) -> str:
    """Return *text*, such as a key or an id, without quotes; cut to one short line."""
    return _printable(_cut(text))


def _printable(text: str) -> str:
    """Write what no file or screen can take as an escape of JSON."""
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _shown_int(value: int) -> str:
    # The text of a very long number takes long to make, and Python refuses it from some length on.
    if value.bit_length() <= _LONGEST_NUMBER:
        return str(value)
    return f"{'-' if value < 0 else ''}~1e{int((value.bit_length() - 1) * math.log10(2))}"

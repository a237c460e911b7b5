"""The JSON form of the parameters of a problem: nothing of a value's type is lost."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

from ofncore.formats.keys import check_keys
from ofncore.formats.money import read_money, write_money
from ofncore.formats.paths import element
from ofncore.formats.problems import Findings, refused
from ofncore.formats.scalars import read_decimal, read_instant, read_member, read_text, write_decimal, write_instant
from ofncore.formats.shown import shown
from ofncore.kernel.codes import Code
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters, ParameterValue, Withheld

#: What stands in an object of one key, by that key.
_TAGS: Final[Mapping[str, Callable[[object], ParameterValue]]] = {
    "decimal": read_decimal,
    "instant": read_instant,
    "money": read_money,
    "withheld": lambda value: read_member(Withheld, value),
}


def write_parameters(parameters: Parameters) -> dict[str, object]:
    """Return an object with one key for each parameter."""
    return {name: _written(value) for name, value in parameters.items()}


def _written(value: ParameterValue) -> object:
    match value:
        case tuple():
            return [_written(each) for each in value]
        case Withheld() | Decimal() | datetime() | Money():
            return _tagged_form(value)
        case str():
            return str(value)
        case _:
            return value


def _tagged_form(value: Withheld | Decimal | datetime | Money) -> dict[str, object]:
    match value:
        case Withheld():
            return {"withheld": value.value}
        case Decimal():
            return {"decimal": write_decimal(value)}
        case datetime():
            return {"instant": write_instant(value)}
        case Money():
            return {"money": write_money(value)}


def read_parameters(data: object) -> Parameters:
    """Return what `write_parameters` wrote."""
    if not isinstance(data, Mapping):
        raise refused(Code.NOT_OBJECT, found=shown(data))
    findings, values = Findings(), dict[str, Any]()
    for name, value in data.items():
        findings.read_into(values, read_text(name), _parameter, value)
    findings.check()
    return Parameters.of(**values)


def _parameter(data: object) -> ParameterValue:
    match data:
        case bool():
            raise refused(Code.NOT_TEXT, found=shown(data))
        case int():
            return data
        case list() | tuple():
            return _texts(data)
        case Mapping():
            return _tagged(data)
        case _:
            return read_text(data)


def _texts(data: list[object] | tuple[object, ...]) -> tuple[str, ...]:
    findings = Findings()
    texts = [findings.read(element(index), _text, each) for index, each in enumerate(data)]
    findings.check()
    return tuple(text for text in texts if text is not None)


def _text(data: object) -> str:
    if isinstance(data, Mapping) and data.keys() == {"withheld"}:
        return read_member(Withheld, data["withheld"])
    return read_text(data)


def _tagged(data: Mapping[object, object]) -> ParameterValue:
    findings, values = Findings(), dict[str, object]()
    tag = next((each for each in _TAGS if each in data), "decimal")
    check_keys(data, accepted=(tag,), required=(tag,), findings=findings)
    if tag in data:
        findings.read_into(values, tag, _TAGS[tag], data[tag])
    findings.check()
    return cast("ParameterValue", values[tag])

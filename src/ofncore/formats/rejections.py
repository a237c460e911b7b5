"""What the validators of a class say of its fields: one problem for each field, all at once.

An attrs class stops at the first value it refuses. Here each validator is asked by itself, so that the others are heard
too, and so that the problem has the path of its field.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final, cast

import attrs

from ofncore.formats.paths import member
from ofncore.formats.shown import shown
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import RefusedValueError
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import ShopSettings
from ofncore.model.fee import EnterpriseFee, TaxRate
from ofncore.model.order import OrderLine
from ofncore.model.product import Variant
from ofncore.model.subscription import SubscriptionLine
from ofncore.model.voucher import Voucher, VoucherKind

_Values = Mapping[str, Any]


def rejections(cls: type, values: _Values) -> Iterator[Problem]:
    """Yield what the validators of *cls* refuse of *values*; fields that are missing there are not looked at."""
    fields = attrs.fields(cls)
    instance = SimpleNamespace(**(_defaults(fields) | dict(values)))
    for field in fields:
        if field.validator is None or field.name not in values:
            continue
        try:
            field.validator(instance, field, values[field.name])
        except AttributeError:
            continue  # it compares with a field that could not be read
        except (ValueError, TypeError, ArithmeticError) as error:
            yield _named(cls, field.name, values, error)


def _defaults(fields: tuple[Any, ...]) -> dict[str, Any]:
    plain = (field for field in fields if field.default is not attrs.NOTHING)
    return {field.name: field.default for field in plain if not hasattr(field.default, "factory")}


def _named(cls: type, field: str, values: _Values, error: Exception) -> Problem:
    if isinstance(error, RefusedValueError):
        return cast("Problem", error.problem).under(member(field))
    name = _NAMES.get((cls, field))
    if name is None:
        return problem(Code.REFUSED_VALUE, member(field), reason=str(error))
    return name(values).under(member(field))


def _simple(code: Code, field: str) -> Callable[[_Values], Problem]:
    def refused(values: _Values) -> Problem:
        value = values[field]
        return problem(code, found=shown(value if isinstance(value, int) else str(value)))

    return refused


def _length(values: _Values) -> Problem:
    return problem(Code.BAD_LENGTH, length=len(values["name"]), lowest=1, highest=255)


def _closes(values: _Values) -> Problem:
    opens, closes = (cast("datetime", values[name]) for name in ("orders_open_at", "orders_close_at"))
    return problem(Code.CLOSES_BEFORE_OPENING, opens=opens, closes=closes)


def _inheritance(values: _Values) -> Problem:
    if values.get("tax_category") is not None:
        return problem(Code.FEE_TAXED_TWICE)
    return problem(Code.ORDER_FEE_INHERITS_TAX, calculator=values["calculator"].kind)


def _validity(values: _Values) -> Problem:
    return problem(Code.VALIDITY_EMPTY, begins=values["valid_from"], ends=values["valid_until"])


def _limits(values: _Values) -> Problem:
    return problem(Code.LIMITS_CROSSED, at_least=f"{values['at_least']:f}", at_most=f"{values['at_most']:f}")


def _voucher_value(values: _Values) -> Problem:
    found = shown(f"{values['value']:f}")
    if values.get("kind") is VoucherKind.PERCENT:
        return problem(Code.NUMBER_OUT_OF_RANGE, found=found, lowest=0, highest=100)
    return problem(Code.BELOW_ZERO, found=found)


def _voucher_code(values: _Values) -> Problem:
    return problem(Code.BAD_LENGTH, length=len(values["code"]), lowest=1, highest=255)


#: Refusals that have a text of their own in every language, by class and field.
_NAMES: Final[Mapping[tuple[type, str], Callable[[_Values], Problem]]] = {
    (OrderCycle, "name"): _length,
    (OrderCycle, "orders_close_at"): _closes,
    (EnterpriseFee, "inherits_tax_category"): _inheritance,
    (EnterpriseFee, "at_most"): _limits,
    (EnterpriseFee, "valid_until"): _validity,
    (TaxRate, "valid_until"): _validity,
    (Voucher, "code"): _voucher_code,
    (Voucher, "value"): _voucher_value,
    (ShopSettings, "late_placement_days"): _simple(Code.BELOW_ZERO, "late_placement_days"),
    (SubscriptionLine, "quantity"): _simple(Code.BELOW_ZERO, "quantity"),
    (OrderLine, "quantity"): _simple(Code.BELOW_ZERO, "quantity"),
    (OrderLine, "final_weight"): _simple(Code.BELOW_ZERO, "final_weight"),
    (Variant, "unit_value"): _simple(Code.NOT_ABOVE_ZERO, "unit_value"),
    (Variant, "weight_kg"): _simple(Code.BELOW_ZERO, "weight_kg"),
    (TaxRate, "amount"): _simple(Code.NOT_A_FRACTION, "amount"),
}

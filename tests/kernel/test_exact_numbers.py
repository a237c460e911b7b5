"""Numbers that no value takes: huge ones, ones next to nothing, and truths."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from ofncore.fees.calculators import FlatRate
from ofncore.fees.typed_settings import read_settings
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.subscription import SubscriptionLine
from ofncore.testing import worlds

MAKERS: dict[str, Callable[[Decimal], object]] = {
    "amount": lambda number: FlatRate(amount=number),
    "at_least": lambda number: worlds.fee(at_least=number),
    "at_most": lambda number: worlds.fee(at_most=number),
    "value": lambda number: worlds.voucher(value=number),
    "weight_kg": lambda number: worlds.variant(weight_kg=number),
    "unit_value": lambda number: worlds.variant(unit_value=number),
    "final_weight": lambda number: worlds.order_line(final_weight=number),
}


@pytest.mark.parametrize("field", MAKERS)
@pytest.mark.parametrize("number", ["1E+30", "1E+99999999", "1E-99999999"])
def test_a_number_too_large_or_too_near_to_zero_is_refused_at_once(field: str, number: str) -> None:
    with pytest.raises(ValueError, match=f"{field} (has at most|is nearer to zero)"):
        MAKERS[field](Decimal(number))


@pytest.mark.parametrize("field", [name for name in MAKERS if name != "value"])
@pytest.mark.parametrize("number", ["9E+29", "0.01"])
def test_a_number_of_a_fair_size_is_taken(field: str, number: str) -> None:
    assert MAKERS[field](Decimal(number))


@pytest.mark.parametrize("quantity", [True, -1, 1.0, "2"], ids=repr)
def test_a_quantity_is_a_whole_number_of_zero_or_more(quantity: Any) -> None:  # noqa: ANN401 - anything
    for make in (worlds.order_line, partial(SubscriptionLine, variant=VariantId("eggs"))):
        with pytest.raises(ValueError, match="quantity must be a whole number, zero or more"):
            make(quantity=quantity)


def test_settings_that_are_none_are_refused() -> None:
    nothing: Any = None
    found = read_settings("flat_rate", nothing)
    assert isinstance(found, Refusal)
    assert [(each.path, each.code) for each in found.problems] == [("$.preferences", Code.NOT_OBJECT)]

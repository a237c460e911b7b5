"""The laws that every calculator keeps, and those that it claims to keep."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from functools import cache, wraps
from typing import Any, ClassVar, Final

import attrs
import pytest
from cattrs import Converter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy as Strategy

from ofncore.fees.registry import calculator_class
from ofncore.formats.converter import make_converter
from ofncore.kernel.money import round_fraction
from ofncore.model.calculator import Calculator, ChargeableLine, UnitRate, WeightRate
from ofncore.testing.strategies import calculators_of

#: Currencies without decimals, with two and with three.
_MINOR_PER_UNIT: Final = (1, 100, 1000)

#: One suite runs for several classes, and only some settings are without a discount.
_EXAMPLES: Final = settings(
    deadline=None, suppress_health_check=[HealthCheck.differing_executors, HealthCheck.filter_too_much]
)


@attrs.frozen
class _Question:
    """What one calculator is asked."""

    calculator: Calculator
    lines: tuple[ChargeableLine, ...]
    minor_per_unit: int

    def charge(self, *lines: ChargeableLine) -> Fraction:
        return self.calculator.charge(lines, minor_per_unit=self.minor_per_unit)

    def exact(self, *lines: ChargeableLine) -> Fraction:
        return self.calculator.exact(lines, minor_per_unit=self.minor_per_unit)


def _lines() -> Strategy[ChargeableLine]:
    """Lines as orders have them, and at prices finer than a minor unit, which some fees look at."""
    whole = st.integers(0, 100_000)
    return st.builds(
        ChargeableLine,
        price=whole | whole.map(lambda sevenths: Fraction(sevenths, 7)),
        quantity=st.integers(0, 200),
        weight_kg=whole.map(lambda grams: Fraction(grams, 1000)),
        sold_by_weight=st.booleans(),
    )


def _law(test: Callable[["CalculatorLaws", _Question], None]) -> Callable[["CalculatorLaws", st.DataObject], None]:
    """Ask *test* about calculators of the suite's class and lines of any kind."""

    @wraps(test)
    def asked(self: "CalculatorLaws", data: st.DataObject) -> None:
        test(self, data.draw(self.questions(), label="asked"))

    # pytest takes arguments for fixtures, and would see those of *test*.
    del asked.__wrapped__
    return _EXAMPLES(given(data=st.data())(asked))


class CalculatorLaws:
    """Base of the suite of one calculator class.

    Every law is asked in currencies without decimals, with two and with three, and at prices finer than a minor unit. A
    law that the class does not claim is skipped.
    """

    #: The class to look at.
    calculator: ClassVar[type[Calculator]]
    #: Strategies of settings that take only some values of their type.
    settings: ClassVar[Mapping[str, Strategy[Any]]] = {}

    @classmethod
    @cache
    def questions(cls) -> Strategy[_Question]:
        """Return what the laws are asked about."""
        return st.builds(
            _Question,
            calculators_of(cls.calculator, **cls.settings),
            st.lists(_lines(), max_size=3).map(tuple),
            st.sampled_from(_MINOR_PER_UNIT),
        )

    def test_it_is_found_by_its_kind(self) -> None:
        assert calculator_class(self.calculator.kind) is self.calculator

    @_law
    def test_it_cannot_be_changed(self, asked: _Question) -> None:
        calculator: Any = asked.calculator
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            calculator.kind = "changed"
        assert hash(calculator) == hash(deepcopy(calculator))

    @_law
    def test_a_document_keeps_all_of_it(self, asked: _Question) -> None:
        written = _converter().unstructure(asked.calculator)
        assert _converter().structure(written, Calculator) == asked.calculator  # type: ignore[type-abstract] # by kind

    @_law
    def test_it_charges_an_exact_fraction(self, asked: _Question) -> None:
        assert type(asked.charge(*asked.lines)) is Fraction
        assert type(asked.exact(*asked.lines)) is Fraction

    @_law
    def test_asked_again_it_charges_the_same(self, asked: _Question) -> None:
        assert asked.charge(*asked.lines) == asked.charge(*asked.lines)

    @_law
    def test_asking_changes_nothing(self, asked: _Question) -> None:
        calculator, lines = deepcopy(asked.calculator), list(asked.lines)
        asked.calculator.charge(lines, minor_per_unit=asked.minor_per_unit)
        assert (asked.calculator, lines) == (calculator, list(asked.lines))

    @_law
    def test_the_order_of_lines_is_irrelevant(self, asked: _Question) -> None:
        turned = tuple(reversed(asked.lines))
        assert asked.charge(*turned) == asked.charge(*asked.lines)
        assert asked.exact(*turned) == asked.exact(*asked.lines)

    @_law
    def test_per_item_no_line_costs_nothing(self, asked: _Question) -> None:
        """FEE-4: what is charged per item is charged on lines."""
        self._skip_unless(not self.calculator.per_order, "it is charged per order")
        assert asked.charge() == asked.exact() == 0

    @_law
    def test_so_many_cost_so_many_times_one(self, asked: _Question) -> None:
        self._skip_unless(self.calculator.linear_in_quantity, "it does not claim to be linear in the quantity")
        for line in asked.lines:
            one = attrs.evolve(line, quantity=1)
            many = attrs.evolve(one, quantity=line.quantity, weight_kg=line.weight_kg * line.quantity)
            assert asked.charge(many) == asked.charge(one) * line.quantity
            assert asked.exact(many) == asked.exact(one) * line.quantity

    @_law
    def test_lines_cost_together_what_each_costs_alone(self, asked: _Question) -> None:
        self._skip_unless(self.calculator.linear_in_quantity, "it does not claim to be linear in the quantity")
        assert asked.charge(*asked.lines) == sum(map(asked.charge, asked.lines))
        assert asked.exact(*asked.lines) == sum(map(asked.exact, asked.lines))

    @_law
    def test_it_never_charges_below_zero(self, asked: _Question) -> None:
        self._skip_unless(self.calculator.never_negative, "it does not claim never to be negative")
        assume(all(number >= 0 for number in _numbers(asked.calculator)))
        assert asked.charge(*asked.lines) >= 0
        assert asked.exact(*asked.lines) >= 0

    @_law
    def test_the_fast_way_gives_what_one_unit_is_charged(self, asked: _Question) -> None:
        rate = asked.calculator.unit_charge(minor_per_unit=asked.minor_per_unit)
        self._skip_unless(rate is not None, "it has no fast way")
        assert isinstance(rate, UnitRate | WeightRate)
        for one in _single_units(asked.lines):
            assert _by_rate(rate, one) == round_fraction(asked.charge(one))

    @_law
    def test_without_its_own_roundings_one_unit_is_charged_the_same(self, asked: _Question) -> None:
        for one in _single_units(asked.lines):
            assert round_fraction(asked.exact(one)) == round_fraction(asked.charge(one))

    @staticmethod
    def _skip_unless(condition: bool, reason: str) -> None:  # noqa: FBT001 - read as "skip unless this"
        if not condition:
            pytest.skip(reason)


@cache
def _converter() -> Converter:
    return make_converter()


def _single_units(lines: Sequence[ChargeableLine]) -> Iterator[ChargeableLine]:
    """Yield single units at whole prices, below zero too: discounts can take a price there."""
    for line in lines:
        for price in (int(line.price), -int(line.price)):
            yield attrs.evolve(line, price=price, quantity=1)


def _by_rate(rate: UnitRate | WeightRate, one: ChargeableLine) -> int:
    if isinstance(rate, UnitRate):
        return rate(one.price)
    return rate(one.weight_kg, sold_by_weight=one.sold_by_weight)


def _numbers(calculator: Any) -> Iterator[Decimal | Fraction | int]:  # noqa: ANN401 - any attrs value
    """Yield every number among the settings, however deep."""
    unread: list[object] = [attrs.astuple(calculator)]
    while unread:
        value = unread.pop()
        if isinstance(value, Decimal | Fraction | int):
            yield value
        elif isinstance(value, list | tuple):
            unread.extend(value)

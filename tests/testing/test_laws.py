"""The library's own calculators keep the laws, and each law notices a calculator that breaks it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, ClassVar, cast

import attrs
import pytest
from hypothesis import Phase, settings

from ofncore.fees import registry
from ofncore.fees.calculators import (
    FlatPercentItemTotal,
    FlatPercentPerItem,
    FlatRate,
    FlexiRate,
    NoCharge,
    PerItem,
    PriceSack,
    Weight,
)
from ofncore.fees.margins import MarginOnSalePrice
from ofncore.fees.registry import calculator_class, calculator_kinds
from ofncore.fees.tiers import GraduatedTiers, WholeTiers
from ofncore.model.calculator import Calculator, ChargeableLine, UnitRate, WeightRate
from ofncore.testing.laws import CalculatorLaws

LAWS = sorted(name for name in dir(CalculatorLaws) if name.startswith("test_"))


class TestFlatPercentPerItem(CalculatorLaws):
    calculator = FlatPercentPerItem


class TestFlatPercentItemTotal(CalculatorLaws):
    calculator = FlatPercentItemTotal


class TestFlatRate(CalculatorLaws):
    calculator = FlatRate


class TestFlexiRate(CalculatorLaws):
    calculator = FlexiRate


class TestPerItem(CalculatorLaws):
    calculator = PerItem


class TestPriceSack(CalculatorLaws):
    calculator = PriceSack


class TestWeight(CalculatorLaws):
    calculator = Weight


class TestNoCharge(CalculatorLaws):
    calculator = NoCharge


class TestMarginOnSalePrice(CalculatorLaws):
    calculator = MarginOnSalePrice


class TestWholeTiers(CalculatorLaws):
    calculator = WholeTiers


class TestGraduatedTiers(CalculatorLaws):
    calculator = GraduatedTiers


OWN_SUITES = [each for each in CalculatorLaws.__subclasses__() if each.__module__ == __name__]


def test_every_calculator_of_the_library_is_held_against_the_laws() -> None:
    known = {calculator_class(kind) for kind in calculator_kinds()}
    ours = {each for each in known if each.__module__.startswith("ofncore.")}
    assert {each.calculator for each in OWN_SUITES} == ours


# ---------------------------------------------------------------- calculators that break a law


class Sketch(Calculator):
    """A sound calculator, of which each of the others spoils one thing: twice the prices."""

    per_order = False
    linear_in_quantity = True
    never_negative = True

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__name__.lower()

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - whatever
        return Fraction(2 * sum(line.price * line.quantity for line in lines))


@attrs.frozen
class Sound(Sketch):
    pass


@attrs.define(unsafe_hash=True)
class Changeable(Sketch):
    pass


@attrs.frozen(eq=False)
class Unequal(Sketch):
    def __hash__(self) -> int:
        return 1


@attrs.frozen
class FloatCharging(Sketch):
    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return cast("Fraction", float(super().charge(lines, minor_per_unit=minor_per_unit)))


@attrs.frozen
class RoughlyExact(Sketch):
    def exact(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return cast("Fraction", float(self.charge(lines, minor_per_unit=minor_per_unit)))


@attrs.frozen
class Forgetful(Sketch):
    asked: ClassVar[Iterator[int]] = iter(range(10**9))

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return super().charge(lines, minor_per_unit=minor_per_unit) + next(self.asked)


@attrs.frozen
class Greedy(Sketch):
    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        found = super().charge(lines, minor_per_unit=minor_per_unit)
        if isinstance(lines, list):
            lines.clear()
        return found


@attrs.frozen
class FirstLineFree(Sketch):
    linear_in_quantity = False

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return super().charge(lines[1:], minor_per_unit=minor_per_unit)


@attrs.frozen
class ForTheOrder(Sketch):
    linear_in_quantity = False

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return super().charge(lines, minor_per_unit=minor_per_unit) + 1


@attrs.frozen
class FlatForALine(Sketch):
    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:  # noqa: ARG002 - whatever
        return Fraction(sum(1 for line in lines if line.quantity))


@attrs.frozen
class CheapTogether(Sketch):
    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return super().charge(lines, minor_per_unit=minor_per_unit) * (len(lines) < 2)


@attrs.frozen
class Giving(Sketch):
    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return -super().charge(lines, minor_per_unit=minor_per_unit)


@attrs.frozen
class WrongWhenFast(Sketch):
    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:  # noqa: ARG002 - whatever
        return UnitRate(Fraction(3))


@attrs.frozen
class CalledWhenFast(Sketch):
    """Gives a function where numbers are needed."""

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:  # noqa: ARG002 - whatever
        return cast("UnitRate", lambda price: 2 * price)


@attrs.frozen
class HeavyAndFast(Sketch):
    """Charges by weight, but its fast way knows no weight."""

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return sum((line.weight_kg for line in lines), Fraction()) * minor_per_unit

    def unit_charge(self, *, minor_per_unit: int) -> UnitRate:  # noqa: ARG002 - whatever
        return UnitRate(Fraction())


@attrs.frozen
class WeighedAlike(Sketch):
    """Charges what is sold by weight twice, but its fast way does not."""

    def charge(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return sum((line.weight_kg * (1 + line.sold_by_weight) for line in lines), Fraction()) * minor_per_unit

    def unit_charge(self, *, minor_per_unit: int) -> WeightRate:
        return WeightRate(Fraction(minor_per_unit))


@attrs.frozen
class OtherWhenExact(Sketch):
    def exact(self, lines: Sequence[ChargeableLine], *, minor_per_unit: int) -> Fraction:
        return self.charge(lines, minor_per_unit=minor_per_unit) * 3


BREACHES: dict[type[Calculator], str] = {
    Changeable: "test_it_cannot_be_changed",
    Unequal: "test_a_document_keeps_all_of_it",
    FloatCharging: "test_it_charges_an_exact_fraction",
    RoughlyExact: "test_it_charges_an_exact_fraction",
    Forgetful: "test_asked_again_it_charges_the_same",
    Greedy: "test_asking_changes_nothing",
    FirstLineFree: "test_the_order_of_lines_is_irrelevant",
    ForTheOrder: "test_per_item_no_line_costs_nothing",
    FlatForALine: "test_so_many_cost_so_many_times_one",
    CheapTogether: "test_lines_cost_together_what_each_costs_alone",
    Giving: "test_it_never_charges_below_zero",
    WrongWhenFast: "test_the_fast_way_gives_what_one_unit_is_charged",
    CalledWhenFast: "test_the_fast_way_gives_what_one_unit_is_charged",
    HeavyAndFast: "test_the_fast_way_gives_what_one_unit_is_charged",
    WeighedAlike: "test_the_fast_way_gives_what_one_unit_is_charged",
    OtherWhenExact: "test_without_its_own_roundings_one_unit_is_charged_the_same",
}
#: Its only breach is that nobody registered it.
UNREGISTERED = "test_it_is_found_by_its_kind"


@contextmanager
def registered(cls: type[Calculator]) -> Iterator[None]:
    calculator_kinds()
    with pytest.MonkeyPatch.context() as patched:
        # Past the door of the registry, which refuses a class that can be changed before any law is asked.
        patched.setattr(registry, "_classes", registry._classes | {cls.kind: cls})
        yield


def breaks(law: str, cls: type[Calculator]) -> bool:
    """Tell whether calculators of the class break the law; no smaller example is looked for."""
    suite = type("Suite", (CalculatorLaws,), {"calculator": cls})()
    test: Any = getattr(suite, law)
    with pytest.MonkeyPatch.context() as patched:
        key = "_hypothesis_internal_use_settings"
        if hasattr(test, key):
            quick = settings(getattr(test, key), database=None, phases=[Phase.generate])
            patched.setattr(test.__func__, key, quick)
        try:
            test()
        except pytest.skip.Exception:
            return False
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 - whatever a broken calculator makes of it
            return True
    return False


@pytest.mark.parametrize("law", LAWS)
def test_a_sound_calculator_of_a_host_keeps_the_law(law: str) -> None:
    with registered(Sound):
        assert not breaks(law, Sound)


@pytest.mark.parametrize(("cls", "law"), BREACHES.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_a_breach_is_noticed(cls: type[Calculator], law: str) -> None:
    with registered(cls):
        assert breaks(law, cls)


def test_a_calculator_that_nobody_registered_is_noticed() -> None:
    assert breaks(UNREGISTERED, Sound)


def test_every_law_notices_some_breach() -> None:
    assert {*BREACHES.values(), UNREGISTERED} == set(LAWS)


def test_a_law_that_is_not_claimed_is_skipped() -> None:
    test: Any = TestFlatRate().test_so_many_cost_so_many_times_one
    with pytest.raises(pytest.skip.Exception, match="it does not claim to be linear in the quantity"):
        test()

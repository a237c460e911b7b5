"""Strategies for every public value of the kernel and the model, made from the annotations of its fields."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules
from types import NoneType, UnionType
from typing import Any, Final, NewType, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

import ofncore.kernel
import ofncore.model
from ofncore.fees.calculators import FlatPercentPerItem
from ofncore.fees.margins import MarginOnSalePrice
from ofncore.fees.registry import calculator_class, calculator_kinds
from ofncore.fees.tiers import GraduatedTiers, Tier, WholeTiers
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.instants import as_instant
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters, Problem, Refusal
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import ShopSettings
from ofncore.model.event import EVENT_KINDS, Event
from ofncore.model.fee import ChargedPer, EnterpriseFee, TaxRate
from ofncore.model.order import OrderLine
from ofncore.model.product import Variant
from ofncore.model.subscription import SubscriptionLine
from ofncore.model.voucher import Voucher

Strategy = st.SearchStrategy[Any]

#: All that a document takes: neither NUL nor halves of surrogate pairs.
texts: Final = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ids: Final = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
instants: Final = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2900, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.sampled_from([UTC, ZoneInfo("Europe/Madrid"), ZoneInfo("Pacific/Apia")]),
)
counts: Final = st.integers(0, 10**6)
monies: Final = st.builds(Money, st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "KWD"]))
actors: Final = st.just(ENGINE) | ids.map(Actor.user) | ids.map(Actor.customer)
decimals: Final = st.decimals(-(10**9), 10**9, places=4) | st.sampled_from([Decimal("1E+5"), Decimal("-0.00")])
hundredths: Final = st.decimals(-(10**6), 10**6, places=2)

_SCALARS: Final[dict[object, Strategy]] = {
    bool: st.booleans(),
    int: st.integers(-(10**6), 10**6),
    str: texts,
    Decimal: decimals,
    Fraction: st.fractions(-999, 999, max_denominator=999),
    datetime: instants,
    timedelta: st.timedeltas(timedelta(days=-999), timedelta(days=999)),
    Actor: actors,
    Money: monies,
    Parameters: st.dictionaries(
        texts, texts | counts | decimals | monies | instants.map(as_instant) | st.lists(texts).map(tuple), max_size=4
    ).map(lambda values: Parameters(tuple(values.items()))),
}

_tiers: Final = st.lists(
    st.builds(Tier, from_amount=st.decimals(0, 10**6, places=2), percent=hundredths, amount=hundredths),
    max_size=3,
    unique_by=lambda tier: tier.from_amount,
).map(lambda tiers: tuple(sorted(tiers, key=lambda tier: tier.from_amount)))

#: Fields that take less than their type says.
_FIELDS: Final[dict[tuple[type, str], Strategy]] = {
    (ShopSettings, "late_placement_days"): counts,
    (SubscriptionLine, "quantity"): counts,
    (OrderLine, "quantity"): counts,
    (Variant, "unit_value"): st.decimals("0.001", 10**6, places=3),
    (Variant, "weight_kg"): st.none() | st.decimals(0, 10**6, places=3),
    (TaxRate, "amount"): st.decimals(0, 1, places=5),
    (OrderCycle, "name"): st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20),
    (OrderCycle, "orders_close_at"): st.none(),
    (ChargeableLine, "quantity"): counts,
    (ChargeableLine, "weight_kg"): st.fractions(0, 999, max_denominator=999),
    (MarginOnSalePrice, "margin_percent"): st.decimals(-(10**6), "99.99", places=2),
    (WholeTiers, "tiers"): _tiers,
    (GraduatedTiers, "tiers"): _tiers,
    (ChargeableLine, "price"): counts | st.fractions(0, 999, max_denominator=999),
    (TaxRate, "valid_until"): st.none() | st.just(datetime(2950, 1, 1, tzinfo=UTC)),
    (EnterpriseFee, "valid_until"): st.none() | st.just(datetime(2950, 1, 1, tzinfo=UTC)),
    (EnterpriseFee, "at_most"): st.none() | st.decimals(10**6, 10**7, places=2),
    (EnterpriseFee, "at_least"): st.none() | st.decimals(-(10**6), 10**5, places=2),
    (OrderLine, "final_weight"): st.none() | st.decimals(0, 10**6, places=2),
    (Voucher, "value"): st.decimals(0, 100, places=2),
    (Voucher, "code"): st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20),
    (EnterpriseFee, "inherits_tax_category"): st.just(False),  # noqa: FBT003 - a value like others
}


def public_values() -> Iterator[type]:
    """Yield every value class of the kernel and the model, and the library's calculators."""
    for package in (ofncore.kernel, ofncore.model):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            for cls in vars(import_module(module.name)).values():
                if isinstance(cls, type) and cls.__module__ == module.name and attrs.has(cls) and not isabstract(cls):
                    yield cls
    yield from map(calculator_class, calculator_kinds())


def is_kindless_event(cls: type) -> bool:
    """Whether *cls* is only what several kinds of events have in common."""
    return issubclass(cls, Event) and cls not in EVENT_KINDS.values()


def values(kind: Any) -> Strategy:  # noqa: ANN401 - an annotation may be anything
    """Return a strategy for the values that the annotation *kind* allows."""
    return _values(kind)


@cache
def _values(kind: Any) -> Strategy:  # noqa: ANN401 - as above
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) in (Union, UnionType):
        return st.none() | values(next(each for each in get_args(kind) if each is not NoneType))
    if isinstance(kind, NewType):
        return ids if kind.__name__.endswith("Id") else values(kind.__supertype__)
    if kind in _SCALARS:
        return _SCALARS[kind]
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return _of_class(kind)


def _of_class(cls: type) -> Strategy:
    if cls is Calculator:
        return st.one_of([values(calculator_class(kind)) for kind in calculator_kinds()])
    if is_kindless_event(cls):
        return st.one_of([values(each) for each in EVENT_KINDS.values() if issubclass(each, cls)])
    if cls is Refusal:
        return st.builds(Refusal, st.lists(values(Problem), min_size=1, max_size=3).map(tuple))
    built = st.builds(cls, **{field.name: _of_field(cls, field) for field in attrs.fields(attrs.resolve_types(cls))})
    return _MORE[cls](built) if cls in _MORE else built


def _of_field(cls: type, field: "attrs.Attribute[Any]") -> Strategy:
    if (cls, field.name) in _FIELDS:
        return _FIELDS[cls, field.name]
    if issubclass(cls, Calculator) and field.type in (Decimal, int):
        return hundredths if field.type is Decimal else counts
    return values(field.type)


def _with_close(cycles: Strategy) -> Strategy:
    return st.builds(
        lambda cycle, length: (
            attrs.evolve(cycle, orders_close_at=(cycle.orders_open_at or cycle.opened_at) + length)
            if cycle.orders_open_at or cycle.opened_at
            else cycle
        ),
        cycles,
        st.timedeltas(timedelta(microseconds=1), timedelta(days=365)),
    )


def _some_inheriting(fees: Strategy) -> Strategy:
    inheriting = {
        "tax_category": None,
        "inherits_tax_category": True,
        "calculator": FlatPercentPerItem(),
        "charged_per": ChargedPer.LINE,
    }
    return fees | fees.map(lambda fee: attrs.evolve(fee, **inheriting))


_MORE: Final[dict[type, Callable[[Strategy], Strategy]]] = {
    OrderCycle: _with_close,
    EnterpriseFee: _some_inheriting,
}

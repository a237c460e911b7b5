"""Hypothesis strategies for public values.

Plural names, options by keyword. What a value refers to is drawn from a world, so that a storage that checks references
takes it; `REFERENCES` has one of everything. A value is new: its own id is fresh, its version 0.

    >>> from hypothesis import given
    >>> @given(orders(fill=Fill.ALL))
    ... def test_an_order_keeps_its_comment(order): ...
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from types import UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from ofncore.fees.margins import MarginOnSalePrice
from ofncore.fees.registry import calculator_class, calculator_kinds
from ofncore.fees.tiers import GraduatedTiers, Tier, WholeTiers
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    FeeId,
    OrderCycleId,
    OrderId,
    PaymentId,
    PaymentMethodId,
    ProductId,
    ScheduleId,
    ShippingMethodId,
    SubscriptionId,
    TaxCategoryId,
    TaxRateId,
    TaxZoneId,
    UserId,
    VariantId,
)
from ofncore.kernel.money import Money
from ofncore.kernel.tags import Tag, normal_tags
from ofncore.model.calculator import Calculator
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import EVENT_KINDS, Event
from ofncore.model.fee import ChargedPer, EnterpriseFee, TaxCategory, TaxRate, TaxZone
from ofncore.model.grant import PermissionGrant
from ofncore.model.message import Message
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order, OrderLine
from ofncore.model.payment import Payment
from ofncore.model.product import Product, Variant
from ofncore.model.stock import StockItem, StockMovement
from ofncore.model.subscription import ProxyOrder, Schedule, Subscription
from ofncore.model.user import User
from ofncore.model.voucher import Voucher
from ofncore.model.world import State
from ofncore.testing.worlds import order, payment, small_state

V = TypeVar("V")
Strategy = st.SearchStrategy


class Fill(StrEnum):
    """What becomes of optional fields and of tuples."""

    #: Any of them may be there or not.
    MIXED = "mixed"
    #: All are there, and no tuple is empty.
    ALL = "all"
    #: None is there, and every tuple is empty.
    NONE = "none"


_CURRENCIES: Final = ("EUR", "JPY", "TND")

#: A small world in which one order was placed and paid.
REFERENCES: Final = small_state(orders=[order()], payments=[payment()])

_CALCULATORS: Final[tuple[type[Calculator], ...]] = tuple(
    each for each in map(calculator_class, calculator_kinds()) if each.__module__.startswith("ofncore.")
)

#: Type of an id -> the part of a world that has the records.
_PARTS: Final[Mapping[object, str]] = {
    UserId: "users",
    EnterpriseId: "enterprises",
    CustomerId: "customers",
    TaxCategoryId: "tax_categories",
    TaxZoneId: "tax_zones",
    TaxRateId: "tax_rates",
    ProductId: "products",
    VariantId: "variants",
    FeeId: "fees",
    ShippingMethodId: "shipping_methods",
    PaymentMethodId: "payment_methods",
    OrderCycleId: "order_cycles",
    ScheduleId: "schedules",
    SubscriptionId: "subscriptions",
    OrderId: "orders",
    PaymentId: "payments",
}

_PLAIN_WORD: Final = re.compile("[a-z][a-z0-9-]+")

# Eastern and western, with minutes, and across the date line.
_OFFSETS: Final = tuple(timezone(timedelta(minutes=minutes)) for minutes in (0, 60, 345, -570, 840, -720))
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


# ---------------------------------------------------------------- single values


def texts(*, min_size: int = 0, max_size: int = 30) -> Strategy[str]:
    """Texts of any language; without the few signs that databases and documents do not take."""
    signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.text(signs, min_size=min_size, max_size=max_size)


def ids(*, max_size: int = 20) -> Strategy[str]:
    """Ids, which may be any text but an empty one; none is a plain word, as the ids of small worlds are."""
    return texts(min_size=1, max_size=max_size).filter(lambda text: not _PLAIN_WORD.fullmatch(text))


def currencies() -> Strategy[str]:
    """Codes of ISO 4217 with two, no and three decimals."""
    return st.sampled_from(_CURRENCIES)


def moneys(*, min_minor: int = -(10**12), max_minor: int = 10**12, currency: str | None = None) -> Strategy[Money]:
    """Amounts of *currency*, or of any, between two numbers of minor units."""
    codes = currencies() if currency is None else st.just(currency)
    return st.builds(Money, st.integers(min_minor, max_minor), codes)


def instants(*, min_value: datetime = _EARLIEST, max_value: datetime = _LATEST) -> Strategy[datetime]:
    """Aware instants at several offsets from UTC."""
    utc = st.datetimes(min_value.astimezone(UTC).replace(tzinfo=None), max_value.astimezone(UTC).replace(tzinfo=None))
    return st.builds(lambda instant, zone: instant.replace(tzinfo=UTC).astimezone(zone), utc, st.sampled_from(_OFFSETS))


def actors(*, world: State = REFERENCES) -> Strategy[Actor]:
    """The engine, users and customers of *world*."""
    people = [Actor.user(each.id) for each in world.users] + [Actor.customer(each.id) for each in world.customers]
    return st.sampled_from([ENGINE, *people])


def calculators(*, per_order: bool | None = None) -> Strategy[Calculator]:
    """The library's calculators with any settings; only those charged per order, or not, if *per_order* is given."""
    kinds = [each for each in _CALCULATORS if per_order is None or each.per_order is per_order]
    return st.one_of([calculators_of(each) for each in kinds])


def calculators_of(cls: type[V], **settings: Strategy[Any]) -> Strategy[V]:
    """Calculators of one class; a setting that is not given a strategy is drawn by its type."""
    return _values(cls, REFERENCES, Fill.MIXED, **(_narrow_settings(cls) | settings))


def _narrow_settings(cls: type) -> dict[str, Strategy[Any]]:
    """Settings that take only some values of their type."""
    if cls is MarginOnSalePrice:
        return {"margin_percent": st.decimals(-1000, "99.99", places=2)}
    return {"tiers": tiers()} if cls in (WholeTiers, GraduatedTiers) else {}


def tiers() -> Strategy[tuple[Tier, ...]]:
    """Tiers, ascending; there may be none."""
    some = st.builds(
        Tier,
        from_amount=st.decimals(0, 1000, places=2),
        percent=st.decimals(-100, 100, places=2),
        amount=st.decimals(-100, 100, places=2),
    )
    return st.lists(some, max_size=3, unique_by=lambda tier: tier.from_amount).map(
        lambda found: tuple(sorted(found, key=lambda tier: tier.from_amount))
    )


# ---------------------------------------------------------------- records


def users(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[User]:
    """Users."""
    return _values(User, world, fill)


def enterprises(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Enterprise]:
    """Enterprises of the users of *world*."""
    return _values(Enterprise, world, fill)


def grants(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[PermissionGrant]:
    """Grants between the enterprises of *world*."""
    return _values(PermissionGrant, world, fill)


def customers(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Customer]:
    """Customers of the enterprises of *world*."""
    return _values(Customer, world, fill)


def tax_categories(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[TaxCategory]:
    """Tax categories."""
    return _values(TaxCategory, world, fill)


def tax_rates(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[TaxRate]:
    """Tax rates with at most five decimals."""
    return _values(TaxRate, world, fill, amount=st.decimals(0, 1, places=5), valid_until=_ends(fill))


def tax_zones(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[TaxZone]:
    """Tax zones."""
    return _values(TaxZone, world, fill)


def vouchers(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Voucher]:
    """Vouchers of the enterprises of *world*."""
    return _values(Voucher, world, fill, code=texts(min_size=1), value=st.decimals(0, 100, places=2))


def products(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Product]:
    """Products."""
    return _values(Product, world, fill)


def variants(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Variant]:
    """Variants of the products of *world*."""
    above_zero = st.decimals("0.001", 100_000, places=3)
    weight = _optional(above_zero, fill)
    return _values(Variant, world, fill, price=moneys(min_minor=0), unit_value=above_zero, weight_kg=weight)


def fees(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[EnterpriseFee]:
    """Fees of the enterprises of *world*."""
    # Each floor is below each cap, and each end after each beginning.
    limits: dict[str, Strategy[Any]] = {
        "at_least": _optional(st.decimals(-1000, 0, places=2), fill),
        "at_most": _optional(st.decimals(0, 1000, places=2), fill),
        "valid_until": _ends(fill),
    }
    own_category = _values(EnterpriseFee, world, fill, inherits_tax_category=st.just(value=False), **limits)
    inherited = _values(
        EnterpriseFee,
        world,
        fill,
        calculator=calculators(per_order=False),
        tax_category=st.none(),
        inherits_tax_category=st.just(value=True),
        charged_per=st.sampled_from([ChargedPer.CALCULATOR, ChargedPer.LINE]),
        **limits,
    )
    return own_category if fill is Fill.ALL else own_category | inherited


def shipping_methods(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[ShippingMethod]:
    """Shipping methods of the enterprises of *world*."""
    return _values(ShippingMethod, world, fill)


def payment_methods(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[PaymentMethod]:
    """Payment methods of the enterprises of *world*."""
    return _values(PaymentMethod, world, fill)


def order_cycles(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[OrderCycle]:
    """Order cycles among the enterprises of *world*; dated, half dated or undated."""
    undated = _values(OrderCycle, world, fill, orders_open_at=st.none(), orders_close_at=st.none())
    return st.builds(_dated, undated, _optional(instants(), fill), _optional(instants(), fill))


def _dated(cycle: OrderCycle, one: datetime | None, other: datetime | None) -> OrderCycle:
    opens, closes = one, other
    if opens is not None and closes is not None:
        opens, closes = min(opens, closes), max(opens + timedelta(microseconds=1), closes)
    return attrs.evolve(cycle, orders_open_at=opens, orders_close_at=closes)


def schedules(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Schedule]:
    """Schedules of the cycles of *world*."""
    return _values(Schedule, world, fill)


def subscriptions(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Subscription]:
    """Subscriptions of the customers of *world*."""
    return _values(Subscription, world, fill)


def proxy_orders(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[ProxyOrder]:
    """Proxy orders of the subscriptions and cycles of *world*."""
    return _values(ProxyOrder, world, fill)


def order_lines(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[OrderLine]:
    """Order lines of the variants of *world*."""
    return _values(OrderLine, world, fill)


def orders(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Order]:
    """Orders of the customers of *world*, each in one currency; the figures on them need not follow from each other."""
    return _values(Order, world, fill, code=ids())


def payments(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Payment]:
    """Payments for the orders of *world*."""
    return _values(Payment, world, fill)


def stock_items(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[StockItem]:
    """Counts of the variants of *world*; below zero only on demand."""
    whole = _values(StockItem, world, fill)
    return whole.map(lambda item: attrs.evolve(item, on_demand=item.on_demand or item.on_hand < 0))


def stock_movements(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[StockMovement]:
    """Movements of the variants of *world*."""
    return _values(StockMovement, world, fill, delta=st.integers(-20, 20))


def messages(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Message]:
    """Messages about anything."""
    return _values(Message, world, fill)


def events(*, world: State = REFERENCES, fill: Fill = Fill.MIXED) -> Strategy[Event]:
    """Events of every kind."""
    return st.one_of([_values(kind, world, fill) for _, kind in sorted(EVENT_KINDS.items())])


# ---------------------------------------------------------------- from the fields of a class


def _values(cls: type[V], world: State, fill: Fill, **fields: Strategy[Any]) -> Strategy[V]:
    """Values of *cls*, by the types of its fields but for those of *fields*; the money of each is in one currency."""
    return st.one_of([_Drawer(world, fill, currency).values(cls, fields) for currency in _CURRENCIES])


def _ends(fill: Fill) -> Strategy[datetime | None]:
    """Instants after any other instant of these strategies."""
    return _optional(instants(min_value=_LATEST + timedelta(days=2), max_value=_LATEST + timedelta(days=365)), fill)


def _optional(values: Strategy[V], fill: Fill) -> "Strategy[V | None]":
    return {Fill.ALL: values, Fill.NONE: st.none(), Fill.MIXED: st.none() | values}[fill]


@attrs.frozen
class _Drawer:
    """Chooses strategies by the names and types of fields."""

    world: State
    fill: Fill
    currency: str

    def values(self, cls: type[V], given: Mapping[str, Strategy[Any]] | None = None) -> Strategy[V]:
        hints = get_type_hints(cls)
        names = [field.name for field in attrs.fields(cls) if field.init]  # type: ignore[arg-type] # values only
        chosen = {name: self._by_name(name, hints[name]) for name in names}
        make: Callable[..., V] = cls
        return st.builds(make, **(chosen | dict(given or {})))

    def _by_name(self, name: str, hint: object) -> Strategy[Any]:
        match name:
            case "version" | "currency":
                return st.just({"version": 0, "currency": self.currency}[name])
            case "id":
                return ids()
            case "name":
                return texts(min_size=1)
            case "quantity" | "attempts" | "late_placement_days" | "max_items":
                return st.integers(0, 1000)
            case "final_weight":
                return _optional(st.decimals(0, 100_000, places=2), self.fill)
            case _:
                return self._by_type(hint)

    def _by_type(self, hint: Any) -> Strategy[Any]:  # noqa: ANN401 - any annotation
        if get_origin(hint) in (UnionType, Union):
            return _optional(self._by_type(get_args(hint)[0]), self.fill)
        if get_origin(hint) is tuple:
            return self._tuples(get_args(hint)[0])
        if hint in _PARTS:
            return st.sampled_from([each.id for each in getattr(self.world, _PARTS[hint])])
        if isinstance(hint, type) and issubclass(hint, Enum):
            return st.sampled_from(list(hint))
        return self._plain(hint)

    def _plain(self, hint: Any) -> Strategy[Any]:  # noqa: ANN401 - any annotation
        plain: dict[object, Callable[[], Strategy[Any]]] = {
            str: texts,
            bool: st.booleans,
            int: lambda: st.integers(-(10**12), 10**12),
            # What a setting of a calculator may be.
            Decimal: lambda: st.decimals(-1000, 1000, places=2),
            Fraction: lambda: st.fractions(-1000, 1000, max_denominator=1000),
            datetime: instants,
            Money: lambda: moneys(currency=self.currency),
            Actor: lambda: actors(world=self.world),
            Calculator: calculators,
            Tag: lambda: texts(min_size=1).filter(lambda text: normal_tags([text]) != ()),
        }
        return plain[hint]() if hint in plain else self.values(hint)

    def _tuples(self, item: Any) -> Strategy[tuple[Any, ...]]:  # noqa: ANN401 - any annotation
        smallest, largest = {Fill.ALL: (1, 2), Fill.NONE: (0, 0), Fill.MIXED: (0, 2)}[self.fill]
        return st.lists(self._by_type(item), min_size=smallest, max_size=largest).map(tuple)

"""Random vouchers and orders: with charges of every sign, refunded and added tax, adjustments and a voucher."""

from decimal import Decimal
from typing import Final

import attrs
from hypothesis import strategies as st

from fees.strategies import CATEGORIES, SUPPLIERS, Market, markets
from ofncore.fees.manual import with_adjustment
from ofncore.fees.tariff import Tariff
from ofncore.fees.vouchers import with_voucher
from ofncore.kernel.ids import AdjustmentId, EnterpriseId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.order import ManualAdjustment, Order
from ofncore.model.voucher import Voucher, VoucherKind
from ofncore.testing import worlds

#: With two decimals, none and three.
CURRENCIES: Final = ("EUR", "JPY", "TND")


def vouchers() -> st.SearchStrategy[Voucher]:
    """Return vouchers of both kinds, of nothing and of everything too."""
    flat = st.decimals(min_value=0, max_value=1_000, places=2).map(flat_voucher)
    percents = st.decimals(min_value=0, max_value=100, places=2) | st.just(Decimal(100))
    return flat | percents.map(percent_voucher)


def flat_voucher(value: Decimal | str | int) -> Voucher:
    """Return a voucher of *value* in major units."""
    return worlds.voucher(code="SPRING", kind=VoucherKind.FLAT, value=Decimal(value))


def percent_voucher(value: Decimal | str | int) -> Voucher:
    """Return a voucher of *value* percent."""
    return worlds.voucher(code="SPRING", kind=VoucherKind.PERCENT, value=Decimal(value))


def amounts(*, lowest: int = -100_000, currency: str = "EUR") -> st.SearchStrategy[Money]:
    """Return amounts, often small."""
    return (st.integers(max(lowest, -5), 5) | st.integers(lowest, 100_000)).map(lambda minor: Money(minor, currency))


@st.composite
def taxed_markets(draw: st.DrawFn, currency: str = "EUR") -> Market:
    """Return markets of two suppliers where some customers get included tax back."""
    market = in_currency(draw(markets()), currency)
    included = [rate.id for rate in market.terms.tax_rates if rate.included_in_price]
    refunded = frozenset(draw(st.lists(st.sampled_from(included)))) if included else frozenset()
    lines = tuple(attrs.evolve(line, supplier=EnterpriseId(draw(st.sampled_from(SUPPLIERS)))) for line in market.lines)
    return attrs.evolve(market.with_terms(refunded_rates=refunded), lines=lines)


def in_currency(market: Market, currency: str) -> Market:
    """Return *market* with the same minor units of *currency*."""
    priced = market.with_terms(distributor=attrs.evolve(market.terms.distributor, currency=currency))
    variants = {key: attrs.evolve(each, price=_of(each.price, currency)) for key, each in market.variants.items()}
    lines = tuple(attrs.evolve(line, price=_of(line.price, currency)) for line in market.lines)
    return attrs.evolve(priced, variants=variants, lines=lines)


def _of(amount: Money, currency: str) -> Money:
    return Money(amount.minor, currency)


def tariff_of(market: Market) -> Tariff:
    """Return what the order of *market* is charged by."""
    return Tariff(terms=market.terms, variants=market.variants, shipping=market.shipping, payment=market.payment)


@st.composite
def orders_in(draw: st.DrawFn, market: Market, profile: Profile = PRODUCT) -> Order:
    """Return the order of *market*, with what may be set on it."""
    order = attrs.evolve(market.order(), currency=market.terms.currency)
    if draw(st.booleans()):
        order = with_voucher(order, draw(vouchers()), profile)
    for label in draw(st.lists(st.sampled_from(("Broken egg", "Thanks")), max_size=2, unique=True)):
        adjustment = ManualAdjustment(
            id=AdjustmentId(label),
            label=label,
            amount=draw(amounts(lowest=-10_000, currency=order.currency)),
            tax_category=draw(st.sampled_from(CATEGORIES)),
        )
        order = with_adjustment(order, adjustment, market.terms)
    if draw(st.booleans()):
        order = with_voucher(order, draw(vouchers()), profile)
    return order


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Return orders in either profile and in currencies with other decimals."""
    market = draw(taxed_markets(draw(st.sampled_from(CURRENCIES))))
    return draw(orders_in(market, draw(st.sampled_from((PRODUCT, OFN)))))

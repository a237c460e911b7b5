"""Random vouchers and bills: orders with charges of every sign, refunded and added tax, adjustments and a voucher."""

from decimal import Decimal

import attrs
from hypothesis import strategies as st

from fees.strategies import CATEGORIES, SUPPLIERS, Market, markets
from ofncore.fees.bills import Bill, ManualAdjustment
from ofncore.fees.vouchers import FlatVoucher, PercentVoucher, Voucher
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OFN, PRODUCT, Profile


def vouchers() -> st.SearchStrategy[Voucher]:
    """Return vouchers of both kinds, of nothing and of everything too."""
    flat = st.builds(FlatVoucher, code=st.just("SPRING"), amount=amounts(lowest=0))
    percents = st.decimals(min_value=0, max_value=100, places=2) | st.just(Decimal(100))
    return flat | st.builds(PercentVoucher, code=st.just("SPRING"), percent=percents)


def amounts(*, lowest: int = -100_000) -> st.SearchStrategy[Money]:
    """Return euros, often few."""
    return (st.integers(max(lowest, -5), 5) | st.integers(lowest, 100_000)).map(lambda minor: Money(minor, "EUR"))


@st.composite
def taxed_markets(draw: st.DrawFn) -> Market:
    """Return markets of two suppliers where some customers get included tax back."""
    market = draw(markets())
    included = [rate.id for rate in market.terms.tax_rates if rate.included_in_price]
    refunded = frozenset(draw(st.lists(st.sampled_from(included)))) if included else frozenset()
    lines = tuple(attrs.evolve(line, supplier=EnterpriseId(draw(st.sampled_from(SUPPLIERS)))) for line in market.lines)
    return attrs.evolve(market.with_terms(refunded_rates=refunded), lines=lines)


@st.composite
def bills_in(draw: st.DrawFn, market: Market, profile: Profile) -> Bill:
    """Return bills of the order of *market*."""
    bill = Bill(order=market.order())
    if draw(st.booleans()):
        bill = bill.with_voucher(draw(vouchers()), profile)
    for label in draw(st.lists(st.sampled_from(("Broken egg", "Thanks")), max_size=2)):
        category = draw(st.sampled_from(CATEGORIES))
        amount = draw(amounts(lowest=-10_000))
        bill = bill.with_adjustment(ManualAdjustment.taxed(label, amount, category, market.terms.tax_rules))
    if draw(st.booleans()):
        bill = bill.with_voucher(draw(vouchers()), profile)
    return bill


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """Return bills in either profile."""
    return draw(bills_in(draw(taxed_markets()), draw(st.sampled_from((PRODUCT, OFN)))))

"""Random orders, with names that people would and would not give."""

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE
from ofncore.kernel.ids import (
    AdjustmentId,
    CustomerId,
    EnterpriseId,
    FeeId,
    OrderCycleId,
    OrderId,
    PaymentMethodId,
    ShippingMethodId,
    TaxRateId,
    VariantId,
)
from ofncore.kernel.money import Money
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import (
    Channel,
    Discount,
    FeeCharge,
    ManualAdjustment,
    Order,
    OrderLine,
    OrderState,
    PaymentCharge,
    ShippingCharge,
    TaxCharge,
)

#: A few examples for each test, since there are many letters; a busy machine may be slow.
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: Names with everything but braces, so that a place left open shows.
names = st.text(st.characters(exclude_characters="{}"), max_size=15)
#: Names made to do harm.
hostile_names = st.sampled_from(
    [
        "{total}",
        "{amount}{name}",
        "[ORDER_PAYMENTURL]",
        "Zoé\r\nBcc: everybody@example.org",
        "\x1b[2J\x00",
        "a\u2028b\u2029c\x85d\x0be",
        "\u202egnp.exe\u202c",
        "%s %(total)s $total \\1",
        "\ud83d",
        "<script>alert(1)</script>",
        "- 1 × Gold: 0",
        "  ",
        "",
    ]
)


def amounts(currency: str, *, lowest: int = -5_000, highest: int = 100_000) -> st.SearchStrategy[Money]:
    """Return amounts between two numbers of minor units."""
    return st.builds(Money, st.integers(lowest, highest), st.just(currency))


def tax_charges(currency: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[TaxCharge, ...]]:
    """Return no or one tax."""
    charge = st.builds(
        TaxCharge,
        rate=st.sampled_from([TaxRateId("low"), TaxRateId("high")]),
        name=texts,
        amount=amounts(currency),
        included=st.booleans(),
    )
    return st.lists(charge, max_size=1).map(tuple)


def fee_charges(currency: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[FeeCharge, ...]]:
    """Return up to two fees."""
    charge = st.builds(
        FeeCharge,
        fee=st.just(FeeId("fee")),
        name=texts,
        fee_type=st.sampled_from(FeeType),
        role=st.sampled_from(FeeRole),
        enterprise=st.just(EnterpriseId("hub")),
        amount=amounts(currency),
        taxes=tax_charges(currency, texts),
    )
    return st.lists(charge, max_size=2).map(tuple)


@st.composite
def order_lines(draw: st.DrawFn, variant: str, currency: str, texts: st.SearchStrategy[str]) -> OrderLine:
    """Return a line of *variant*, which may have got less than was wanted, or nothing."""
    quantity = draw(st.integers(0, 30))
    return OrderLine(
        variant=VariantId(variant),
        supplier=EnterpriseId(draw(st.sampled_from(["farm", "dairy"]))),
        product_name=draw(texts),
        variant_name=draw(texts),
        quantity=quantity,
        wanted=quantity + draw(st.integers(0, 3)),
        price=draw(amounts(currency, lowest=0)),
        fees=draw(fee_charges(currency, texts)),
        taxes=draw(tax_charges(currency, texts)),
    )


def discounts(currency: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Discount, ...]]:
    """Return what a voucher takes off: nothing, or one amount with some included tax in it."""
    discount = st.builds(
        Discount,
        code=texts.filter(bool),
        rate=st.just(Fraction(1, 10)),
        amount=amounts(currency, lowest=-2_000, highest=0),
        included_tax=amounts(currency, lowest=-200, highest=0),
    )
    return st.lists(discount, max_size=1).map(tuple)


@st.composite
def orders(draw: st.DrawFn, *, texts: st.SearchStrategy[str] = names) -> Order:
    """Return an order with one to three lines, and *texts* wherever people type."""
    currency = draw(st.sampled_from(["EUR", "JPY", "TND", "RSD"]))
    variants = [f"variant-{index}" for index in range(draw(st.integers(1, 3)))]
    adjustments = st.builds(
        ManualAdjustment,
        id=st.just(AdjustmentId("adjustment")),
        label=texts,
        amount=amounts(currency),
        taxes=tax_charges(currency, texts),
    )
    return Order(
        id=OrderId("order-1"),
        code="HUB-7K3M-9Q2X",
        state=OrderState.RECEIVED,
        customer=CustomerId("anna"),
        distributor=EnterpriseId("hub"),
        order_cycle=OrderCycleId("week-10"),
        currency=currency,
        lines=tuple(draw(order_lines(variant, currency, texts)) for variant in variants),
        fees=draw(fee_charges(currency, texts)),
        shipping=ShippingCharge(
            method=ShippingMethodId("pickup"),
            name=draw(texts),
            amount=draw(amounts(currency)),
            taxes=draw(tax_charges(currency, texts)),
        ),
        payment=PaymentCharge(method=PaymentMethodId("cash"), name=draw(texts), amount=draw(amounts(currency))),
        adjustments=tuple(draw(st.lists(adjustments, max_size=2))),
        discounts=draw(discounts(currency, texts)),
        channel=Channel.WEB,
        placed_by=ENGINE,
        placed_at=datetime(2026, 3, 3, 12, 0, tzinfo=UTC),
        comment=draw(texts),
    )

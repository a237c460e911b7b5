"""The orders of a cycle, at random."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from fees.strategies import CATEGORIES, VARIANTS
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import EnterpriseId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.order import Order, OrderLine, OrderState
from ofncore.model.product import Measure, Variant
from ofncore.testing import worlds

CUSTOMERS: Final = ("anna", "ben", "carla")
#: Who makes what: two of the four from each.
MAKERS: Final = dict(zip(VARIANTS, ("farm", "dairy", "farm", "dairy"), strict=True))
#: States in which an order counts, and in which it does not.
STATES: Final = (OrderState.RECEIVED, OrderState.READY, OrderState.DRAFT, OrderState.CANCELLED)
#: A bunch, a piece of cheese sold by weight, eggs whose weight is noted, and leeks whose weight is not known.
GOODS: Final[dict[VariantId, Variant]] = {
    VariantId(each.id): each
    for each in (
        worlds.variant("carrots", measure=Measure.WEIGHT, unit_value=Decimal(500), supplier="farm"),
        worlds.variant("cheese", measure=Measure.WEIGHT, unit_value=Decimal("333.33"), supplier="dairy"),
        worlds.variant("eggs", weight_kg=Decimal("0.37"), supplier="farm"),
        worlds.variant("leeks", supplier="dairy"),
    )
}


def terms(**changes: Any) -> PricingTerms:  # noqa: ANN401 - fields of the terms
    """Return the terms of ``hub`` without fees: 5.5 % in the price of food, 20 % added to services."""
    defaults: dict[str, Any] = {
        "cycle": worlds.order_cycle(coordinator_fees=()),
        "distributor": worlds.enterprise("hub"),
        "fees": {},
        "tax_rates": (
            worlds.tax_rate(),
            worlds.tax_rate("service-rate", tax_category="service", amount=Decimal("0.2"), included_in_price=False),
        ),
    }
    return PricingTerms(**(defaults | changes))


def tariff(**changes: Any) -> Tariff:  # noqa: ANN401 - fields of the terms
    """Return the tariff of an order at ``hub``, by `terms`."""
    return Tariff(
        terms=terms(**changes), variants=GOODS, shipping=worlds.shipping_method(), payment=worlds.payment_method()
    )


def line(variant: str, quantity: int, price: int = 320, category: TaxCategoryId | None = None) -> OrderLine:
    """Return a line of *quantity*, at *price* in cents."""
    return worlds.order_line(
        variant,
        supplier=EnterpriseId(MAKERS[variant]),
        quantity=quantity,
        price=Money(price, "EUR"),
        tax_category=category,
    )


def ordered(key: str, *lines: OrderLine, **changes: object) -> Order:
    """Return a received order with *lines*."""
    return worlds.order(key, lines=lines, **changes)


@st.composite
def cycle_orders(draw: st.DrawFn, *, states: Sequence[OrderState] = STATES) -> list[Order]:
    """Return the orders of a cycle: each variant has one price and one tax category in all of them."""
    prices = {key: draw(st.integers(min_value=0, max_value=2_000)) for key in VARIANTS}
    categories = {key: draw(st.sampled_from(CATEGORIES)) for key in VARIANTS}

    def lines() -> tuple[OrderLine, ...]:
        chosen = draw(st.lists(st.sampled_from(VARIANTS), unique=True))
        return tuple(
            line(key, draw(st.integers(min_value=0, max_value=30)), prices[key], categories[key]) for key in chosen
        )

    return [
        ordered(
            f"order-{number}", *lines(), customer=draw(st.sampled_from(CUSTOMERS)), state=draw(st.sampled_from(states))
        )
        for number in range(draw(st.integers(min_value=0, max_value=6)))
    ]

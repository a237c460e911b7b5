"""Random calculators, and random small markets to charge in."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st

from ofncore.fees.assessment import Assessment, assess
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
from ofncore.fees.settings import WeightUnit
from ofncore.fees.terms import PricingTerms
from ofncore.fees.tiers import GraduatedTiers, WholeTiers
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.fee import ChargedPer, EnterpriseFee, FeeBase, FeeType, TaxRate, is_per_order
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order, OrderLine
from ofncore.model.product import Measure, Variant
from ofncore.testing import worlds
from ofncore.testing.strategies import calculators_of

SUPPLIERS = ("farm", "dairy")
DISTRIBUTORS = ("hub", "annex")
VARIANTS = ("carrots", "cheese", "eggs", "leeks")
CATEGORIES = (TaxCategoryId("food"), TaxCategoryId("service"), None)

#: Kinds whose charge on a line is that on one unit, times the quantity.
PER_UNIT = (FlatPercentPerItem, PerItem, NoCharge, MarginOnSalePrice)


def settings(*, limit: int = 100) -> st.SearchStrategy[Decimal]:
    """Return settings with two decimals, from minus to plus *limit*."""
    return st.decimals(min_value=-limit, max_value=limit, places=2)


#: Open Food Network's.
MAKERS: dict[type[Calculator], st.SearchStrategy[Calculator]] = {
    FlatPercentPerItem: st.builds(FlatPercentPerItem, flat_percent=settings()),
    FlatPercentItemTotal: st.builds(FlatPercentItemTotal, flat_percent=settings()),
    FlatRate: st.builds(FlatRate, amount=settings()),
    PerItem: st.builds(PerItem, amount=settings()),
    FlexiRate: st.builds(
        FlexiRate, first_item=settings(), additional_item=settings(), max_items=st.integers(min_value=0, max_value=20)
    ),
    PriceSack: st.builds(PriceSack, minimal_amount=settings(), normal_amount=settings(), discount_amount=settings()),
    Weight: st.builds(Weight, unit_from_list=st.sampled_from(WeightUnit), per_unit=settings()),
    NoCharge: st.just(NoCharge()),
}
#: Those beyond it too.
ALL_MAKERS: dict[type[Calculator], st.SearchStrategy[Calculator]] = MAKERS | {
    kind: calculators_of(kind) for kind in (MarginOnSalePrice, WholeTiers, GraduatedTiers)
}


def setting_names(kind: Any) -> list[str]:  # noqa: ANN401 - an attrs class, as every calculator is
    """Return the names of a calculator's settings."""
    return [attribute.name for attribute in attrs.fields(kind)]


def with_settings(calculator: Any, **changes: Any) -> Calculator:  # noqa: ANN401 - an attrs value
    """Return *calculator* with changed settings."""
    changed: Calculator = attrs.evolve(calculator, **changes)
    return changed


def calculators(*, per_order: bool | None = None) -> st.SearchStrategy[Calculator]:
    """Return calculators of every kind, or of those that are charged per order or per item."""
    makers = [make for kind, make in ALL_MAKERS.items() if per_order is None or kind.per_order is per_order]
    return st.one_of(makers)


def variants(key: str) -> st.SearchStrategy[Variant]:
    """Return variants with the id *key*."""
    return st.builds(
        _variant,
        st.just(key),
        price=st.integers(min_value=0, max_value=5_000),
        measure=st.sampled_from(Measure),
        unit_value=st.decimals(min_value="0.01", max_value=2_000, places=2),
        weight_kg=st.none() | st.decimals(min_value=0, max_value=5, places=2),
        tax_category=st.sampled_from(CATEGORIES),
    )


def _variant(key: str, *, price: int, **changes: object) -> Variant:
    supplier = "dairy" if key == "cheese" else "farm"
    return worlds.variant(key, price=Money(price, "EUR"), supplier=supplier, **changes)


def chargeable_lines() -> st.SearchStrategy[list[ChargeableLine]]:
    """Return the lines of an order, as calculators see them."""
    line = st.builds(
        ChargeableLine,
        price=st.integers(min_value=0, max_value=100_000),
        quantity=st.integers(min_value=0, max_value=200),
        weight_kg=st.fractions(min_value=0, max_value=20, max_denominator=1_000),
        sold_by_weight=st.booleans(),
    )
    return st.lists(line, max_size=4)


@st.composite
def fees(draw: st.DrawFn, key: str) -> EnterpriseFee:
    """Return fees with the id *key*."""
    calculator = draw(calculators())
    inherits = not calculator.per_order and draw(st.booleans())
    return worlds.fee(
        key,
        enterprise=draw(st.sampled_from((*SUPPLIERS, *DISTRIBUTORS))),
        fee_type=draw(st.sampled_from(FeeType)),
        calculator=calculator,
        inherits_tax_category=inherits,
        tax_category=None if inherits else draw(st.sampled_from(CATEGORIES)),
    )


@st.composite
def featured_fees(draw: st.DrawFn, key: str) -> EnterpriseFee:
    """Return fees with the id *key* and all that lies beyond Open Food Network: bases, scopes, limits."""
    plain = draw(fees(key))
    charged_per = draw(st.sampled_from(ChargedPer))
    limits = sorted(draw(st.tuples(settings(limit=5), settings(limit=5))))
    inherits = plain.inherits_tax_category and not is_per_order(plain.calculator, charged_per)
    return attrs.evolve(
        plain,
        inherits_tax_category=inherits,
        base=draw(st.sampled_from(FeeBase)),
        charged_per=charged_per,
        at_least=draw(st.sampled_from((None, limits[0]))),
        at_most=draw(st.sampled_from((None, limits[1]))),
    )


@attrs.frozen(kw_only=True)
class Market:
    """All that one order at ``hub`` is charged by."""

    terms: PricingTerms
    variants: dict[VariantId, Variant]
    lines: tuple[OrderLine, ...]
    shipping: ShippingMethod
    payment: PaymentMethod

    def assessed(self) -> Assessment:
        """Return the charges of the order."""
        return assess(
            self.lines,
            terms=self.terms,
            variants=self.variants,
            shipping=self.shipping,
            payment=self.payment,
        )

    def order(self) -> Order:
        """Return the order with its charges."""
        found = self.assessed()
        return worlds.order(lines=found.lines, fees=found.fees, shipping=found.shipping, payment=found.payment)

    def with_terms(self, **changes: Any) -> "Market":  # noqa: ANN401 - fields of the terms
        """Return the same market under changed terms."""
        return attrs.evolve(self, terms=attrs.evolve(self.terms, **changes))

    def with_cycle(self, **changes: Any) -> "Market":  # noqa: ANN401 - fields of the cycle
        """Return the same market in a changed cycle."""
        return self.with_terms(cycle=attrs.evolve(self.terms.cycle, **changes))


@st.composite
def cycles(draw: st.DrawFn, fee_ids: Sequence[FeeId]) -> OrderCycle:
    """Return cycles of two suppliers and two distributors, with fees anywhere, some named twice."""
    carried = st.lists(st.sampled_from(VARIANTS).map(VariantId), unique=True).map(tuple)
    attached = st.lists(st.sampled_from(fee_ids), max_size=3).map(tuple) if fee_ids else st.just(())
    incoming = tuple(
        IncomingExchange(supplier=EnterpriseId(key), variants=draw(carried), fees=draw(attached)) for key in SUPPLIERS
    )
    outgoing = tuple(
        OutgoingExchange(distributor=EnterpriseId(key), variants=draw(carried), fees=draw(attached))
        for key in DISTRIBUTORS
    )
    return worlds.order_cycle(coordinator_fees=draw(attached), incoming=incoming, outgoing=outgoing)


def tax_rates() -> st.SearchStrategy[tuple[TaxRate, ...]]:
    """Return some rates; a category may have several."""
    return st.tuples(*(_tax_rates(f"rate-{number}") for number in range(3)))


def _tax_rates(key: str) -> st.SearchStrategy[TaxRate]:
    return st.builds(
        worlds.tax_rate,
        st.just(key),
        tax_category=st.sampled_from(CATEGORIES[:2]),
        amount=st.decimals(min_value=0, max_value=1, places=5),
        included_in_price=st.booleans(),
    )


def featured_markets() -> st.SearchStrategy[Market]:
    """Return markets whose fees are those of `featured_fees`."""
    return markets(of_fees=featured_fees)


@st.composite
def markets(draw: st.DrawFn, *, of_fees: Callable[[str], st.SearchStrategy[EnterpriseFee]] = fees) -> Market:
    """Return markets of four variants, up to four fees and up to four lines."""
    keys = [FeeId(f"fee-{number}") for number in range(draw(st.integers(min_value=0, max_value=4)))]
    known = {VariantId(key): draw(variants(key)) for key in VARIANTS}
    ordered = draw(st.lists(st.sampled_from(sorted(known)), unique=True))
    return Market(
        terms=PricingTerms(
            cycle=draw(cycles(keys)),
            distributor=worlds.enterprise("hub"),
            fees={key: draw(of_fees(key)) for key in keys},
            tax_rates=draw(tax_rates()),
        ),
        variants=known,
        lines=tuple(_line(known[key], draw(st.integers(min_value=0, max_value=30))) for key in ordered),
        shipping=worlds.shipping_method(calculator=draw(calculators()), tax_category=draw(st.sampled_from(CATEGORIES))),
        payment=worlds.payment_method(calculator=draw(calculators())),
    )


def _line(variant: Variant, quantity: int) -> OrderLine:
    return worlds.order_line(
        variant.id,
        quantity=quantity,
        price=variant.price,
        tax_category=variant.tax_category,
        supplier=variant.supplier,
    )

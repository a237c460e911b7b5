"""Repricings in words (FEE-13.16, FEE-14)."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fees.random_orders import orders, orders_in, tariff_of, taxed_markets
from ofncore.fees.calculators import FlatRate, PerItem
from ofncore.fees.labels import Names
from ofncore.fees.lives import with_lines
from ofncore.fees.repricing import Repricing, reprice
from ofncore.fees.repricing_words import repricing_text
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.model.fee import ChargedPer, EnterpriseFee
from ofncore.model.order import Order, OrderState
from ofncore.testing import worlds

NAMES = Names(enterprises={EnterpriseId("farm"): "Green Farm", EnterpriseId("hub"): "The Hub"})


@given(st.data(), st.sampled_from(LANGUAGES))
def test_every_change_is_one_line_and_no_place_is_left_open(data: st.DataObject, language: str) -> None:
    order = data.draw(orders_in(data.draw(taxed_markets())))
    found = reprice(order, tariff_of(data.draw(taxed_markets())))
    lines = repricing_text(found, language, NAMES).splitlines()
    assert len(lines) == len(found.changes) + (2 if found.difference else 1)
    assert not re.search(r"[{}]|repricing\.", "\n".join(lines))


@given(orders(), orders())
def test_any_two_orders_can_be_compared(before: Order, after: Order) -> None:
    if before.currency == after.currency:
        assert repricing_text(Repricing.between(before, after), "en", NAMES)


def tariff(*fees: EnterpriseFee, tax: str = "0.055") -> Tariff:
    """Return a tariff with *fees* as coordinator fees, and a tax on food that is added."""
    terms = PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=tuple(fee.id for fee in fees)),
        distributor=worlds.enterprise("hub"),
        fees={FeeId(fee.id): fee for fee in fees},
        tax_rates=(worlds.tax_rate(name="VAT", amount=Decimal(tax), included_in_price=False),),
    )
    variants = {VariantId(key): worlds.variant(key) for key in ("eggs", "cheese")}
    return Tariff(terms=terms, variants=variants, shipping=worlds.shipping_method(), payment=worlds.payment_method())


def fee(key: str, amount: int) -> EnterpriseFee:
    return worlds.fee(key, name=key.title(), calculator=PerItem(amount=Decimal(amount)))


def van(amount: int) -> EnterpriseFee:
    calculator = FlatRate(amount=Decimal(amount))
    return worlds.fee("van", name="Van", calculator=calculator, charged_per=ChargedPer.SUPPLIER)


def test_what_is_new_gone_and_changed_is_told_with_the_difference() -> None:
    line = worlds.order_line("eggs", quantity=2, product_name="Eggs", tax_category="food")
    order = with_lines(worlds.order(state=OrderState.DRAFT, lines=()), (line,), tariff(fee("ice", 1), fee("old", 1)))
    found = reprice(order, tariff(fee("ice", 2), fee("new", 1), van(3), tax="0.1"))
    assert repricing_text(found, "en", NAMES).splitlines() == [
        "VAT, on Eggs: €0.35, now €0.64",
        "Eggs - Ice fee by coordinator The Hub: €2.00, now €4.00",
        "Eggs - Old fee by coordinator The Hub: €2.00, now gone",
        "Eggs - New fee by coordinator The Hub: new, €2.00",
        "Whole order - Van fee by coordinator The Hub, on the goods of Green Farm: new, €3.00",
        "To pay: €10.75, now €16.04",
        "Difference: €5.29",
    ]


def test_where_nothing_changes_that_is_told() -> None:
    order = worlds.order()
    assert repricing_text(Repricing.between(order, order), "en", NAMES) == "Nothing changes; to pay: €3.20"

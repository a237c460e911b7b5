"""Payouts in words: figures that add up, for whom they are (FEE-11, FEE-14)."""

import re
from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from fees.random_orders import orders, orders_in, taxed_markets
from fees.strategies import DISTRIBUTORS, SUPPLIERS
from ofncore.fees.payout_words import payout_text
from ofncore.fees.payouts import payout_to
from ofncore.fees.shares import DiscountBearer, SharingRules, shares, shares_of_all
from ofncore.fees.tax import TaxRules
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, VariantId
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import FeeCharge, Order
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

FARM = EnterpriseId("farm")
rules = st.builds(
    SharingRules,
    tax_keepers=st.none() | st.frozensets(st.sampled_from((*SUPPLIERS, *DISTRIBUTORS)).map(EnterpriseId)),
    discount_bearer=st.sampled_from(DiscountBearer),
)


def figures(lines: list[str]) -> list[Decimal]:
    """Return the amount at the end of each line."""
    return [Decimal(line.rpartition(": ")[2].replace("€", "").replace(",", "")) for line in lines]


@given(st.data(), rules)
def test_what_is_below_a_figure_adds_up_to_it_and_the_rows_to_the_total(
    data: st.DataObject, sharing: SharingRules
) -> None:
    order = data.draw(orders_in(data.draw(taxed_markets())))
    found = shares(order, sharing)
    for enterprise in found.due:
        title, *written = payout_text(payout_to(found, enterprise), "en", enterprise, {}).splitlines()
        assert title == f"What {enterprise} gets"
        heads = [place for place, line in enumerate(written) if not line.startswith(" ")]
        for start, end in zip(heads, [*heads[1:], None], strict=True):
            assert sum(figures(written[start + 1 : end])) == figures(written)[start]
        *rows, total = figures([written[place] for place in heads])
        assert sum(rows) == total == found.due_to(enterprise).amount


@given(orders(), rules, st.sampled_from(LANGUAGES))
def test_every_language_tells_every_row_and_leaves_no_place_open(
    order: Order, sharing: SharingRules, language: str
) -> None:
    found = shares(order, sharing)
    for enterprise in found.due:
        payout = payout_to(found, enterprise)
        written = payout_text(payout, language, enterprise, {})
        told = [row for row in payout.rows if row.quantity or row.by_kind]
        assert len([line for line in written.splitlines() if not line.startswith(" ")]) == len(told) + 2
        assert not re.search(r"[{}]|payout\.|part_kind\.", written)


@given(orders(), rules)
def test_the_kinds_of_a_payout_are_those_of_its_parts(order: Order, sharing: SharingRules) -> None:
    found = shares(order, sharing)
    for enterprise in found.due:
        payout = payout_to(found, enterprise)
        for kind, amount in payout.by_kind.items():
            assert amount == found.due_to(enterprise, kind)


def test_a_producer_reads_what_it_gets_of_two_orders() -> None:
    carrots = worlds.order_line("carrots", supplier=FARM, quantity=2, price=euros("10.00"))
    cheese = worlds.order_line("cheese", supplier="dairy", price=euros("5.00"))
    packing = FeeCharge(
        fee=FeeId("packing"),
        name="Packing",
        fee_type=FeeType.PACKING,
        role=FeeRole.SUPPLIER,
        enterprise=FARM,
        amount=euros("0.50"),
    )
    plain = worlds.order(lines=(carrots, cheese))
    taxed = attrs.evolve(
        plain,
        lines=(
            attrs.evolve(carrots, taxes=TaxRules.of([worlds.tax_rate()]).on(carrots.amount, TaxCategoryId("food"))),
            attrs.evolve(cheese, fees=(packing,)),
        ),
    )
    found = payout_to(shares_of_all([plain, taxed], "EUR"), FARM)
    assert payout_text(found, "en", "Green Farm", {VariantId("carrots"): "Carrots"}).splitlines() == [
        "What Green Farm gets",
        "4 × Carrots: €40.00",
        "  Goods: €38.96",
        "  Tax: €1.04",
        "On cheese: €0.50",
        "  Fees: €0.50",
        "In all: €40.50",
        "  Goods: €38.96",
        "  Fees: €0.50",
        "  Tax: €1.04",
    ]


def test_who_gets_nothing_reads_so() -> None:
    nobody = payout_to(shares(worlds.order()), EnterpriseId("mill"))
    assert payout_text(nobody, "en", "Mill", {}).splitlines() == ["What Mill gets", "In all: €0.00"]

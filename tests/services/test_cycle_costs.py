"""Costs and invoices of a whole cycle, in one unit of work (FEE-14)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import attrs
import pytest

from ofncore.fees.cost_split import CostSplit, CycleCost, SharedBy
from ofncore.fees.invoice_plan import InvoicePlan
from ofncore.fees.invoices import InvoicedFees, InvoicedPer, InvoiceLine, SupplierInvoice
from ofncore.fees.what_if import FeeProposal
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderCycleId, OrderId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.message import MessageKind
from ofncore.model.order import Order, OrderState
from ofncore.model.voucher import VoucherKind
from ofncore.model.world import State
from ofncore.network import FoodNetwork
from ofncore.services.costing.comparing import FeesCompared
from ofncore.testing.worlds import (
    NOW,
    calculator,
    euros,
    fee,
    incoming,
    order,
    order_cycle,
    order_line,
    outgoing,
    tax_rate,
    voucher,
)
from services.scenes import AMELIE, BUYERS, CARROTS, CHEESE, CYCLE, EGGS, PAUL, STRANGER, request, scene, why

LATER = NOW + timedelta(hours=1)
FARM, HUB = EnterpriseId("farm"), EnterpriseId("hub")
VAN = CycleCost(key="van", label="The van", amount=euros("60.00"), shared_by=SharedBy.ITEM_VALUE)
#: The farm brought three boxes for ten.
BILL = SupplierInvoice(
    key="2026-17",
    supplier=FARM,
    label="Invoice 2026-17",
    lines=(InvoiceLine(variant=EGGS, amount=euros("10.00"), per=InvoicedPer.CYCLE),),
)

Load = Callable[[State], FoodNetwork]


@pytest.fixture
def network(network_of: Load) -> FoodNetwork:
    """Return a network in which Anna ordered two boxes of eggs, and Ben one and a cheese."""
    return with_orders(network_of(scene()))


def with_orders(network: FoodNetwork) -> FoodNetwork:
    take(network, (EGGS, 2), key="a", who="anna")
    take(network, (EGGS, 1), (CHEESE, 1), key="b", who="ben")
    return network


def take(network: FoodNetwork, *lines: tuple[VariantId, int], key: str, who: str, voucher: str = "") -> Order:
    asked = request(*lines, key=key, who=who, voucher=voucher)
    found = network.orders.take(asked, actor=BUYERS[who], now=NOW)
    assert isinstance(found, Order), found
    return found


def orders(network: FoodNetwork) -> dict[str, Order]:
    return {str(each.id): each for each in network.worlds.export().orders}


def share(network: FoodNetwork, cost: CycleCost = VAN, actor: Actor = AMELIE) -> CostSplit | Refusal:
    return network.cycle_costs.share_cost(CYCLE, cost, actor=actor, now=LATER)


def pass_on(
    network: FoodNetwork, bill: SupplierInvoice = BILL, actor: Actor = AMELIE, fees: InvoicedFees = InvoicedFees.FROZEN
) -> InvoicePlan | Refusal:
    return network.cycle_costs.pass_on_invoice(CYCLE, bill, actor=actor, now=LATER, fees=fees)


def done(network: FoodNetwork) -> tuple[Counter[str], int]:
    """Return the events there are of each kind, and how many letters tell of changed orders."""
    state = network.worlds.export()
    told = [each for each in state.messages if each.kind is MessageKind.ORDER_CHANGED]
    return Counter(each.kind for each in state.events if each.kind != "order_placed"), len(told)


# ---------------------------------------------------------------- a cost


def test_the_same_cost_after_a_repricing_changes_nothing(network_of: Load) -> None:
    """FEE-7, FEE-14: an order keeps the terms of its last repricing, not those of its placing."""
    change = NOW + timedelta(hours=2)
    rates = (
        tax_rate(amount=Decimal("0.05"), included_in_price=False, valid_until=change),
        tax_rate("later", amount=Decimal("0.20"), included_in_price=False, valid_from=change),
    )
    network = with_orders(network_of(scene(tax_rates=rates)))
    assert isinstance(share(network), CostSplit)
    for key in ("a", "b"):
        network.orders.reprice(OrderId(key), actor=AMELIE, now=NOW + timedelta(hours=3))
    repriced, told = orders(network), done(network)
    assert {tax.rate for tax in repriced["a"].tax_charges()} == {"later"}
    found = network.cycle_costs.share_cost(CYCLE, VAN, actor=AMELIE, now=NOW + timedelta(hours=4))
    assert isinstance(found, CostSplit)
    assert (orders(network), done(network)) == (repriced, told)


def test_a_cost_is_set_on_all_orders_with_events_and_letters(network: FoodNetwork) -> None:
    before = orders(network)
    found = share(network)
    assert isinstance(found, CostSplit)
    assert {each.order: each.amount for each in found.shares} == {"a": euros("23.41"), "b": euros("36.59")}
    after = orders(network)
    for each in found.shares:
        now = after[str(each.order)]
        assert now.total - before[str(each.order)].total == each.amount
        assert [one.label for one in now.adjustments] == ["The van"]
        assert now.version == 2
    assert done(network) == ({"order_adjusted": 2}, 2)


def test_the_same_cost_again_changes_nothing(network: FoodNetwork) -> None:
    first = share(network)
    before = network.worlds.export()
    assert share(network) == first
    assert network.worlds.export() == before


def test_a_cost_of_the_same_key_takes_the_place_of_the_first(network: FoodNetwork) -> None:
    share(network)
    share(network, attrs.evolve(VAN, amount=euros("-1.00"), shared_by=SharedBy.CUSTOMER))
    assert {key: str(each.adjustment_total) for key, each in orders(network).items()} == {
        "a": "-0.50 EUR",
        "b": "-0.50 EUR",
    }
    share(network, attrs.evolve(VAN, amount=euros("0")))
    assert not any(each.adjustments for each in orders(network).values())


def test_a_preview_stores_nothing(network: FoodNetwork) -> None:
    before = network.worlds.export()
    split = network.cycle_costs.preview_cost(CYCLE, VAN, actor=AMELIE, now=LATER)
    invoiced = network.cycle_costs.preview_invoice(CYCLE, BILL, actor=AMELIE, now=LATER)
    assert network.worlds.export() == before
    assert isinstance(split, CostSplit)
    assert pass_on(network) == invoiced


def test_a_cost_is_shared_as_the_preview_said(network: FoodNetwork) -> None:
    split = network.cycle_costs.preview_cost(CYCLE, VAN, actor=AMELIE, now=LATER)
    assert share(network) == split


def test_the_weight_of_the_goods_is_found_in_the_catalogue(network_of: Load) -> None:
    state = scene()
    weighty = tuple(attrs.evolve(each, weight_kg=Decimal("0.5")) for each in state.variants)
    network = with_orders(network_of(attrs.evolve(state, variants=weighty)))
    found = share(network, attrs.evolve(VAN, shared_by=SharedBy.WEIGHT))
    assert isinstance(found, CostSplit)
    assert [each.amount for each in found.shares] == [euros("30.00"), euros("30.00")]


@pytest.mark.parametrize("actor", [PAUL, STRANGER, BUYERS["anna"], ENGINE], ids=str)
def test_only_the_coordinators_managers_charge_a_whole_cycle(network: FoodNetwork, actor: Actor) -> None:
    before = network.worlds.export()
    refused = [("$", Code.NEEDS_MANAGER)]
    assert why(share(network, actor=actor)) == refused
    assert why(pass_on(network, actor=actor)) == refused
    assert why(network.cycle_costs.preview_cost(CYCLE, VAN, actor=actor, now=NOW)) == refused
    assert why(network.cycle_costs.preview_invoice(CYCLE, BILL, actor=actor, now=NOW)) == refused
    assert why(network.cycle_costs.compare_fees(CYCLE, FeeProposal(), actor=actor, now=NOW)) == refused
    assert network.worlds.export() == before


def test_the_distributor_alone_has_no_say_in_the_cycle_of_another(network_of: Load) -> None:
    cycle = order_cycle(coordinator="farm", coordinator_fees=())
    network = with_orders(network_of(scene(order_cycles=(cycle,))))
    assert why(share(network)) == [("$", Code.NEEDS_MANAGER)]
    assert isinstance(share(network, actor=PAUL), CostSplit)


def test_what_cannot_be_shared_is_refused_with_every_problem(network: FoodNetwork) -> None:
    wrong = attrs.evolve(VAN, key="", amount=Money.of("60", "CHF"), tax_category=TaxCategoryId("gold"))
    assert why(share(network, wrong)) == [
        ("$.key", Code.BAD_LENGTH),
        ("$.amount", Code.OTHER_CURRENCY),
        ("$.tax_category", Code.UNKNOWN_RECORD),
    ]
    gold = attrs.evolve(VAN, tax_category=TaxCategoryId("gold"))
    assert why(share(network, gold)) == [("$.tax_category", Code.UNKNOWN_RECORD)]
    huge = attrs.evolve(VAN, amount=Money(10**30, "EUR"))
    assert why(share(network, huge)) == [("$.amount", Code.NUMBER_OUT_OF_RANGE)]


def test_no_order_comes_to_more_than_can_be_written(network: FoodNetwork) -> None:
    most = attrs.evolve(VAN, amount=Money(10**17 - 1, "EUR"), shared_by=SharedBy.ORDER)
    assert isinstance(share(network, most), CostSplit)
    before = network.worlds.export()
    assert why(share(network, attrs.evolve(most, key="another"))) == [
        ("$.orders.a", Code.NUMBER_OUT_OF_RANGE),
        ("$.orders.b", Code.NUMBER_OUT_OF_RANGE),
    ]
    assert network.worlds.export() == before


def test_unknown_cycles_are_refused(network: FoodNetwork) -> None:
    gone = OrderCycleId("gone")
    refused = [("$", Code.UNKNOWN_RECORD)]
    assert why(network.cycle_costs.share_cost(gone, VAN, actor=AMELIE, now=NOW)) == refused
    assert why(network.cycle_costs.compare_fees(gone, FeeProposal(), actor=AMELIE, now=NOW)) == refused


def test_one_order_that_cannot_change_stops_all(network_of: Load) -> None:
    on_its_way = order("b", state=OrderState.SHIPPED, customer="ben", lines=(order_line(),))
    network = network_of(scene(orders=(order("a"), on_its_way)))
    before = network.worlds.export()
    assert why(share(network)) == [("$.orders.b", Code.NOT_CHANGEABLE)]
    assert why(pass_on(network)) == [("$.orders.b", Code.NOT_CHANGEABLE)]
    assert network.worlds.export() == before


def test_an_order_that_is_on_its_way_stops_nothing_that_leaves_it_as_it_is(network_of: Load) -> None:
    on_its_way = order("b", state=OrderState.SHIPPED, customer="ben", lines=(order_line(quantity=0),))
    network = network_of(scene(orders=(order("a"), on_its_way)))
    assert isinstance(share(network), CostSplit)
    assert orders(network)["a"].adjustment_total == euros("60.00")


def test_cancelled_orders_stay_as_they_are(network: FoodNetwork) -> None:
    share(network)
    network.orders.cancel(OrderId("b"), actor=AMELIE, now=LATER)
    before = orders(network)["b"]
    assert isinstance(share(network), CostSplit)
    assert orders(network)["a"].adjustment_total == euros("60.00")
    assert orders(network)["b"] == before


# ---------------------------------------------------------------- an invoice


def test_an_invoice_prices_the_orders_anew_to_the_cent(network: FoodNetwork) -> None:
    found = pass_on(network)
    assert isinstance(found, InvoicePlan)
    after = orders(network)
    lines = [line for each in after.values() for line in each.lines if line.variant == EGGS]
    assert {line.price for line in lines} == {euros("3.33")}
    beside = Money.total((each.adjustment_total for each in after.values()), "EUR")
    assert Money.total((line.amount for line in lines), "EUR") + beside == euros("10.00")
    assert [each.after.total for each in found.orders] == [after["a"].total, after["b"].total]
    assert done(network) == ({"order_repriced": 2}, 2)


def test_fees_stay_as_they_were_or_follow(network: FoodNetwork) -> None:
    fees = [each.fee_total for each in orders(network).values()]
    pass_on(network)
    assert [each.fee_total for each in orders(network).values()] == fees
    dear = attrs.evolve(BILL, lines=(InvoiceLine(variant=EGGS, amount=euros("5.00")),))
    pass_on(network, dear, fees=InvoicedFees.FOLLOWED)
    assert [each.fee_total for each in orders(network).values()] == [euros("1.00"), euros("1.18")]


def test_the_same_invoice_again_changes_nothing(network: FoodNetwork) -> None:
    pass_on(network)
    before = network.worlds.export()
    again = pass_on(network)
    assert isinstance(again, InvoicePlan)
    assert again.changed == ()
    assert network.worlds.export() == before


def test_customers_who_pay_the_same_are_not_told(network_of: Load) -> None:
    network = network_of(scene())
    take(network, (EGGS, 1), (CARROTS, 1), key="a", who="anna")
    pairs = ((EGGS, "3.30"), (CARROTS, "2.40"))
    lines = tuple(InvoiceLine(variant=key, amount=euros(amount)) for key, amount in pairs)
    pass_on(network, attrs.evolve(BILL, lines=lines))
    assert done(network) == ({"order_repriced": 1}, 0)


def test_a_voucher_follows_the_invoice(network_of: Load) -> None:
    state = scene(vouchers=(voucher("half", kind=VoucherKind.PERCENT, value=Decimal(50)),))
    network = network_of(state)
    take(network, (EGGS, 3), key="a", who="anna", voucher="HALF")
    dear = attrs.evolve(BILL, lines=(InvoiceLine(variant=EGGS, amount=euros("5.00")),))
    pass_on(network, dear)
    order_now = orders(network)["a"]
    assert order_now.item_total == euros("15.00")
    assert order_now.discount_total == euros("-7.98")


def test_an_order_with_nothing_left_to_pay_awaits_no_payment(network_of: Load) -> None:
    network = network_of(scene())
    asked = request((EGGS, 1), key="a", who="anna", payment_method="card")
    placed = network.orders.take(asked, actor=BUYERS["anna"], now=NOW)
    assert isinstance(placed, Order)
    assert placed.state is OrderState.AWAITING_PAYMENT
    share(network, attrs.evolve(VAN, amount=-placed.total))
    assert orders(network)["a"].state is OrderState.RECEIVED


def test_an_invoice_that_cannot_be_passed_on_changes_nothing(network: FoodNetwork) -> None:
    before = network.worlds.export()
    gold = InvoiceLine(variant=VariantId("gold"), amount=euros("1.00"))
    assert why(pass_on(network, attrs.evolve(BILL, lines=(*BILL.lines, gold)))) == [
        ("$.lines[1].variant", Code.INVOICED_NOT_ORDERED)
    ]
    huge = attrs.evolve(BILL, total=Money(10**18, "EUR"))
    assert why(pass_on(network, huge)) == [("$.total", Code.NUMBER_OUT_OF_RANGE)]
    assert network.worlds.export() == before


# ---------------------------------------------------------------- other fees


def compared(network: FoodNetwork, proposal: FeeProposal) -> FeesCompared:
    before = network.worlds.export()
    found = network.cycle_costs.compare_fees(CYCLE, proposal, actor=AMELIE, now=LATER)
    assert isinstance(found, FeesCompared), found
    assert network.worlds.export() == before
    return found


def test_other_fees_are_tried_on_prices_and_orders(network: FoodNetwork) -> None:
    dearer = fee(calculator=calculator("flat_percent_per_item", flat_percent=Decimal(20)))
    found = compared(network, FeeProposal(fees=(dearer,)))
    assert {each.variant: str(each.difference) for each in found.prices[HUB]} == {
        CARROTS: "0.25 EUR",
        CHEESE: "0.68 EUR",
        EGGS: "0.32 EUR",
    }
    (in_euros,) = found.orders
    assert [each.difference for each in in_euros.orders] == [euros("0.64"), euros("1.00")]
    assert {each.enterprise: each.difference for each in in_euros.enterprises if each.difference} == {
        HUB: euros("1.64")
    }


def test_fees_may_be_attached_elsewhere_and_new_ones_too(network_of: Load) -> None:
    stored = fee("stored-fee", enterprise="farm", calculator=calculator("flat_rate", amount=Decimal(2)))
    state = scene()
    network = with_orders(network_of(attrs.evolve(state, fees=(*state.fees, stored))))
    new = fee("new-fee", enterprise="dairy", calculator=calculator("flat_rate", amount=Decimal(1)))
    cycle = order_cycle(
        coordinator_fees=("new-fee",),
        incoming=(incoming("farm", "carrots", "eggs", fees=("stored-fee",)), incoming("dairy", "cheese")),
        outgoing=(outgoing("hub", "carrots", "cheese", "eggs"),),
    )
    (in_euros,) = compared(network, FeeProposal(fees=(new,), cycle=cycle)).orders
    assert {each.enterprise: each.difference for each in in_euros.enterprises} == {
        "dairy": euros("2.00"),
        "farm": euros("4.00"),
        "hub": euros("-1.64"),
    }


def test_a_fee_that_nobody_knows_cannot_be_tried(network: FoodNetwork) -> None:
    cycle = order_cycle(coordinator_fees=(FeeId("gone"),))
    found = network.cycle_costs.compare_fees(CYCLE, FeeProposal(cycle=cycle), actor=AMELIE, now=LATER)
    assert why(found) == [("$.cycle", Code.UNKNOWN_RECORD)]


def test_a_cycle_without_orders_is_compared_by_its_prices(network_of: Load) -> None:
    found = compared(network_of(scene()), FeeProposal())
    assert found.orders == ()
    assert list(found.prices) == [HUB]


def test_fees_for_some_customers_are_tried_for_each_order(network_of: Load) -> None:
    """Members pay less by the proposal; both pay the same by the fees of the cycle."""
    state = scene()
    members = tuple(attrs.evolve(each, tags=("member",) if each.id == "anna" else ()) for each in state.customers)
    network = with_orders(network_of(attrs.evolve(state, customers=members)))
    (in_euros,) = compared(network, FeeProposal(fees=(fee(never_for=("member",)),))).orders
    assert [each.difference for each in in_euros.orders] == [euros("-0.64"), euros("0")]

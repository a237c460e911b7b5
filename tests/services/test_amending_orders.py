"""Placed orders are weighed, adjusted, discounted and priced anew by the front door (FEE-3, FEE-8, FEE-10, FEE-14)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from ofncore.formats.state import read_state, write_state
from ofncore.kernel.actors import Actor
from ofncore.kernel.catalogue import render_refusal
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import TaxCategoryId
from ofncore.kernel.policies import RoundingPolicy
from ofncore.kernel.refusals import Refusal
from ofncore.model.message import MessageKind
from ofncore.model.order import Order
from ofncore.model.product import Measure
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.orders.adjusting import RequestedAdjustment
from ofncore.testing.worlds import NOW, calculator, euros, fee, tax_rate, variant, voucher
from services.scenes import AMELIE, BUYERS, EGGS, STRANGER, request, scene, why

Loads = Callable[[State], FoodNetwork]
ANNA = BUYERS["anna"]
LATER = NOW + timedelta(hours=1)
JAR = RequestedAdjustment(key="jar", label="Jar deposit", amount=euros("2.00"))


def weighed_scene(**changes: Any) -> State:  # noqa: ANN401 - whole parts
    """Return the scene in which eggs are sold in bags of 500 g, with a fee of 2.00 for a kilogram."""
    goods = tuple(
        variant(measure=Measure.WEIGHT, unit_value=Decimal(500)) if each.id == EGGS else each
        for each in scene().variants
    )
    by_weight = fee(calculator=calculator("weight", per_unit=Decimal(2)))
    return scene(**({"variants": goods, "fees": (by_weight,)} | changes))


def taken(network: FoodNetwork, **changes: Any) -> Order:  # noqa: ANN401 - fields
    """Return an order of two boxes of eggs, 6.40 and fees."""
    order = network.orders.take(request(**changes), actor=ANNA, now=NOW)
    assert isinstance(order, Order), order
    return order


def changed_letters(network: FoodNetwork) -> list[str]:
    """Return what the customer was told of changes."""
    found = [each for each in network.worlds.export().messages if each.kind is MessageKind.ORDER_CHANGED]
    return [each.body for each in sorted(found, key=lambda each: each.at)]


def accepted(result: object) -> Order:
    """Return the order that something gave, not a refusal."""
    assert isinstance(result, Order), result
    return result


# ---------------------------------------------------------------- weights


def test_a_weighed_line_changes_the_fees_by_weight_and_the_customer_is_told(network_of: Loads) -> None:
    """FEE-3: 1 kg was ordered, 1.2 kg came; the price stays."""
    network = network_of(weighed_scene())
    order = taken(network)
    assert order.total == euros("8.40")
    weighed = accepted(network.orders.weigh(order.id, {EGGS: Decimal(1200)}, actor=AMELIE, now=LATER))
    assert (weighed.lines[0].final_weight, weighed.item_total, weighed.total) == (
        Decimal(1200),
        euros("6.40"),
        euros("8.80"),
    )
    assert network.orders.get(order.id) == weighed
    [letter] = changed_letters(network)
    assert "measured: 1.2kg" in letter
    assert "Total: €8.80 instead of €8.40" in letter


def test_the_same_weight_again_changes_nothing_and_tells_nobody(network_of: Loads) -> None:
    network = network_of(weighed_scene())
    order = taken(network)
    network.orders.weigh(order.id, {EGGS: Decimal(1200)}, actor=AMELIE, now=LATER)
    before = network.worlds.export()
    network.orders.weigh(order.id, {EGGS: Decimal(1200)}, actor=AMELIE, now=LATER + timedelta(hours=1))
    assert network.worlds.export() == before


def test_a_weight_that_costs_nothing_more_is_stored_without_a_letter(network_of: Loads) -> None:
    network = network_of(weighed_scene(fees=(fee(),)))
    order = taken(network)
    weighed = accepted(network.orders.weigh(order.id, {EGGS: Decimal(900)}, actor=AMELIE, now=LATER))
    assert (weighed.total, changed_letters(network)) == (order.total, [])


# ---------------------------------------------------------------- amounts by hand


def test_an_adjustment_is_on_the_order_its_balance_and_in_the_letter(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network)
    adjusted = accepted(network.orders.adjust(order.id, JAR, actor=AMELIE, now=LATER))
    assert [(each.label, each.amount) for each in adjusted.adjustments] == [("Jar deposit", euros("2.00"))]
    assert network.orders.balance(order.id).outstanding == order.total + euros("2.00")
    assert "Jar deposit: €2.00" in changed_letters(network)[0]


def test_an_adjustment_is_set_once_by_its_key_and_can_be_taken_off(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network)
    adjusted = accepted(network.orders.adjust(order.id, JAR, actor=AMELIE, now=LATER))
    assert network.orders.adjust(order.id, JAR, actor=AMELIE, now=LATER) == adjusted
    left = accepted(network.orders.remove_adjustment(order.id, "jar", actor=AMELIE, now=LATER))
    assert (left.adjustments, left.total) == ((), order.total)
    assert network.orders.remove_adjustment(order.id, "jar", actor=AMELIE, now=LATER) == left
    assert len(changed_letters(network)) == 2


def test_an_adjustment_is_taxed_by_its_category_which_must_exist(network_of: Loads) -> None:
    network = network_of(scene(tax_rates=(tax_rate(included_in_price=False),)))
    order = taken(network)
    unknown = attrs.evolve(JAR, tax_category=TaxCategoryId("glass"))
    refused = network.orders.adjust(order.id, unknown, actor=AMELIE, now=LATER)
    assert why(refused) == [("$.tax_category", Code.UNKNOWN_RECORD)]
    taxed = attrs.evolve(JAR, tax_category=TaxCategoryId("food"))
    adjusted = accepted(network.orders.adjust(order.id, taxed, actor=AMELIE, now=LATER))
    assert adjusted.total == order.total + euros("2.11")


# ---------------------------------------------------------------- vouchers


def test_a_voucher_can_be_given_later_and_taken_off(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network)
    discounted = accepted(network.orders.apply_voucher(order.id, "WELCOME", actor=ANNA, now=LATER))
    assert discounted.total == order.total - euros("5")
    assert "Voucher WELCOME: -€5.00" in changed_letters(network)[0]
    without = accepted(network.orders.apply_voucher(order.id, "", actor=AMELIE, now=LATER))
    assert (without.discounts, without.total) == ((), order.total)


def test_an_unknown_code_is_told_only_to_who_may_use_one(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network)
    refused = network.orders.apply_voucher(order.id, "OTHER", actor=ANNA, now=LATER)
    assert why(refused) == [("$.voucher", Code.UNKNOWN_VOUCHER)]
    hidden = [network.orders.apply_voucher(order.id, code, actor=STRANGER, now=LATER) for code in ("OTHER", "WELCOME")]
    assert hidden[0] == hidden[1]
    assert isinstance(hidden[0], Refusal)
    assert Code.UNKNOWN_VOUCHER not in [each.code for each in hidden[0].problems]


def test_a_voucher_follows_the_quantities_also_when_it_was_withdrawn(network_of: Loads) -> None:
    """5.00 off 7.04, then all of 3.52."""
    network = network_of(scene())
    order = taken(network, voucher="WELCOME")
    state = network.worlds.export()
    later = make_network()
    assert later.worlds.load(attrs.evolve(state, vouchers=(voucher(deleted=True),))) is None
    changed = accepted(later.orders.change(order.id, {EGGS: 1}, actor=ANNA, now=LATER))
    assert (changed.discount_total, changed.total) == (-euros("3.52"), euros("0"))


# ---------------------------------------------------------------- repricing


def dearer(network: FoodNetwork, rate: str = "0.2") -> FoodNetwork:
    """Return a network in memory with the same state, in which the fee is 20 % from `LATER` on, and the tax new."""
    state = network.worlds.export()
    rates = (tax_rate(valid_until=LATER), tax_rate("new-rate", amount=Decimal(rate), valid_from=LATER))
    twenty = fee(calculator=calculator("flat_percent_per_item", flat_percent=Decimal(20)))
    other = make_network()
    assert other.worlds.load(attrs.evolve(state, fees=(twenty,), tax_rates=rates)) is None
    return other


def test_an_order_keeps_its_terms_until_it_is_repriced(network_of: Loads) -> None:
    """FEE-13.16; FEE-14: what would change is shown first."""
    network = network_of(scene())
    order = taken(network)
    later = dearer(network)
    one = accepted(later.orders.change(order.id, {EGGS: 1}, actor=ANNA, now=LATER))
    assert (one.total, [tax.rate for tax in one.tax_charges()]) == (euros("3.52"), ["food-rate"])
    before = later.worlds.export()
    shown = later.orders.preview_reprice(order.id, actor=AMELIE, now=LATER)
    assert not isinstance(shown, Refusal)
    assert (shown.difference, later.worlds.export()) == (euros("0.32"), before)
    repriced = accepted(later.orders.reprice(order.id, actor=AMELIE, now=LATER))
    assert (repriced.total, repriced.repriced_at) == (euros("3.84"), LATER)
    assert [tax.rate for tax in repriced.tax_charges()] == ["new-rate"]
    assert later.orders.reprice(order.id, actor=AMELIE, now=LATER + timedelta(days=1)) == repriced


def test_a_repriced_order_keeps_the_terms_of_its_repricing(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network)
    later = dearer(network)
    later.orders.reprice(order.id, actor=AMELIE, now=LATER)
    changed = accepted(later.orders.change(order.id, {EGGS: 1}, actor=ANNA, now=LATER + timedelta(minutes=1)))
    assert [tax.rate for tax in changed.tax_charges()] == ["new-rate"]


def test_an_order_keeps_its_rounding_when_the_shop_chooses_another(network_of: Loads) -> None:
    """FEE-13.1: 3 % of 0.15 is nothing for one, and 0.01 for the line of two."""
    cheap = tuple(attrs.evolve(each, price=euros("0.15")) for each in scene().variants)
    three = fee(calculator=calculator("flat_percent_per_item", flat_percent=Decimal(3)))
    network = network_of(scene(variants=cheap, fees=(three,)))
    order = taken(network)
    assert order.fee_total == euros("0")
    state, later = network.worlds.export(), make_network()
    shops = tuple(
        attrs.evolve(each, shop=attrs.evolve(each.shop, rounding=RoundingPolicy.PER_LINE)) for each in state.enterprises
    )
    assert later.worlds.load(attrs.evolve(state, enterprises=shops)) is None
    changed = accepted(later.orders.change(order.id, {EGGS: 4}, actor=AMELIE, now=LATER))
    assert (changed.rounding, changed.fee_total) == (RoundingPolicy.PER_UNIT, euros("0"))
    repriced = accepted(later.orders.reprice(order.id, actor=AMELIE, now=LATER))
    assert repriced.rounding is RoundingPolicy.PER_UNIT


def test_what_was_amended_is_stored_exported_and_read_back(network_of: Loads) -> None:
    network = network_of(weighed_scene())
    order = taken(network, voucher="WELCOME")
    network.orders.weigh(order.id, {EGGS: Decimal("1234.5")}, actor=AMELIE, now=LATER)
    network.orders.adjust(order.id, JAR, actor=AMELIE, now=LATER + timedelta(minutes=1))
    assert network.fees.who_gets_what(order.id).total == network.orders.get(order.id).total
    written = write_state(network.worlds.export())
    read = read_state(written)
    assert isinstance(read, State), read
    assert write_state(read) == written


@pytest.mark.parametrize("actor", [STRANGER, ANNA])
def test_weights_amounts_and_terms_are_for_staff(network_of: Loads, actor: Actor) -> None:
    network = network_of(weighed_scene())
    order = taken(network)
    before = network.worlds.export()
    orders = network.orders
    for refused in (
        orders.weigh(order.id, {EGGS: Decimal(1200)}, actor=actor, now=LATER),
        orders.adjust(order.id, JAR, actor=actor, now=LATER),
        orders.remove_adjustment(order.id, "jar", actor=actor, now=LATER),
        orders.preview_reprice(order.id, actor=actor, now=LATER),
        orders.reprice(order.id, actor=actor, now=LATER),
    ):
        assert isinstance(refused, Refusal), refused
    assert network.worlds.export() == before


def test_a_whole_weight_may_be_an_int(network_of: Loads) -> None:
    network = network_of(weighed_scene())
    order = taken(network)
    by_int = accepted(network.orders.weigh(order.id, {EGGS: 2730}, actor=AMELIE, now=LATER))
    assert repr(by_int.lines[0].final_weight) == "Decimal('2730')"
    assert network.orders.weigh(order.id, {EGGS: Decimal("2730.0")}, actor=AMELIE, now=LATER) == by_int


@pytest.mark.parametrize("weight", [2730.0, "2730", True], ids=repr)
def test_a_weight_of_another_type_is_refused_by_its_name(network_of: Loads, weight: Any) -> None:  # noqa: ANN401
    network = network_of(weighed_scene())
    refused = network.orders.weigh(taken(network).id, {EGGS: weight}, actor=AMELIE, now=LATER)
    assert isinstance(refused, Refusal)
    text = render_refusal(refused, "en")
    assert f"{type(weight).__name__} {weight!r}" in text
    assert "Decimal or int" in text


def test_an_adjustment_of_zero_sets_nothing_and_takes_off_what_was_set(network_of: Loads) -> None:
    network = network_of(scene())
    order = taken(network)
    nothing = attrs.evolve(JAR, amount=euros("0.00"))
    assert network.orders.adjust(order.id, nothing, actor=AMELIE, now=LATER) == order
    assert accepted(network.orders.adjust(order.id, JAR, actor=AMELIE, now=LATER)).adjustments
    without = accepted(network.orders.adjust(order.id, nothing, actor=AMELIE, now=LATER))
    assert (without.adjustments, without.total) == ((), order.total)

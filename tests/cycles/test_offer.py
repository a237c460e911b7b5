"""What one distributor sells in one cycle, and by which methods (CYC-8, CYC-9)."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.cycles.offer import Offer, distributed_variants, make_offer, methods_in_force
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import EnterpriseId, PaymentMethodId, ShippingMethodId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.methods import (
    DisplayOn,
    PaymentMethod,
    ShippingMethod,
    ShopMethod,
    ShopPaymentMethod,
    ShopShippingMethod,
)
from ofncore.testing.worlds import (
    enterprise,
    fee,
    incoming,
    order_cycle,
    outgoing,
    payment_method,
    product,
    shipping_method,
    small_world,
    variant,
)

HUB, MARKET = EnterpriseId("hub"), EnterpriseId("market")
WORLD = small_world()


def offer(
    cycle: OrderCycle | None = None,
    distributor: Enterprise | None = None,
    coordinator: Enterprise | None = None,
    **parts: Sequence[object],
) -> Offer:
    """Return the offer of *distributor* in *cycle* of *coordinator*, of the parts of the small world but for *parts*.

    A cycle of nobody is the distributor's.
    """
    given_ = {name: getattr(WORLD, name) for name in ("variants", "products", "shipping_methods", "payment_methods")}
    shop = distributor or enterprise("hub")
    terms = PricingTerms(cycle=cycle or order_cycle(), distributor=shop, fees={each.id: each for each in WORLD.fees})
    return make_offer(terms=terms, coordinator=coordinator or shop, **(given_ | parts))


def test_a_variant_is_distributed_if_it_was_chosen_and_somebody_brings_it() -> None:
    """CYC-4, CYC-8."""
    cycle = order_cycle(incoming=(incoming("farm", "eggs"),), outgoing=(outgoing("hub", "eggs", "cheese"),))
    assert distributed_variants(cycle, HUB) == ("eggs",)


def test_a_shop_that_takes_no_part_distributes_nothing() -> None:
    assert distributed_variants(order_cycle(), MARKET) == ()


def test_each_shop_sells_its_own_selection() -> None:
    cycle = order_cycle(outgoing=(outgoing("hub", "eggs", "carrots"), outgoing("market", "cheese")))
    assert distributed_variants(cycle, HUB) == ("eggs", "carrots")
    assert distributed_variants(cycle, MARKET) == ("cheese",)


def test_an_offer_holds_what_is_distributed_with_its_products_and_nothing_withdrawn() -> None:
    variants = (variant("eggs"), variant("cheese", supplier="dairy", deleted=True), variant("apples"))
    found = offer(variants=variants, products=(product("eggs"), product("cheese"), product("apples")))
    assert set(found.variants) == {"eggs"}
    assert set(found.products) == {"eggs"}
    assert found.currency == "EUR"
    assert found.cycle == order_cycle()


# ---------------------------------------------------------------- methods

names = st.frozensets(st.sampled_from("abcd"))


def shipping(key: str, *shops: str, display_on: DisplayOn = DisplayOn.BOTH) -> ShippingMethod:
    """Return a shipping method of *shops*."""
    return shipping_method(key, distributors=shops or ("hub",), display_on=display_on)


def paying(key: str, *shops: str, display_on: DisplayOn = DisplayOn.BOTH, active: bool = True) -> PaymentMethod:
    """Return a payment method of *shops*."""
    return payment_method(key, distributors=shops or ("hub",), display_on=display_on, active=active)


@given(names, names, st.frozensets(st.tuples(st.sampled_from(["hub", "market"]), st.sampled_from("abcd"))))
def test_a_choice_of_methods_narrows_a_shop_only_if_it_names_one_of_its_own(
    hubs: frozenset[str], markets: frozenset[str], chosen: frozenset[tuple[str, str]]
) -> None:
    """CYC-9.2, CYC-9.3: nothing chosen is all; another shop's choice never narrows this one."""
    pairs = [ShopMethod(EnterpriseId(shop), key) for shop, key in chosen]
    both = {"hub": hubs, "market": markets}
    methods = [shipping(key, *(shop for shop, keys in both.items() if key in keys)) for key in "abcd"]
    methods = [each for each in methods if each.id in hubs | markets]
    for shop, keys in both.items():
        found = methods_in_force(methods, shop=EnterpriseId(shop), chosen=pairs, coordinator=enterprise("hub"))
        assert {each.id for each in found} == ({key for key in keys if (shop, key) in chosen} or keys)


def test_shoppers_pick_what_is_shown_to_them_and_staff_pick_back_office_methods_too() -> None:
    """CYC-9.1."""
    found = offer(
        shipping_methods=(shipping("pickup"), shipping("van", display_on=DisplayOn.BACK_END)),
        payment_methods=(paying("cash"), paying("invoice", display_on=DisplayOn.BACK_END)),
    )
    assert found.shipping_method("pickup", by_staff=False) == shipping("pickup")
    assert found.shipping_method("van", by_staff=False) is None
    assert found.shipping_method("van", by_staff=True) is not None
    assert found.payment_method("cash", by_staff=False) == paying("cash")
    assert found.payment_method("invoice", by_staff=False) is None
    assert found.payment_method("invoice", by_staff=True) is not None


@pytest.mark.parametrize("by_staff", [False, True])
def test_an_inactive_payment_method_is_picked_by_nobody(by_staff: bool) -> None:  # noqa: FBT001 - a parameter
    found = offer(payment_methods=(paying("cash", active=False),))
    assert found.payment_method("cash", by_staff=by_staff) is None


@pytest.mark.parametrize("by_staff", [False, True])
def test_a_method_of_another_shop_is_picked_by_nobody(by_staff: bool) -> None:  # noqa: FBT001 - a parameter
    found = offer(shipping_methods=(shipping("pickup", "market"),), payment_methods=(paying("cash", "market"),))
    assert found.shipping_method("pickup", by_staff=by_staff) is None
    assert found.payment_method("cash", by_staff=by_staff) is None


def methods_offered(
    cycle: OrderCycle, shop: Enterprise, coordinator: Enterprise | None = None
) -> tuple[set[str], set[str]]:
    """Return the shipping and payment methods of two each that *shop* offers in *cycle*."""
    found = offer(
        cycle,
        shop,
        coordinator,
        shipping_methods=(shipping("pickup"), shipping("van")),
        payment_methods=(paying("card"), paying("cash")),
    )
    return {each.id for each in found.shipping_methods}, {each.id for each in found.payment_methods}


VAN = (ShopShippingMethod(HUB, ShippingMethodId("van")),)
CASH = (ShopPaymentMethod(HUB, PaymentMethodId("cash")),)
ALL = ({"pickup", "van"}, {"card", "cash"})


def test_shipping_and_payment_are_chosen_independently() -> None:
    """CYC-9.6."""
    assert methods_offered(order_cycle(shipping_methods=VAN), enterprise("hub")) == ({"van"}, {"card", "cash"})
    assert methods_offered(order_cycle(payment_methods=CASH), enterprise("hub")) == ({"pickup", "van"}, {"cash"})


def test_in_a_simple_cycle_a_choice_of_methods_does_not_count() -> None:
    """CYC-1, CYC-9.2: the coordinator sells its own goods only."""
    chosen = order_cycle(shipping_methods=VAN, payment_methods=CASH)
    alone = enterprise("hub", sells=Sells.OWN)
    assert methods_offered(chosen, alone) == ALL
    # A shop that sells its own in a hub's cycle does not make the cycle simple.
    guest = order_cycle(coordinator="market", shipping_methods=VAN, payment_methods=CASH)
    assert methods_offered(guest, alone, enterprise("market")) == ({"van"}, {"cash"})
    # It is simple for whoever else still sells in it.
    assert methods_offered(guest, enterprise("hub"), enterprise("market", sells=Sells.OWN)) == ALL


def test_the_terms_of_an_offer_price_with_its_fees() -> None:
    assert offer().terms.fees == {"admin-fee": fee()}
    assert VariantId("eggs") in offer().variants

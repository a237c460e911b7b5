"""A new cycle like an earlier one (CYC-10, CYC-G51, PERM-11)."""

from collections.abc import Iterable
from datetime import timedelta

import attrs
import pytest

from ofncore.cycles.changes import changed_parts
from ofncore.cycles.duplicating import CopyingFacts, plan_duplicate
from ofncore.cycles.method_choice import ended_choices
from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, PaymentMethodId, ShippingMethodId, VariantId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Sells
from ofncore.model.grant import PermissionGrant
from ofncore.model.methods import DisplayOn, PaymentMethod, ShippingMethod, ShopPaymentMethod, ShopShippingMethod
from ofncore.permissions.relations import Relations
from ofncore.testing.worlds import CLOSES, OPENS, incoming, outgoing, payment_method, shipping_method
from permissions.actors import (
    AMELIE,
    CYCLE,
    DAIRY,
    FARM,
    HUB,
    MARKET,
    MONA,
    NOBODY,
    PAUL,
    ROOT,
    USERS,
    grant,
    relations,
)

WEEK = timedelta(days=7)
LIVE = frozenset(map(VariantId, ("carrots", "cheese", "eggs")))
GRANTED = tuple(grant(*pair) for pair in ((FARM, HUB), (DAIRY, HUB), (MARKET, HUB), (FARM, MARKET)))
CASH, CARD, PICK_UP = PaymentMethodId("cash"), PaymentMethodId("card"), ShippingMethodId("pickup")
PAYMENTS = tuple(payment_method(key, distributors=(HUB, MARKET)) for key in (CASH, CARD))
SHIPPING = (shipping_method(PICK_UP),)
FULL = attrs.evolve(
    CYCLE,
    incoming=(
        incoming("farm", "carrots", "eggs", fees=("admin-fee",), receival_instructions="Gate 2"),
        incoming("dairy", "cheese"),
    ),
    outgoing=(
        outgoing("hub", "carrots", "cheese", "eggs", tags=("pro",), pickup_instructions="Ring"),
        outgoing("market", "eggs", fees=("admin-fee",)),
    ),
    automatic_notifications=True,
    payment_methods=(ShopPaymentMethod(HUB, CASH), ShopPaymentMethod(MARKET, CASH), ShopPaymentMethod(MARKET, CARD)),
    shipping_methods=(ShopShippingMethod(HUB, PICK_UP),),
    opened_at=OPENS,
    closed_at=CLOSES,
    producers_notified_at=CLOSES,
    settled_at=CLOSES,
    version=9,
)


def copy(
    actor: Actor = AMELIE,
    *,
    grants: Iterable[PermissionGrant] = GRANTED,
    live: frozenset[VariantId] = LIVE,
    name: str = "Copy",
    length: timedelta = timedelta(days=3),
    payments: tuple[PaymentMethod, ...] = PAYMENTS,
    shipping: tuple[ShippingMethod, ...] = SHIPPING,
) -> OrderCycle | Refusal:
    """Copy the full cycle to a week later."""
    opens = OPENS + WEEK
    return plan_duplicate(
        FULL,
        CopyingFacts(relations=relations(grants), live=live, payment_methods=payments, shipping_methods=shipping),
        new_id=OrderCycleId("copy"),
        name=name,
        opens=opens,
        closes=opens + length,
        actor=actor,
        now=OPENS,
    )


@pytest.mark.parametrize("actor", [AMELIE, ROOT], ids=str)
def test_a_copy_has_everything_but_id_name_dates_marks_and_version(actor: Actor) -> None:
    """CYC-10."""
    assert copy(actor) == attrs.evolve(
        FULL,
        id=OrderCycleId("copy"),
        name="Copy",
        orders_open_at=OPENS + WEEK,
        orders_close_at=CLOSES + WEEK,
        opened_at=None,
        closed_at=None,
        producers_notified_at=None,
        settled_at=None,
        version=0,
    )


@pytest.mark.parametrize("actor", [PAUL, MONA, NOBODY, ENGINE], ids=str)
def test_only_the_coordinators_managers_copy(actor: Actor) -> None:
    """CYC-10, PERM-G37."""
    found = copy(actor)
    assert isinstance(found, Refusal)
    assert found.codes == {Code.NEEDS_MANAGER}


def copied(
    *,
    grants: Iterable[PermissionGrant] = GRANTED,
    live: frozenset[VariantId] = LIVE,
    payments: tuple[PaymentMethod, ...] = PAYMENTS,
    shipping: tuple[ShippingMethod, ...] = SHIPPING,
) -> OrderCycle:
    """Return the copy, which is made."""
    found = copy(grants=grants, live=live, payments=payments, shipping=shipping)
    assert isinstance(found, OrderCycle)
    return found


def test_withdrawn_goods_are_left_behind_in_both_directions() -> None:
    cycle = copied(live=LIVE - {VariantId("eggs")})
    assert [each.variants for each in cycle.incoming] == [("carrots",), ("cheese",)]
    assert [each.variants for each in cycle.outgoing] == [("carrots", "cheese"), ()]


def test_a_supplier_that_withdrew_its_grant_is_left_behind_with_its_goods() -> None:
    """PERM-11."""
    cycle = copied(grants=GRANTED[1:])
    assert [each.supplier for each in cycle.incoming] == [DAIRY]
    assert [each.variants for each in cycle.outgoing] == [("cheese",), ()]


def test_what_was_left_behind_can_be_told() -> None:
    """PERM-11: copies drop what is no longer granted, and say so."""
    left = [each for each in changed_parts(FULL, copied(grants=GRANTED[1:])) if "[" in each]
    goods = ["$.outgoing[hub].variants[carrots]", "$.outgoing[hub].variants[eggs]", "$.outgoing[market].variants[eggs]"]
    assert left == ["$.incoming[farm]", *goods]


def test_a_distributor_that_withdrew_its_grant_is_left_behind_with_its_choice_of_methods() -> None:
    """PERM-11, PERM-G11."""
    cycle = copied(grants=[each for each in GRANTED if each.grantor != MARKET])
    assert [each.distributor for each in cycle.outgoing] == [HUB]
    assert cycle.payment_methods == (ShopPaymentMethod(HUB, CASH),)
    assert ended_choices(FULL, cycle) == ()


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"active": False}, (HUB, MARKET)),
        ({"display_on": DisplayOn.BACK_END}, (HUB, MARKET)),
        ({"distributors": (MARKET,)}, (HUB,)),
    ],
)
def test_a_method_that_can_no_longer_be_chosen_is_left_behind_and_told(
    change: dict[str, object], lost: tuple[EnterpriseId, ...]
) -> None:
    """CYC-10: a shop of whose choice nothing is left offers all of its methods."""
    cycle = copied(payments=(payment_method(CASH, **({"distributors": (HUB, MARKET)} | change)), PAYMENTS[1]))
    assert set(FULL.payment_methods) - set(cycle.payment_methods) == {ShopPaymentMethod(shop, CASH) for shop in lost}
    told = [each for each in changed_parts(FULL, cycle) if "methods" in each]
    assert told == [f"$.payment_methods[{shop}][cash]" for shop in lost]
    assert ended_choices(FULL, cycle) == ("$.payment_methods[hub]",)


def test_a_way_to_deliver_that_is_for_staff_alone_by_now_is_left_behind_and_told() -> None:
    """CYC-10."""
    cycle = copied(shipping=(shipping_method(PICK_UP, display_on=DisplayOn.BACK_END),))
    assert cycle.shipping_methods == ()
    assert changed_parts(FULL, cycle)[-1] == "$.shipping_methods[hub][pickup]"
    assert ended_choices(FULL, cycle) == ("$.shipping_methods[hub]",)


def test_goods_whose_supplier_withdrew_its_grant_to_a_distributor_leave_that_list_alone() -> None:
    """PERM-11, PERM-G14."""
    cycle = copied(grants=GRANTED[:3])
    assert [each.variants for each in cycle.outgoing] == [("carrots", "cheese", "eggs"), ()]


def test_the_coordinators_own_part_needs_no_grant() -> None:
    cycle = copied(grants=())
    assert cycle.incoming == ()
    assert [each.distributor for each in cycle.outgoing] == [HUB]


def test_a_copy_is_refused_with_every_reason() -> None:
    """CYC-3, CYC-10: names are not cut, and equal dates are none."""
    found = copy(PAUL, name=" ", length=timedelta())
    assert isinstance(found, Refusal)
    assert [each.code for each in found.problems] == [Code.NEEDS_MANAGER, Code.NAME_BLANK, Code.CLOSES_BEFORE_OPENING]
    long = copy(name="x" * 256)
    assert isinstance(long, Refusal)
    assert long.codes == {Code.BAD_LENGTH}


def copied_where(key: EnterpriseId, sells: Sells) -> OrderCycle | Refusal:
    """Copy the full cycle after the enterprise *key* began to sell so."""
    known = relations(GRANTED)
    changed = [attrs.evolve(each, sells=sells) if each.id == key else each for each in known.enterprises.values()]
    facts = CopyingFacts(relations=Relations.of(users=USERS, enterprises=changed, grants=GRANTED), live=LIVE)
    opens = OPENS + WEEK
    return plan_duplicate(
        FULL,
        facts,
        new_id=OrderCycleId("copy"),
        name="Copy",
        opens=opens,
        closes=opens + timedelta(days=3),
        actor=AMELIE,
        now=OPENS,
    )


@pytest.mark.parametrize("sells", [Sells.NONE, Sells.UNSPECIFIED])
def test_who_has_no_shop_any_more_coordinates_no_copy(sells: Sells) -> None:
    """PERM-G4."""
    refusal = copied_where(HUB, sells)
    assert isinstance(refusal, Refusal)
    assert [(each.code, each.path) for each in refusal.problems] == [(Code.CANNOT_COORDINATE, "$.coordinator")]


def test_who_is_no_hub_any_more_keeps_only_itself_in_a_copy() -> None:
    """PERM-G3, PERM-10 (`supplier-consent`)."""
    copied = copied_where(HUB, Sells.OWN)
    assert isinstance(copied, OrderCycle)
    assert copied.incoming == ()
    assert [each.distributor for each in copied.outgoing] == [HUB]


def test_who_sells_nothing_any_more_is_no_distributor_of_a_copy() -> None:
    """PERM-G11, PERM-10 (`distributor-consent`)."""
    copied = copied_where(MARKET, Sells.NONE)
    assert isinstance(copied, OrderCycle)
    assert [each.distributor for each in copied.outgoing] == [HUB]

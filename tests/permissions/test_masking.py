"""What one viewer may know of an order (PERM-7, PERM-G19, PERM-G20)."""

from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderId
from ofncore.model.enterprise import Address, ShopSettings
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import FeeCharge
from ofncore.permissions.masking import MaskedBuyer, MaskedOrder, mask_orders
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from permissions.actors import AMELIE, BERTA, CYCLE, ENTERPRISES, MARKET, MONA, NOBODY, OLGA, PAUL, ROOT, USERS, grant

HOME: Final = Address(street="1 Rue des Lilas", postcode="29000", city="Quimper", country="FR")
CAMILLE: Final = worlds.customer(
    "camille", enterprise=MARKET, last_name="Le Goff", email="c@example.org", phone="0123", user="nobody", address=HOME
)
ORDER: Final = worlds.order(
    "order-1",
    customer="camille",
    distributor=MARKET,
    lines=(worlds.order_line("eggs"), worlds.order_line("cheese", supplier=EnterpriseId("dairy"))),
    comment="Please leave it at my neighbour's",
)
switches = st.builds(
    ShopSettings,
    producers_may_change_orders=st.booleans(),
    show_customer_names_to_suppliers=st.booleans(),
    show_customer_contacts_to_suppliers=st.booleans(),
)


def masked(viewer: Actor, shop: ShopSettings | None = None) -> MaskedOrder | None:
    """Return what *viewer* may know of the order at ``market`` with the switches of *shop*."""
    enterprises = [attrs.evolve(each, shop=shop) if shop and each.id == MARKET else each for each in ENTERPRISES]
    snapshot = Snapshot.of(users=USERS, enterprises=enterprises, grants=[grant("farm", MARKET)], order_cycles=[CYCLE])
    found = mask_orders([ORDER], {CAMILLE.id: CAMILLE}, viewer=viewer, snapshot=snapshot)
    return found[0] if found else None


@given(st.sampled_from([MONA, AMELIE, ROOT, NOBODY, Actor.customer("camille")]), switches)
def test_staff_and_the_buyer_know_all_of_it(viewer: Actor, shop: ShopSettings) -> None:
    found = masked(viewer, shop)
    assert found is not None
    assert found.whole == ORDER
    assert found.lines == ORDER.lines
    assert found.buyer == MaskedBuyer(name="Le Goff", email="c@example.org", phone="0123", address=HOME)


@given(switches)
def test_a_stranger_knows_nothing_of_it(shop: ShopSettings) -> None:
    assert masked(OLGA, shop) is None
    assert masked(Actor.user("unheard-of"), shop) is None


@given(st.sampled_from([(PAUL, "eggs"), (BERTA, "cheese")]), switches)
def test_a_supplier_knows_its_own_lines_and_the_buyer_as_far_as_the_shop_shows(
    who: tuple[Actor, str], shop: ShopSettings
) -> None:
    viewer, goods = who
    found = masked(viewer, shop)
    assert found is not None
    assert found.whole is None
    assert [line.variant for line in found.lines] == [goods]
    edits = shop.producers_may_change_orders
    assert (found.buyer.name is not None) == (edits or shop.show_customer_names_to_suppliers)
    assert (found.buyer.email is not None) == (edits or shop.show_customer_contacts_to_suppliers)
    assert (found.buyer.phone is not None) == (found.buyer.email is not None)
    assert (found.buyer.address is not None) == edits
    assert ORDER.comment not in str(found)


def test_charges_on_lines_are_not_the_suppliers_business() -> None:
    fee = FeeCharge(
        fee=FeeId("admin-fee"),
        name="Admin",
        fee_type=FeeType.ADMIN,
        role=FeeRole.COORDINATOR,
        enterprise=EnterpriseId("hub"),
        amount=worlds.euros("0.32"),
    )
    found = mask_orders(
        [attrs.evolve(ORDER, lines=(worlds.order_line("eggs", fees=(fee,)),))],
        {CAMILLE.id: CAMILLE},
        viewer=PAUL,
        snapshot=Snapshot.of(users=USERS, enterprises=ENTERPRISES, order_cycles=[CYCLE]),
    )
    assert [line.fees for line in found[0].lines] == [()]


def test_orders_come_in_the_order_they_were_given_and_each_is_judged_alone() -> None:
    others = [attrs.evolve(ORDER, id=OrderId(f"order-{number}")) for number in (3, 2)]
    alone = attrs.evolve(
        ORDER, id=OrderId("order-4"), lines=(worlds.order_line("cheese", supplier=EnterpriseId("dairy")),)
    )
    snapshot = Snapshot.of(users=USERS, enterprises=ENTERPRISES, order_cycles=[CYCLE])
    found = mask_orders([*others, alone], {CAMILLE.id: CAMILLE}, viewer=PAUL, snapshot=snapshot)
    assert [each.id for each in found] == ["order-3", "order-2"]

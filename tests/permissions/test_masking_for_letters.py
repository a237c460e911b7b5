"""What a letter to an enterprise may tell of orders (PERM-7, PERM-10 names, ORD-O25)."""

from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.enterprise import ShopSettings
from ofncore.permissions.masking import MaskedBuyer, MaskedOrder, mask_for_letter, mask_orders
from ofncore.permissions.snapshot import Snapshot
from permissions.actors import BERTA, CYCLE, ENTERPRISES, HUB, MARKET, PAUL, USERS, grant
from permissions.test_masking import CAMILLE, HOME, ORDER, switches

FARM, DAIRY = map(EnterpriseId, ("farm", "dairy"))
SUPPLIERS: Final = {FARM: (PAUL, "eggs"), DAIRY: (BERTA, "cheese")}
profiles = st.sampled_from([PRODUCT, OFN])


def network(shop: ShopSettings) -> Snapshot:
    """Return the network with the switches of ``market``, whom the farm granted the right to sell."""
    enterprises = [attrs.evolve(each, shop=shop) if each.id == MARKET else each for each in ENTERPRISES]
    return Snapshot.of(users=USERS, enterprises=enterprises, grants=[grant("farm", MARKET)], order_cycles=[CYCLE])


def told(reader: str, shop: ShopSettings, profile: Profile = PRODUCT) -> MaskedOrder | None:
    """Return what a letter to *reader* may tell of the order at ``market``."""
    known = network(shop)
    found = mask_for_letter(
        [ORDER], {CAMILLE.id: CAMILLE}, reader=EnterpriseId(reader), snapshot=known, profile=profile
    )
    return found[0] if found else None


@given(st.sampled_from([FARM, DAIRY]), switches)
def test_a_supplier_is_told_of_its_own_lines_and_of_the_buyer_by_the_switches_alone(
    reader: EnterpriseId, shop: ShopSettings
) -> None:
    found = told(reader, shop)
    assert found is not None
    assert ([line.variant for line in found.lines], found.whole) == ([SUPPLIERS[reader][1]], None)
    contacts = shop.show_customer_contacts_to_suppliers
    assert found.buyer == MaskedBuyer(
        name=CAMILLE.name if shop.show_customer_names_to_suppliers else None,
        email=CAMILLE.email if contacts else None,
        phone=CAMILLE.phone if contacts else None,
        address=None,
    )


@given(st.sampled_from([FARM, DAIRY]), switches, profiles)
def test_a_letter_tells_nothing_that_who_manages_its_reader_may_not_see(
    reader: EnterpriseId, shop: ShopSettings, profile: Profile
) -> None:
    viewer = SUPPLIERS[reader][0]
    seen = mask_orders([ORDER], {CAMILLE.id: CAMILLE}, viewer=viewer, snapshot=network(shop), profile=profile)
    found = told(reader, shop, profile)
    assert (found is None) == (seen == ())
    if found is not None:
        assert found.lines == seen[0].lines
        shown, hidden = attrs.asdict(seen[0].buyer), attrs.asdict(found.buyer)
        assert all(value in (None, shown[part]) for part, value in hidden.items())


@pytest.mark.parametrize("reader", [MARKET, HUB])
def test_the_shop_and_the_coordinator_are_told_all(reader: EnterpriseId) -> None:
    found = told(reader, ShopSettings())
    assert found is not None
    assert found.whole == ORDER
    assert found.buyer == MaskedBuyer(name="Le Goff", email="c@example.org", phone="0123", address=HOME)


@given(switches, profiles)
def test_whom_an_order_does_not_concern_is_told_nothing(shop: ShopSettings, profile: Profile) -> None:
    others = {each.id for each in ENTERPRISES} - {MARKET, HUB, FARM, DAIRY}
    assert others
    for reader in (*others, "nowhere"):
        assert told(reader, shop, profile) is None


def test_other_enterprises_of_a_readers_managers_do_not_count() -> None:
    """Amelie manages the hub too: a letter to her farm is a letter to the farm."""
    known = network(ShopSettings())
    hers = [
        attrs.evolve(each, managers=(UserId("amelie"),)) if each.id == FARM else each
        for each in known.enterprises.values()
    ]
    snapshot = Snapshot.of(users=USERS, enterprises=hers, order_cycles=[CYCLE])
    [found] = mask_for_letter([ORDER], {CAMILLE.id: CAMILLE}, reader=FARM, snapshot=snapshot)
    [seen] = mask_orders([ORDER], {CAMILLE.id: CAMILLE}, viewer=Actor.user("amelie"), snapshot=snapshot)
    assert (found.whole, found.buyer.name) == (None, None)
    assert seen.whole == ORDER

"""Who manages what, and who granted what to whom (PERM-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import EnterpriseId
from ofncore.model.grant import Permission
from permissions.actors import AMELIE, DAIRY, ENTERPRISES, FARM, HUB, MARKET, NOBODY, PAUL, ROOT, grant, relations

names = st.sampled_from([each.id for each in ENTERPRISES])
grants = st.lists(st.tuples(names, names).filter(lambda pair: pair[0] != pair[1]), max_size=8)


def test_only_the_manager_role_counts_and_an_owner_without_it_does_nothing() -> None:
    known = relations()
    assert known.manages(AMELIE, HUB)
    assert not known.manages(AMELIE, FARM)
    assert known.manages(PAUL, FARM)
    assert not known.manages(Actor.user("owner"), EnterpriseId("absent"))


def test_an_administrator_manages_every_enterprise_and_no_unknown_one() -> None:
    known = relations()
    assert all(known.manages(ROOT, each.id) for each in ENTERPRISES)
    assert not known.manages(ROOT, EnterpriseId("elsewhere"))
    assert known.is_admin(ROOT)
    assert not known.is_admin(AMELIE)
    assert not known.is_admin(Actor.user("unheard-of"))


@pytest.mark.parametrize("actor", [ENGINE, NOBODY, Actor.user("unheard-of"), Actor.customer("amelie")])
def test_who_is_no_user_with_a_role_manages_nothing(actor: Actor) -> None:
    assert not any(relations().manages(actor, each.id) for each in ENTERPRISES)


@given(grants)
def test_a_grant_is_never_symmetric_and_never_passed_on(pairs: list[tuple[EnterpriseId, EnterpriseId]]) -> None:
    known = relations(grant(*pair) for pair in pairs)
    for seller in ENTERPRISES:
        for supplier in ENTERPRISES:
            expected = seller == supplier or (supplier.id, seller.id) in pairs
            assert known.may_sell_for(seller.id, supplier.id) == expected


def test_each_permission_is_a_grant_of_its_own() -> None:
    known = relations([grant(FARM, HUB, Permission.MANAGE_PRODUCTS, Permission.EDIT_PROFILE)])
    assert known.grantors_to(HUB, Permission.MANAGE_PRODUCTS) == {FARM}
    assert known.grantors_to(HUB, Permission.ADD_TO_ORDER_CYCLE) == frozenset()
    assert not known.may_sell_for(HUB, FARM)


def test_several_grantors_add_up() -> None:
    known = relations([grant(FARM, HUB), grant(DAIRY, HUB), grant(FARM, MARKET)])
    assert known.grantors_to(HUB, Permission.ADD_TO_ORDER_CYCLE) == {FARM, DAIRY}


def test_an_unknown_enterprise_is_called_by_its_id() -> None:
    assert relations().name_of(HUB) == "Hub"
    assert relations().name_of(EnterpriseId("elsewhere")) == "elsewhere"

"""Giving, changing and taking back what one enterprise allows another (PERM-1, PERM-6)."""

from collections.abc import Iterable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, UserId, VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Sells
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.goods import Goods
from ofncore.permissions.granting import (
    EXCLUSIVE,
    GrantChange,
    GrantPlan,
    GrantStep,
    grants_of_new_enterprise,
    plan_grant,
)
from ofncore.permissions.overrides import OverrideChanges, OverrideFacts, override_changes
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import enterprise, variant
from permissions.actors import AMELIE, DAIRY, FARM, HUB, MARKET, MONA, NOBODY, OLGA, PAUL, ROOT, grant, relations

SELL, OVERRIDE, LINK = (
    Permission.ADD_TO_ORDER_CYCLE,
    Permission.CREATE_VARIANT_OVERRIDES,
    Permission.CREATE_LINKED_VARIANTS,
)


def change(
    step: GrantStep, *permissions: Permission, grantor: EnterpriseId = FARM, grantee: EnterpriseId = HUB
) -> GrantChange:
    """Return a wish about the grant of the farm to the hub, unless others are named."""
    return GrantChange(step=step, grantor=grantor, grantee=grantee, permissions=frozenset(permissions))


def decide(
    actor: Actor, wanted: GrantChange, grants: Iterable[PermissionGrant] = (), profile: Profile = PRODUCT
) -> GrantPlan | Refusal:
    """Decide *wanted* by *actor*."""
    return plan_grant(wanted, Snapshot.around(relations(grants)), actor=actor, profile=profile)


def planned(actor: Actor, wanted: GrantChange, grants: Iterable[PermissionGrant] = ()) -> GrantPlan:
    """Return the plan of *wanted* by *actor*, which is allowed."""
    plan = decide(actor, wanted, grants)
    assert isinstance(plan, GrantPlan), plan
    return plan


def refused(actor: Actor, wanted: GrantChange, grants: Iterable[PermissionGrant] = ()) -> list[tuple[str, str]]:
    """Return path and code of every problem with *wanted*, which is refused."""
    found = decide(actor, wanted, grants)
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]


CREATE, SET, END = GrantStep.CREATE, GrantStep.CHANGE, GrantStep.DESTROY
ANY_PERMISSIONS = st.frozensets(st.sampled_from(Permission))


# ---------------------------------------------------------------- what comes of a change


@given(ANY_PERMISSIONS, ANY_PERMISSIONS)
def test_what_was_held_less_what_is_withdrawn_and_what_is_added_is_what_is_held(
    held: frozenset[Permission], wanted: frozenset[Permission]
) -> None:
    before = [attrs.evolve(grant(FARM, HUB), permissions=tuple(held))]
    plan = decide(PAUL, change(SET, *wanted), before)
    if isinstance(plan, Refusal):
        assert wanted.issuperset(EXCLUSIVE)
        return
    assert plan.after is not None
    assert set(plan.after.permissions) == wanted == (held - plan.withdrawn) | plan.added
    assert not plan.withdrawn & plan.added
    assert plan.before == before[0]
    assert plan.after.id == before[0].id


def test_a_new_grant_has_an_id_that_follows_from_its_pair() -> None:
    """PERM-1: one grant for each ordered pair; the reverse pair is another one."""
    there = planned(PAUL, change(CREATE, SELL))
    back = planned(AMELIE, change(CREATE, SELL, grantor=HUB, grantee=FARM), [grant(FARM, HUB)])
    assert there.after is not None
    assert back.after is not None
    assert (there.after.grantor, there.after.grantee, there.after.permissions) == (FARM, HUB, (SELL,))
    assert there.after.id == "farm/hub" != back.after.id
    assert there.before is None
    assert there.added == {SELL}


def test_a_pair_that_has_a_grant_gets_no_second_one() -> None:
    assert refused(PAUL, change(CREATE, SELL), [grant(FARM, HUB)]) == [("$", Code.GRANT_EXISTS)]


@pytest.mark.parametrize("step", [SET, END])
def test_a_grant_that_there_is_not_is_neither_changed_nor_ended(step: GrantStep) -> None:
    assert refused(PAUL, change(step), [grant(HUB, FARM)]) == [("$", Code.UNKNOWN_RECORD)]


def test_an_enterprise_that_there_is_not_neither_gives_nor_gets() -> None:
    nowhere = EnterpriseId("nowhere")
    assert refused(ROOT, change(CREATE, SELL, grantee=nowhere)) == [("$.grantee", Code.UNKNOWN_RECORD)]
    assert refused(ROOT, change(CREATE, SELL, grantor=nowhere)) == [("$.grantor", Code.UNKNOWN_RECORD)]


@pytest.mark.parametrize("step", [CREATE, SET])
def test_the_two_inventory_permissions_exclude_each_other_and_nothing_of_such_a_change_is_kept(step: GrantStep) -> None:
    """PERM-1, PERM-6: validated first, so that no removal is stored with the error."""
    grants = [grant(FARM, HUB, SELL, OVERRIDE)] if step is SET else []
    assert refused(PAUL, change(step, OVERRIDE, LINK), grants) == [("$.permissions", Code.EXCLUSIVE_PERMISSIONS)]
    assert planned(PAUL, change(step, LINK), grants).added == {LINK}


def test_steps_and_permissions_may_be_told_by_their_texts() -> None:
    """One text is as good as what it names; others are an error, and so is one text alone."""
    names = {"grantor": FARM, "grantee": HUB}
    texts: Any = {"step": "change", "permissions": (each for each in [SELL, "edit_profile"])}
    told = GrantChange(**names, **texts)
    assert told == change(SET, SELL, Permission.EDIT_PROFILE)
    assert {type(each) for each in told.permissions} == {Permission}
    assert isinstance(planned(PAUL, GrantChange(**names, step=CREATE, permissions=())), GrantPlan)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"permissions": ["fly"]}, ValueError),
        ({"permissions": [None]}, ValueError),
        ({"permissions": "add_to_order_cycle"}, TypeError),
        ({"permissions": SELL}, TypeError),
        ({"permissions": None}, TypeError),
        ({"permissions": 7}, TypeError),
        ({"step": "give"}, ValueError),
    ],
)
def test_what_is_no_step_or_no_permissions_is_an_error(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        GrantChange(**{"step": CREATE, "grantor": FARM, "grantee": HUB, **wrong})


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("actor", [PAUL, ROOT], ids=str)
def test_who_manages_the_grantor_gives_changes_and_ends(actor: Actor) -> None:
    """PERM-G8: the supplier grants beforehand."""
    assert planned(actor, change(CREATE, SELL)).added == {SELL}
    assert planned(actor, change(SET, SELL, LINK), [grant(FARM, HUB)]).added == {LINK}
    assert planned(actor, change(END), [grant(FARM, HUB)]).withdrawn == {SELL}


def test_somebody_unknown_is_told_that_alone() -> None:
    for wanted, held in ((change(CREATE, SELL), []), (change(END), [grant(FARM, HUB)])):
        found = decide(Actor.user("unheard-of"), wanted, held)
        assert found == Refusal.of(Code.UNKNOWN_RECORD, kind="user", id="unheard-of")


def test_the_grantee_may_end_a_grant_or_give_some_of_it_up_and_never_take_more() -> None:
    """PERM-6: both may end it."""
    held = [grant(FARM, HUB, SELL, OVERRIDE)]
    assert planned(AMELIE, change(END), held).after is None
    assert planned(AMELIE, change(END, Permission.MANAGE_PRODUCTS), held).added == frozenset()
    assert planned(AMELIE, change(SET, SELL), held).withdrawn == {OVERRIDE}
    assert refused(AMELIE, change(SET, SELL, Permission.MANAGE_PRODUCTS), held) == [("$.grantor", Code.NEEDS_MANAGER)]
    assert refused(AMELIE, change(CREATE, SELL)) == [("$.grantor", Code.NEEDS_MANAGER)]


@pytest.mark.parametrize("actor", [MONA, OLGA, NOBODY], ids=str)
def test_others_neither_give_nor_take(actor: Actor) -> None:
    """PERM-10 `grant-rights`."""
    assert refused(actor, change(CREATE, SELL)) == [("$.grantor", Code.NEEDS_MANAGER)]
    assert refused(actor, change(END), [grant(FARM, HUB)]) == [("$", Code.NEEDS_MANAGER)]


def test_the_engine_grants_nothing() -> None:
    assert isinstance(decide(ENGINE, change(CREATE, SELL)), Refusal)
    assert isinstance(decide(ENGINE, change(END), [grant(FARM, HUB)], OFN), Refusal)


def test_where_the_policy_says_so_any_manager_gives_in_anybodys_name_and_still_ends_only_its_own() -> None:
    """PERM-10 `grant-rights`."""
    loose = PRODUCT.switched(["grant-rights"], to=OFN)
    assert isinstance(decide(MONA, change(CREATE, SELL), profile=loose), GrantPlan)
    assert isinstance(decide(NOBODY, change(CREATE, SELL), profile=loose), Refusal)
    assert isinstance(decide(MONA, change(END), [grant(FARM, HUB)], loose), Refusal)


# ---------------------------------------------------------------- a new enterprise

OWN_HUB = enterprise("own-hub", owner="olga")
OWN_FARM = enterprise("own-farm", owner="olga", sells=Sells.NONE, is_producer=True, order_code_prefix=None)
OWN_PROFILE = enterprise("own-profile", owner="olga", sells=Sells.NONE, order_code_prefix=None)
OTHERS_HUB = enterprise("others-hub", owner="mona")
KNOWN = (OWN_HUB, OWN_FARM, OWN_PROFILE, OTHERS_HUB)


def test_a_new_producer_lets_the_hubs_of_its_owner_sell_and_price_its_goods() -> None:
    """PERM-6 (new enterprise)."""
    new = attrs.evolve(OWN_FARM, id=EnterpriseId("new"))
    [given_] = grants_of_new_enterprise(new, (*KNOWN, new))
    assert (given_.grantor, given_.grantee) == ("new", "own-hub")
    assert set(given_.permissions) == {SELL, OVERRIDE}


def test_a_new_hub_gets_both_from_the_producers_of_its_owner_and_gives_to_their_hubs() -> None:
    """PERM-6 (new enterprise): what is no producer gives no overrides."""
    new = attrs.evolve(OWN_HUB, id=EnterpriseId("new"))
    found = {(each.grantor, each.grantee): set(each.permissions) for each in grants_of_new_enterprise(new, KNOWN)}
    assert found == {("new", "own-hub"): {SELL}, ("own-farm", "new"): {SELL, OVERRIDE}}


def test_a_new_profile_of_somebody_else_gets_and_gives_nothing() -> None:
    new = attrs.evolve(OWN_PROFILE, id=EnterpriseId("new"), owner=OTHERS_HUB.managers[0])
    assert {each.grantee for each in grants_of_new_enterprise(new, KNOWN)} <= {"others-hub"}
    assert grants_of_new_enterprise(attrs.evolve(new, owner=UserId(NOBODY.id)), KNOWN) == ()


# ---------------------------------------------------------------- inventories

GOODS = Goods(
    {
        each.id: each
        for each in (
            variant("eggs", supplier=FARM),
            variant("old", supplier=FARM, deleted=True),
            variant("cheese", supplier=DAIRY),
        )
    }
)


def override(key: str, name: str, hub: EnterpriseId = HUB, *, is_revoked: bool = False) -> OverrideFacts:
    """Return what *hub* keeps for *name*."""
    return OverrideFacts(id=key, hub=hub, variant=VariantId(name), is_revoked=is_revoked)


KEPT = (
    override("1", "eggs"),
    override("2", "eggs", is_revoked=True),
    override("3", "old"),
    override("4", "cheese"),
    override("5", "eggs", MARKET),
)


def test_overrides_are_revoked_when_the_grant_does_not_allow_them_any_more() -> None:
    """PERM-6: only the grantee's, of the grantor's live goods."""
    plan = planned(PAUL, change(SET, SELL), [grant(FARM, HUB, SELL, OVERRIDE)])
    assert override_changes(plan, KEPT, GOODS) == OverrideChanges(revoked=("1",), revived=())
    ended = planned(PAUL, change(END), [grant(FARM, HUB, SELL, OVERRIDE)])
    assert override_changes(ended, KEPT, GOODS) == OverrideChanges(revoked=("1",), revived=())


def test_overrides_come_back_when_the_grant_allows_them_again() -> None:
    """PERM-6."""
    plan = planned(PAUL, change(SET, SELL, OVERRIDE), [grant(FARM, HUB, SELL)])
    assert override_changes(plan, KEPT, GOODS) == OverrideChanges(revoked=(), revived=("2",))


def test_a_grant_that_never_allowed_overrides_revokes_them_too() -> None:
    """PERM-6: absent after a save, whatever was before."""
    plan = planned(PAUL, change(CREATE, SELL))
    assert override_changes(plan, KEPT, GOODS).revoked == ("1",)

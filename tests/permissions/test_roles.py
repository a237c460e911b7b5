"""Who may give and take roles, and what becomes of them (PERM-1, PERM-8, PERM-11)."""

from collections.abc import Callable
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import ManagerAdded, ManagerRemoved, OwnerChanged
from ofncore.model.grant import Permission
from ofncore.permissions.actions import EnterpriseAction
from ofncore.permissions.asking import check
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.roles import EnterprisePlan, plan_invitation, plan_removal, plan_transfer
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import NOW, enterprise, producer, user
from permissions.actors import AMELIE, MONA, NOBODY, OLGA, PAUL, ROOT, grant

#: ``paul`` owns and manages the farm, ``amelie`` manages it too; ``olga`` owns the orchard and has no role in it.
FARM, ORCHARD, HUB, NOWHERE = map(EnterpriseId, ("farm", "orchard", "hub", "nowhere"))
NAMES: Final = ("amelie", "paul", "olga", "mona", "nobody", "root")
PEOPLE: Final = dict(zip(NAMES, map(UserId, NAMES), strict=True))
STRANGER: Final = UserId("unheard-of")

Plans = Callable[..., EnterprisePlan | Refusal]
PLANS: Final[dict[EnterpriseAction, Plans]] = {
    EnterpriseAction.INVITE_MANAGER: plan_invitation,
    EnterpriseAction.REMOVE_MANAGER: plan_removal,
    EnterpriseAction.TRANSFER: plan_transfer,
}
each_plan = pytest.mark.parametrize("decide", PLANS.values(), ids=[str(each) for each in PLANS])

plans = st.sampled_from(list(PLANS.values()))
actors = st.sampled_from([*map(Actor.user, (*NAMES, STRANGER)), Actor.customer("paul"), ENGINE])
enterprises = st.sampled_from([FARM, ORCHARD, HUB, NOWHERE])
people = st.sampled_from([*PEOPLE.values(), STRANGER])


def network(**changes: object) -> Snapshot:
    """Return the people and their enterprises, the farm with *changes*."""
    farm = producer("farm", **({"managers": ("paul", "amelie")} | changes))
    return Snapshot.of(
        users=[user(each, is_admin=each == "root") for each in NAMES],
        enterprises=[farm, enterprise("hub"), producer("orchard", owner="olga", managers=("mona",))],
        grants=[grant("farm", "hub", Permission.EDIT_PROFILE)],
    )


def planned(decide: Plans, actor: Actor, who: str, where: EnterpriseId = FARM, **changes: object) -> EnterprisePlan:
    """Return the plan for *who*, which is allowed."""
    found = decide(where, UserId(who), network(**changes), actor=actor, now=NOW)
    assert isinstance(found, EnterprisePlan), found
    return found


def refused(
    decide: Plans, actor: Actor, who: str, where: EnterpriseId = FARM, **changes: object
) -> list[tuple[str, str]]:
    """Return path and code of every problem of what is refused."""
    found = decide(where, UserId(who), network(**changes), actor=actor, now=NOW)
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]


def with_enterprise(snapshot: Snapshot, changed: Enterprise) -> Snapshot:
    known = {**snapshot.relations.enterprises, changed.id: changed}
    return snapshot.with_relations(attrs.evolve(snapshot.relations, enterprises=known))


# ---------------------------------------------------------------- laws


@given(st.sampled_from(sorted(PLANS)), actors, enterprises, people, st.sampled_from([PRODUCT, OFN]))
def test_who_the_rule_forbids_gets_its_answer_and_whom_it_allows_no_such_answer(
    action: str, actor: Actor, where: EnterpriseId, who: UserId, profile: Profile
) -> None:
    """PERM-8: no second rule."""
    asked = EnterpriseAction(action)
    decision = check(actor, asked, resource(ResourceKind.ENTERPRISE, where), network(), profile, path="$.enterprise")
    found = PLANS[asked](where, who, network(), actor=actor, now=NOW, profile=profile)
    if decision.allowed:
        assert isinstance(found, EnterprisePlan) or found.codes <= {
            Code.UNKNOWN_RECORD,
            Code.OWNER_MANAGES,
            Code.LAST_MANAGER,
        }
    else:
        assert found == Refusal(decision.problems)


@given(plans, actors, enterprises, people)
def test_twice_is_once_and_all_but_the_roles_stays(
    decide: Plans, actor: Actor, where: EnterpriseId, who: UserId
) -> None:
    found = decide(where, who, network(), actor=actor, now=NOW)
    if isinstance(found, Refusal):
        return
    assert attrs.evolve(found.after, owner=found.before.owner, managers=found.before.managers) == found.before
    assert (found.before == found.after) == (found.events == ())
    again = decide(where, who, with_enterprise(network(), found.after), actor=ROOT, now=NOW)
    assert isinstance(again, EnterprisePlan)
    assert (again.before, again.after, again.events) == (found.after, found.after, ())


@given(plans, actors, enterprises, people)
def test_an_owner_is_known_and_managers_never_run_out(
    decide: Plans, actor: Actor, where: EnterpriseId, who: UserId
) -> None:
    found = decide(where, who, network(), actor=actor, now=NOW)
    if isinstance(found, EnterprisePlan):
        assert found.after.owner in PEOPLE.values()
        assert found.after.managers
        assert set(found.after.managers) <= set(PEOPLE.values())
        if found.before.owner in found.before.managers or found.after.owner != found.before.owner:
            assert found.after.owner in found.after.managers


# ---------------------------------------------------------------- inviting


@pytest.mark.parametrize("actor", [PAUL, AMELIE, ROOT], ids=str)
def test_whoever_has_the_role_and_an_administrator_invites(actor: Actor) -> None:
    """PERM-8 (invite a manager), PERM-12 (any manager handles managers)."""
    plan = planned(plan_invitation, actor, "nobody")
    assert plan.after.managers == ("paul", "amelie", "nobody")
    [event] = plan.events
    assert event == ManagerAdded(enterprise=FARM, user=UserId("nobody"), actor=actor, at=NOW, occasion=event.occasion)


def test_who_may_edit_the_profile_by_grant_invites_nobody() -> None:
    """PERM-11: invitations need R. The hub may edit the farm's profile; ``amelie`` manages the hub."""
    assert refused(plan_invitation, AMELIE, "nobody", managers=("paul",)) == [("$.enterprise", Code.NEEDS_MANAGER)]


def test_an_owner_without_the_role_invites_nobody() -> None:
    """PERM-1: only the manager role counts."""
    assert refused(plan_invitation, OLGA, "nobody", ORCHARD) == [("$.enterprise", Code.NEEDS_MANAGER)]
    assert planned(plan_invitation, MONA, "olga", ORCHARD).after.managers == ("mona", "olga")


def test_only_who_may_invite_learns_which_users_there_are() -> None:
    assert refused(plan_invitation, NOBODY, STRANGER) == refused(plan_invitation, NOBODY, "mona")
    assert refused(plan_invitation, PAUL, STRANGER) == [("$.user", Code.UNKNOWN_RECORD)]


@each_plan
def test_an_unknown_enterprise_is_refused_to_administrators_too(decide: Plans) -> None:
    assert refused(decide, ROOT, "mona", NOWHERE) == [("$.enterprise", Code.UNKNOWN_RECORD)]


# ---------------------------------------------------------------- removing


@pytest.mark.parametrize("actor", [PAUL, ROOT], ids=str)
def test_the_owner_and_an_administrator_remove_a_manager(actor: Actor) -> None:
    """PERM-8 (remove a manager)."""
    plan = planned(plan_removal, actor, "amelie")
    assert plan.after.managers == ("paul",)
    [event] = plan.events
    assert event == ManagerRemoved(enterprise=FARM, user=UserId("amelie"), actor=actor, at=NOW, occasion=event.occasion)


def test_a_mere_manager_removes_nobody_not_even_themselves() -> None:
    """PERM-8 (remove a manager: owner)."""
    assert refused(plan_removal, AMELIE, "paul") == [("$.enterprise", Code.NEEDS_OWNER)]
    assert refused(plan_removal, AMELIE, "amelie") == [("$.enterprise", Code.NEEDS_OWNER)]


@pytest.mark.parametrize("actor", [PAUL, ROOT], ids=str)
def test_the_owner_goes_on_managing(actor: Actor) -> None:
    """PERM-1: the owner is normally also a manager."""
    assert refused(plan_removal, actor, "paul") == [("$.user", Code.OWNER_MANAGES)]


@pytest.mark.parametrize("actor", [OLGA, ROOT], ids=str)
def test_the_last_manager_stays(actor: Actor) -> None:
    assert refused(plan_removal, actor, "mona", ORCHARD) == [("$.user", Code.LAST_MANAGER)]


def test_of_who_has_no_role_nothing_is_taken() -> None:
    for plan in (
        planned(plan_removal, PAUL, "mona"),
        planned(plan_removal, OLGA, "olga", ORCHARD),
        planned(plan_removal, ROOT, "mona", managers=()),
    ):
        assert (plan.after, plan.events) == (plan.before, ())
    assert refused(plan_removal, PAUL, STRANGER) == [("$.user", Code.UNKNOWN_RECORD)]


# ---------------------------------------------------------------- handing over


@pytest.mark.parametrize("actor", [PAUL, ROOT], ids=str)
def test_the_owner_and_an_administrator_hand_it_over(actor: Actor) -> None:
    """PERM-8 (change owner): the new owner manages, the former one still does."""
    plan = planned(plan_transfer, actor, "mona")
    assert (plan.after.owner, plan.after.managers) == ("mona", ("paul", "amelie", "mona"))
    assert [(type(each), each.actor, each.at) for each in plan.events] == [
        (OwnerChanged, actor, NOW),
        (ManagerAdded, actor, NOW),
    ]
    changed = plan.events[0]
    assert isinstance(changed, OwnerChanged)
    assert (changed.owner, changed.former_owner) == ("mona", "paul")


def test_a_manager_who_becomes_owner_is_not_added_again() -> None:
    plan = planned(plan_transfer, PAUL, "amelie")
    assert (plan.after.owner, plan.after.managers) == ("amelie", ("paul", "amelie"))
    assert [type(each) for each in plan.events] == [OwnerChanged]


def test_a_mere_manager_hands_nothing_over() -> None:
    """PERM-12: any manager handles managers, only the owner transfers."""
    assert refused(plan_transfer, AMELIE, "amelie") == [("$.enterprise", Code.NEEDS_OWNER)]


def test_who_hands_it_over_cannot_take_it_back_and_can_then_be_removed() -> None:
    handed = with_enterprise(network(), planned(plan_transfer, PAUL, "mona").after)
    back = plan_transfer(FARM, PEOPLE["paul"], handed, actor=PAUL, now=NOW)
    assert isinstance(back, Refusal)
    removed = plan_removal(FARM, PEOPLE["paul"], handed, actor=MONA, now=NOW)
    assert isinstance(removed, EnterprisePlan)
    assert removed.after.managers == ("amelie", "mona")


def test_an_owner_without_the_role_gets_it_by_handing_over_to_themselves() -> None:
    plan = planned(plan_transfer, OLGA, "olga", ORCHARD)
    assert (plan.after.owner, plan.after.managers) == ("olga", ("mona", "olga"))
    assert [type(each) for each in plan.events] == [ManagerAdded]


def test_nobody_is_made_owner_who_is_not_there() -> None:
    assert refused(plan_transfer, PAUL, STRANGER) == [("$.owner", Code.UNKNOWN_RECORD)]

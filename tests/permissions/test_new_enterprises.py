"""Making an enterprise: whose it is, what it sells, what comes with it (PERM-6, PERM-8, PERM-11)."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.refusals import Refusal, problem
from ofncore.model.enterprise import Address, Enterprise, Sells, ShopSettings
from ofncore.model.event import EnterpriseCreated, GrantChanged
from ofncore.model.user import User
from ofncore.permissions.granting import grants_of_new_enterprise
from ofncore.permissions.new_enterprises import EnterpriseRequest, NewEnterprisePlan, plan_enterprise
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing.worlds import NOW, enterprise, producer
from permissions.actors import AMELIE, ENTERPRISES, NOBODY, PAUL, ROOT, USERS

SNAPSHOT = Snapshot.of(users=USERS, enterprises=ENTERPRISES)
people = st.sampled_from([None, *(each.id for each in USERS), UserId("unheard-of")])
actors = st.sampled_from([*(Actor.user(each.id) for each in USERS), Actor.user("unheard-of"), ENGINE])


def asking(**changes: Any) -> EnterpriseRequest:  # noqa: ANN401 - fields by name
    """Return a request for a new profile, with *changes*."""
    plain = EnterpriseRequest(key="new", name="New", currency="EUR", time_zone="Europe/Paris")
    return attrs.evolve(plain, **changes)


def planned(actor: Actor, snapshot: Snapshot = SNAPSHOT, **changes: object) -> NewEnterprisePlan:
    """Return the plan of what *actor* asks for, which is allowed."""
    found = plan_enterprise(asking(**changes), snapshot, actor=actor, now=NOW)
    assert isinstance(found, NewEnterprisePlan), found
    return found


def refused(actor: Actor, snapshot: Snapshot = SNAPSHOT, **changes: object) -> list[tuple[str, str]]:
    """Return path and code of every problem of what *actor* asks for."""
    found = plan_enterprise(asking(**changes), snapshot, actor=actor, now=NOW)
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]


# ---------------------------------------------------------------- laws


@given(actor=actors, owner=people, is_producer=st.booleans(), sells=st.none() | st.sampled_from(Sells))
def test_only_administrators_name_owners_and_choose_what_is_sold(
    *, actor: Actor, owner: UserId | None, is_producer: bool, sells: Sells | None
) -> None:
    """PERM-8 (create; change owner, sells), PERM-11, told again in plain words."""
    found = plan_enterprise(asking(owner=owner, is_producer=is_producer, sells=sells), SNAPSHOT, actor=actor, now=NOW)
    known, whose = {each.id for each in USERS}, owner or actor.id
    is_known, is_root = actor != ENGINE and actor.id in known, actor == ROOT
    first = Sells.ANY if whose in {"amelie", "mona"} and not is_producer else Sells.NONE
    allowed = is_known and whose in known and (is_root or (whose == actor.id and sells in (None, first)))
    assert isinstance(found, NewEnterprisePlan) == allowed
    if isinstance(found, NewEnterprisePlan):
        assert (found.enterprise.owner, found.enterprise.managers) == (whose, (whose,))
        assert found.enterprise.sells is (sells or first)


@given(owner=st.sampled_from(USERS), is_producer=st.booleans(), sells=st.sampled_from(Sells))
def test_each_grant_is_that_of_the_rule_and_has_its_event(*, owner: User, is_producer: bool, sells: Sells) -> None:
    """PERM-6 (new enterprise)."""
    plan = planned(ROOT, owner=owner.id, is_producer=is_producer, sells=sells)
    assert plan.grants == grants_of_new_enterprise(plan.enterprise, ENTERPRISES)
    told = [each for each in plan.events if isinstance(each, GrantChanged)]
    assert [(each.grantor, each.grantee, each.permissions) for each in told] == [
        (each.grantor, each.grantee, each.permissions) for each in plan.grants
    ]


# ---------------------------------------------------------------- what it becomes


def test_all_that_is_asked_for_is_kept() -> None:
    request = asking(
        is_producer=True,
        locale="ca",
        order_code_prefix="NEW",
        email="new@example.org",
        phone="0600",
        address=Address(city="Olot", country="ES"),
        charges_sales_tax=False,
        shop=ShopSettings(customers_may_change_orders=True),
    )
    found = plan_enterprise(request, SNAPSHOT, actor=NOBODY, now=NOW)
    assert isinstance(found, NewEnterprisePlan)
    assert found.enterprise == Enterprise(
        id=EnterpriseId("new"),
        name="New",
        owner=UserId("nobody"),
        managers=(UserId("nobody"),),
        is_producer=True,
        sells=Sells.NONE,
        currency="EUR",
        time_zone="Europe/Paris",
        locale="ca",
        order_code_prefix="NEW",
        email="new@example.org",
        phone="0600",
        address=Address(city="Olot", country="ES"),
        charges_sales_tax=False,
        shop=ShopSettings(customers_may_change_orders=True),
    )
    assert found.events == (
        EnterpriseCreated(
            enterprise=EnterpriseId("new"),
            owner=UserId("nobody"),
            request=request.fingerprint,
            actor=NOBODY,
            at=NOW,
        ),
    )


def test_the_second_hub_of_an_owner_is_a_hub_and_their_producer_sells_nothing() -> None:
    """PERM-11, PERM-6 (new enterprise)."""
    assert planned(NOBODY).enterprise.sells is Sells.NONE
    assert planned(PAUL).enterprise.sells is Sells.NONE
    assert planned(AMELIE, is_producer=True).enterprise.sells is Sells.NONE
    plan = planned(AMELIE)
    assert plan.enterprise.sells is Sells.ANY
    assert [(each.grantor, each.grantee) for each in plan.grants] == [("new", "hub")]


def test_a_hub_that_is_only_managed_does_not_count() -> None:
    """PERM-11: its owner already owns a hub."""
    managed = enterprise("theirs", owner="mona", managers=("mona", "nobody"))
    assert planned(NOBODY, Snapshot.of(users=USERS, enterprises=[managed])).enterprise.sells is Sells.NONE


def test_a_hub_of_an_owner_gets_the_goods_of_their_producers() -> None:
    """PERM-6 (new enterprise), by an administrator for the owner."""
    plan = planned(ROOT, owner=UserId("paul"), sells=Sells.ANY)
    [grant] = plan.grants
    assert (grant.grantor, grant.grantee) == ("farm", "new")
    assert (plan.enterprise.owner, plan.enterprise.managers) == ("paul", ("paul",))


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("actor", [ENGINE, Actor.customer("anna")], ids=str)
def test_who_has_no_account_makes_none(actor: Actor) -> None:
    """PERM-8 (create): any signed-in user."""
    assert refused(actor, key="") == [("$", Code.NOT_ALLOWED), ("$.key", Code.BAD_LENGTH)]
    assert refused(Actor.user("unheard-of")) == [("$", Code.UNKNOWN_RECORD)]


def test_every_problem_is_told_at_once() -> None:
    found = refused(PAUL, key="hub", name=" ", owner=UserId("mona"), sells=Sells.OWN)
    assert found == [
        ("$.key", Code.KEY_REUSED),
        ("$.name", Code.ENTERPRISE_UNNAMED),
        ("$.owner", Code.NOT_ALLOWED),
        ("$.sells", Code.NOT_ALLOWED),
    ]


def test_only_who_names_an_owner_learns_which_users_there_are() -> None:
    stranger = UserId("unheard-of")
    assert refused(ROOT, owner=stranger) == [("$.owner", Code.UNKNOWN_RECORD)]
    assert refused(PAUL, owner=stranger) == refused(PAUL, owner=UserId("mona")) == [("$.owner", Code.NOT_ALLOWED)]


@pytest.mark.parametrize(("key", "code"), [("", Code.BAD_LENGTH), ("x" * 256, Code.BAD_LENGTH), ("\0", Code.BAD_TEXT)])
def test_a_key_that_cannot_be_an_id_is_refused(key: str, code: Code) -> None:
    assert refused(PAUL, key=key) == [("$.key", code)]


def test_what_else_is_wrong_with_it_is_told_too() -> None:
    flaw = problem(Code.BAD_CURRENCY, "$.currency", found="x")
    found = plan_enterprise(asking(name=""), SNAPSHOT, actor=PAUL, now=NOW, flaws=lambda _new: (flaw,))
    assert isinstance(found, Refusal)
    assert [each.code for each in found.problems] == [Code.ENTERPRISE_UNNAMED, Code.BAD_CURRENCY]


def test_what_it_sells_is_one_of_a_few() -> None:
    assert asking(sells="any").sells is Sells.ANY
    with pytest.raises(ValueError, match="everything"):
        asking(sells="everything")


@given(st.sampled_from([{"name": "Other"}, {"is_producer": True}, {"owner": UserId("paul")}, {"sells": Sells.NONE}]))
def test_another_request_has_another_fingerprint(changes: dict[str, object]) -> None:
    assert asking(**changes).fingerprint != asking().fingerprint
    assert asking().fingerprint == asking().fingerprint


def test_a_producer_shop_counts_as_no_hub() -> None:
    """PERM-11: sells any, not own."""
    shop = producer("stand", owner="nobody", sells=Sells.OWN)
    assert planned(NOBODY, Snapshot.of(users=USERS, enterprises=[shop])).enterprise.sells is Sells.NONE

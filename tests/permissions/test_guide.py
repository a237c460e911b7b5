"""The promises of the guide about who sees and does what in a cycle of several enterprises, by their numbers.

``hub`` coordinates and sells, ``market`` sells too, ``farm`` and ``dairy`` bring goods; each has one manager.
"""

from typing import Final

import attrs

from ofncore.cycles.status import window_problem
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderId, UserId, VariantId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Sells, ShopSettings
from ofncore.model.grant import PermissionGrant
from ofncore.model.methods import DisplayOn, PaymentMethod, ShippingMethod
from ofncore.orders.letters import order_placed
from ofncore.permissions.actions import (
    CycleAccess,
    CycleAction,
    EnterpriseAction,
    LineAction,
    OrderAccess,
    RecordAction,
    ScreenAction,
)
from ofncore.permissions.asking import check, list_allowed
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.facts import AdminFact, GrantFact, KindFact, Link, LinkFact, ManagesFact
from ofncore.permissions.order_facts import LineFacts, OrderFacts
from ofncore.permissions.readiness import is_ready_for_checkout, missing_methods
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.snapshot import Snapshot
from ofncore.testing import worlds
from permissions.actors import (
    AMELIE,
    BERTA,
    CYCLE,
    DAIRY,
    ENTERPRISES,
    FARM,
    HUB,
    MARKET,
    MONA,
    NOBODY,
    OLGA,
    ORCHARD,
    PAUL,
    ROOT,
    USERS,
    grant,
)

CARROTS, EGGS, CHEESE = map(VariantId, ("carrots", "eggs", "cheese"))
VARIANTS: Final = (
    worlds.variant("carrots", supplier=FARM),
    worlds.variant("eggs", supplier=FARM),
    worlds.variant("cheese", supplier=DAIRY),
)
#: Somebody buys eggs and cheese at ``market``.
ORDER: Final = OrderFacts(
    id=OrderId("order-1"),
    distributor=MARKET,
    order_cycle=CYCLE.id,
    buyer=UserId("nobody"),
    lines=(LineFacts(EGGS, FARM), LineFacts(CHEESE, DAIRY)),
)


def network(*grants: PermissionGrant, cycle: OrderCycle = CYCLE, **settings: bool) -> Snapshot:
    """Return the network with *grants*; *settings* are those of ``market``'s shop."""
    shop = ShopSettings(**settings)  # type: ignore[arg-type]
    return Snapshot.of(
        users=USERS,
        enterprises=[attrs.evolve(each, shop=shop) if each.id == MARKET else each for each in ENTERPRISES],
        grants=grants,
        products=map(worlds.product, ("carrots", "eggs", "cheese")),
        variants=VARIANTS,
        order_cycles=[cycle],
        orders=[ORDER],
        customers=[worlds.customer("camille", enterprise=MARKET, user="nobody")],
    )


def asked(actor: Actor, *grants: PermissionGrant, cycle: OrderCycle = CYCLE) -> CycleQuestions:
    return CycleQuestions.of(actor, cycle, network(*grants))


def keys(actor: Actor, action: OrderAccess | LineAction, kind: ResourceKind, snapshot: Snapshot) -> set[str]:
    return {each.key[-1] for each in list_allowed(actor, action, kind, snapshot)}


# ---------------------------------------------------------------- what concerns whom


def test_g1_a_shops_products_can_be_ordered_only_while_a_cycle_is_open() -> None:
    """PERM-G1."""
    assert CYCLE.orders_close_at is not None
    assert window_problem(CYCLE, worlds.NOW) is None
    assert window_problem(CYCLE, CYCLE.orders_close_at + (worlds.CLOSES - worlds.NOW)) is not None


def test_g2_the_coordinator_sees_all_of_its_cycle_and_a_participant_what_concerns_it() -> None:
    """PERM-G2."""
    assert asked(AMELIE).visible_enterprises() == {HUB, FARM, DAIRY, MARKET}
    assert asked(AMELIE).visible_suppliers() == {FARM, DAIRY}
    assert asked(AMELIE).visible_distributors() == {HUB, MARKET}
    assert asked(BERTA).visible_suppliers() == {DAIRY}


def test_g4_a_profile_coordinates_nothing_and_so_does_who_never_chose() -> None:
    """PERM-G4, PERM-10 `unset-coordinator`."""
    unset = worlds.enterprise("unset", sells=Sells.UNSPECIFIED)
    snapshot = Snapshot.of(users=USERS, enterprises=[unset, worlds.enterprise("profile", sells=Sells.NONE)])

    def may(key: str, profile: Profile) -> bool:
        what = resource(ResourceKind.ENTERPRISE, key)
        return check(AMELIE, EnterpriseAction.COORDINATE, what, snapshot, profile).allowed

    assert not may("profile", PRODUCT)
    assert not may("profile", OFN)
    assert not may("unset", PRODUCT)
    assert may("unset", OFN)


def test_g15_g25_who_takes_part_and_manages_a_shop_or_sees_the_cycle_finds_it_in_the_list() -> None:
    """PERM-G15, PERM-G25: whoever made it."""
    what = resource(ResourceKind.ORDER_CYCLE, CYCLE.id)
    people = (AMELIE, PAUL, BERTA, MONA, OLGA, NOBODY)
    able = [each for each in people if check(each, CycleAccess.LIST, what, network()).allowed]
    assert able == [AMELIE, PAUL, BERTA, MONA]


def test_g16_a_supplier_sees_neither_the_other_suppliers_nor_their_goods() -> None:
    """PERM-G16."""
    for given in ((), (grant(FARM, HUB), grant(DAIRY, HUB)), (grant(FARM, MARKET), grant(DAIRY, MARKET))):
        questions = asked(PAUL, *given)
        assert DAIRY not in questions.visible_enterprises()
        assert questions.visible_incoming_variants(DAIRY) == set()
        assert CHEESE not in questions.visible_outgoing_variants(HUB)


def test_g14_g31_goods_are_available_to_a_distributor_only_by_grant_or_if_it_has_them() -> None:
    """PERM-G14, PERM-G31, PERM-4 L3."""
    assert asked(MONA).editable_outgoing_variants(MARKET) == {EGGS}
    assert asked(MONA, grant(DAIRY, MARKET)).editable_outgoing_variants(MARKET) == {EGGS, CHEESE}
    assert asked(MONA, grant(DAIRY, HUB)).editable_outgoing_variants(MARKET) == {EGGS}


def test_g23_a_supplier_sees_its_goods_in_a_list_and_leaves_them_there() -> None:
    """PERM-G23, PERM-4 L4."""
    assert asked(PAUL).visible_outgoing_variants(MARKET) == {EGGS}
    assert asked(PAUL).editable_outgoing_variants(MARKET) == set()
    assert asked(PAUL).visible_distributors() == {HUB, MARKET}


def test_g26_a_distributor_does_not_see_the_other_distributors() -> None:
    """PERM-G26."""
    assert HUB not in asked(MONA).visible_enterprises()
    assert asked(MONA).visible_distributors() == {MARKET}


def test_g29_a_distributor_sees_what_comes_in_from_who_granted_it() -> None:
    """PERM-G29, PERM-4 L5: it keeps seeing whose goods it has."""
    assert asked(MONA).visible_suppliers() == {FARM}
    assert asked(MONA, grant(DAIRY, MARKET)).visible_suppliers() == {FARM, DAIRY}
    assert asked(MONA, grant(DAIRY, MARKET)).visible_incoming_variants(DAIRY) == {CHEESE}
    assert asked(MONA, grant(DAIRY, MARKET)).editable_incoming_variants(DAIRY) == set()


def test_l1_participants_stay_visible_to_the_coordinator_without_any_grant() -> None:
    assert asked(AMELIE).supplier_candidates() == {FARM, DAIRY}
    assert ORCHARD in asked(AMELIE, grant(ORCHARD, HUB)).supplier_candidates()


def test_l2_a_participant_stays_visible_to_its_own_manager() -> None:
    assert FARM in asked(PAUL).visible_enterprises()
    assert asked(OLGA).visible_enterprises() == set()


def test_a_coordinator_that_is_no_hub_sees_itself_alone() -> None:
    """PERM-4, PERM-G3; an administrator sees no more of such a cycle."""
    farm_shop = worlds.enterprise("stall", owner="paul", is_producer=True, sells=Sells.OWN)
    cycle = worlds.order_cycle("own", coordinator="stall", incoming=(worlds.incoming("farm", "eggs"),), outgoing=())
    snapshot = Snapshot.of(users=USERS, enterprises=(*ENTERPRISES, farm_shop), order_cycles=[cycle])
    for actor in (PAUL, ROOT):
        assert CycleQuestions.of(actor, cycle, snapshot).visible_enterprises() == {"stall"}


def test_g33_g27_tags_and_terms_of_a_list_are_for_coordinator_and_distributor() -> None:
    """PERM-G27, PERM-G33."""
    what = resource(ResourceKind.OUTGOING, CYCLE.id, MARKET)
    able = [
        actor
        for actor in (AMELIE, MONA, PAUL, BERTA, OLGA)
        if check(actor, CycleAction.EDIT_OUTGOING_TERMS, what, network(grant(FARM, MARKET))).allowed
    ]
    assert able == [AMELIE, MONA]


def test_g32_delivery_details_are_the_coordinators_message() -> None:
    """PERM-G32, PERM-10 `delivery-instructions`: in Open Food Network whoever sees the supplier writes them."""
    what = resource(ResourceKind.INCOMING, CYCLE.id, FARM)

    def able(profile: Profile) -> list[Actor]:
        action = CycleAction.EDIT_RECEIVAL_INSTRUCTIONS
        return [each for each in (AMELIE, PAUL, MONA, BERTA) if check(each, action, what, network(), profile).allowed]

    assert able(PRODUCT) == [AMELIE]
    assert able(OFN) == [AMELIE, PAUL, MONA]


def test_g34_pickup_instructions_reach_the_buyer_and_the_name_of_the_cycle_does_not() -> None:
    """PERM-G34."""
    exchange = worlds.outgoing("market", "eggs", pickup_instructions="Ring twice")
    letter = order_placed(
        worlds.order(distributor="market"),
        customer=worlds.customer("camille", enterprise="market"),
        distributor=worlds.enterprise("market"),
        exchange=exchange,
        locale="en",
        zone="Europe/Paris",
    )
    assert "Ring twice" in str(letter)
    assert CYCLE.name not in str(letter)


def test_g36_only_the_coordinators_managers_notify_the_producers() -> None:
    """PERM-G36."""
    what = resource(ResourceKind.ORDER_CYCLE, CYCLE.id)
    able = [each for each in (AMELIE, MONA, PAUL) if check(each, CycleAction.NOTIFY_PRODUCERS, what, network()).allowed]
    assert able == [AMELIE]


def test_g37_only_the_coordinator_duplicates_and_deletes() -> None:
    """PERM-G37."""
    what = resource(ResourceKind.ORDER_CYCLE, CYCLE.id)
    able = [each for each in (AMELIE, MONA, PAUL) if check(each, CycleAccess.MANAGE, what, network()).allowed]
    assert able == [AMELIE]


# ---------------------------------------------------------------- orders


def test_g19_a_supplier_sees_the_orders_of_its_goods_whatever_is_granted_today() -> None:
    """PERM-G19, PERM-10 `orders-kept`."""
    for given in ((), (grant(FARM, MARKET),)):
        snapshot = network(*given)
        assert keys(PAUL, OrderAccess.REPORT, ResourceKind.ORDER, snapshot) == {"order-1"}
        assert keys(PAUL, LineAction.SEE, ResourceKind.ORDER_LINE, snapshot) == {"eggs"}
    found = list_allowed(PAUL, OrderAccess.REPORT, ResourceKind.ORDER, network(), OFN)
    assert found == frozenset()
    assert list_allowed(PAUL, OrderAccess.REPORT, ResourceKind.ORDER, network(grant(FARM, MARKET)), OFN)


def test_g28_a_distributor_and_the_coordinator_see_the_orders_with_all_their_lines_and_buyers() -> None:
    """PERM-G28."""
    for actor in (MONA, AMELIE):
        assert keys(actor, OrderAccess.REPORT, ResourceKind.ORDER, network()) == {"order-1"}
        for action in (LineAction.SEE, LineAction.SEE_BUYER_NAME, LineAction.SEE_BUYER_ADDRESS):
            assert keys(actor, action, ResourceKind.ORDER_LINE, network()) == {"eggs", "cheese"}


def test_g28_buyers_enter_the_customer_list_of_the_distributor() -> None:
    """PERM-G28."""
    what = resource(ResourceKind.CUSTOMER, "camille")
    able = [each for each in (MONA, AMELIE, PAUL) if check(each, RecordAction.SEE_CUSTOMER, what, network()).allowed]
    assert able == [MONA]


def test_g20_the_shop_decides_whether_suppliers_see_names_and_contacts() -> None:
    """PERM-G20, PERM-10 (names)."""
    names, contacts = LineAction.SEE_BUYER_NAME, LineAction.SEE_BUYER_CONTACT
    shown = network(show_customer_names_to_suppliers=True)
    assert keys(PAUL, names, ResourceKind.ORDER_LINE, shown) == {"eggs"}
    assert keys(PAUL, contacts, ResourceKind.ORDER_LINE, shown) == set()
    shown = network(show_customer_contacts_to_suppliers=True)
    assert keys(PAUL, names, ResourceKind.ORDER_LINE, shown) == set()
    assert keys(PAUL, contacts, ResourceKind.ORDER_LINE, shown) == {"eggs"}
    assert keys(PAUL, LineAction.SEE_BUYER_ADDRESS, ResourceKind.ORDER_LINE, shown) == set()


def test_a_supplier_edits_its_own_lines_where_the_shop_lets_it() -> None:
    """PERM-7, without any grant."""
    assert keys(PAUL, LineAction.EDIT, ResourceKind.ORDER_LINE, network()) == set()
    assert keys(PAUL, LineAction.EDIT, ResourceKind.ORDER_LINE, network(producers_may_change_orders=True)) == {"eggs"}


def test_an_administrator_never_edits_as_a_producer_only() -> None:
    """PERM-8."""
    snapshot = network(producers_may_change_orders=True).with_facts([ManagesFact(UserId("root"), FARM)])
    assert keys(PAUL, OrderAccess.OPEN_AS_SUPPLIER, ResourceKind.ORDER, snapshot) == {"order-1"}
    assert keys(ROOT, OrderAccess.OPEN_AS_SUPPLIER, ResourceKind.ORDER, snapshot) == set()


def test_an_order_without_distributor_is_for_its_maker_alone() -> None:
    """PERM-10 `orphan-orders`."""
    orphan = attrs.evolve(ORDER, id=OrderId("orphan"), distributor=None, order_cycle=None, creator=MONA)
    snapshot = attrs.evolve(network(), orders={orphan.id: orphan})

    def able(profile: Profile) -> list[Actor]:
        what = resource(ResourceKind.ORDER, "orphan")
        people = (AMELIE, MONA, PAUL, ROOT)
        return [each for each in people if check(each, OrderAccess.HANDLE, what, snapshot, profile).allowed]

    assert able(PRODUCT) == [MONA, ROOT]
    assert able(OFN) == [AMELIE, MONA, ROOT]


def test_screens_are_asked_for_each_row() -> None:
    """PERM-10 `row-level`: in Open Food Network any manager of a shop adds a line to any order."""
    what = resource(ResourceKind.ORDER_LINE, "order-1", EGGS)
    snapshot = network().with_facts([ManagesFact(UserId("olga"), EnterpriseId("absent"))])
    assert not check(OLGA, LineAction.ADD, what, snapshot).allowed
    assert check(OLGA, LineAction.ADD, what, snapshot, OFN).allowed


# ---------------------------------------------------------------- reasons


def test_a_yes_tells_the_roles_and_grants_that_made_it_so() -> None:
    """PERM-12, decision shape."""
    snapshot = network(grant(DAIRY, MARKET), grant(MARKET, DAIRY))
    what = resource(ResourceKind.OUTGOING_VARIANT, CYCLE.id, MARKET, CHEESE)
    decision = check(BERTA, CycleAction.EDIT_OUTGOING_VARIANTS, what, snapshot)
    assert decision.allowed
    facts = set(decision.because)
    sell = grant(DAIRY, MARKET).permissions[0]
    assert {GrantFact(DAIRY, MARKET, sell), GrantFact(MARKET, DAIRY, sell)} <= facts
    assert ManagesFact(UserId("berta"), DAIRY) in facts
    assert LinkFact(CHEESE, Link.OWNED_BY, DAIRY) in facts
    assert any(isinstance(each, KindFact) for each in facts)
    assert {"PERM-G22", "PERM-G31"} <= set(decision.rules)


def test_an_administrator_is_told_to_be_one() -> None:
    what = resource(ResourceKind.ENTERPRISE, FARM)
    decision = check(ROOT, EnterpriseAction.DELETE, what, network())
    assert decision.because == (AdminFact(UserId("root")),)
    assert not check(PAUL, EnterpriseAction.DELETE, what, network()).allowed


def test_who_manages_nothing_sees_nothing_but_what_they_bought() -> None:
    assert keys(NOBODY, OrderAccess.OPEN, ResourceKind.ORDER, network()) == {"order-1"}
    assert keys(NOBODY, OrderAccess.SEE, ResourceKind.ORDER, network()) == set()
    assert keys(NOBODY, OrderAccess.CANCEL_OWN, ResourceKind.ORDER, network()) == {"order-1"}
    assert list_allowed(NOBODY, ScreenAction.RUN, ResourceKind.REPORT, network()) == frozenset()


def test_g12_g38_a_shop_without_a_way_to_pay_and_to_deliver_is_not_ready() -> None:
    """PERM-G12, PERM-G38, PERM-9: methods of the back office count for delivery only, and only in the choice."""
    paid = worlds.payment_method(distributors=(MARKET,))
    hidden = attrs.evolve(paid, display_on=DisplayOn.BACK_END)
    sent = worlds.shipping_method(distributors=(MARKET,))
    behind = attrs.evolve(sent, display_on=DisplayOn.BACK_END)

    def missing(pay: PaymentMethod | None, ship: ShippingMethod | None) -> tuple[set[Code], bool]:
        pays, ships = {each.id: each for each in (pay,) if each}, {each.id: each for each in (ship,) if each}
        return set(missing_methods(MARKET, pays, ships)), is_ready_for_checkout(MARKET, pays, ships)

    assert missing(paid, sent) == (set(), True)
    assert missing(None, sent) == ({Code.NO_PAYMENT_METHOD}, False)
    assert missing(paid, None) == ({Code.NO_SHIPPING_METHOD}, False)
    assert missing(None, None) == ({Code.NO_PAYMENT_METHOD, Code.NO_SHIPPING_METHOD}, False)
    assert missing(hidden, sent) == ({Code.NO_PAYMENT_METHOD}, False)
    assert missing(attrs.evolve(paid, active=False), sent) == ({Code.NO_PAYMENT_METHOD}, False)
    assert missing(paid, behind) == (set(), False)

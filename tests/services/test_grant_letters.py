"""Coordinators and shops are told when the right to sell goods is withdrawn (PERM-6, PERM-10, PERM-12)."""

from datetime import datetime, timedelta
from typing import Any, Final

import attrs
import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.cycles.withdrawing import GrantImpact
from ofncore.kernel.actors import Actor
from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise, Sells, ShopSettings
from ofncore.model.grant import Permission
from ofncore.model.message import Message, MessageKind, MessageState
from ofncore.model.order import Order
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.orders.notices import NO_ADDRESS
from ofncore.permissions.granting import GrantChange, GrantStep
from ofncore.services.grants import GrantOutcome
from ofncore.testing.faults import Crash, Faults
from ofncore.testing.worlds import CLOSES, NOW, OPENS, enterprise, outgoing
from services.two_shops import AMELIE, CHEESE, EGGS, FARM, HUB, MARKET, MONA, PAUL, ROOT, take, two_shops

WEEK: Final = timedelta(days=7)
SELL, PROFILE = Permission.ADD_TO_ORDER_CYCLE, Permission.EDIT_PROFILE
UPCOMING: Final = OrderCycleId("week-11")
NARROW: Final = "\N{NARROW NO-BREAK SPACE}"


def scene(*, more: tuple[OrderCycle, ...] = (), **of_hub: object) -> State:
    """Return two shops in an open cycle and in one that is to come; only the hub sells eggs in that."""
    state = two_shops(ShopSettings(), ShopSettings())
    [running] = state.order_cycles
    running = attrs.evolve(running, automatic_notifications=False)
    lists = (outgoing("hub", "cheese", "eggs"), outgoing("market", "cheese"))
    upcoming = attrs.evolve(
        running,
        id=UPCOMING,
        name="Week 11",
        outgoing=lists,
        orders_open_at=OPENS + WEEK,
        orders_close_at=CLOSES + WEEK,
    )
    members = tuple(_changed(each, of_hub) if each.id == HUB else each for each in state.enterprises)
    cycles = tuple(sorted((running, upcoming, *more), key=lambda each: each.id))
    return attrs.evolve(state, enterprises=members, order_cycles=cycles)


def _changed(member: Enterprise, changes: dict[str, Any]) -> Enterprise:
    return attrs.evolve(member, **changes)


def loaded(state: State) -> FoodNetwork:
    """Return a network with *state* in it."""
    network = make_network(unit_of_work=MemoryStorage())
    assert network.worlds.load(state) is None
    return network


def withdraw(
    network: FoodNetwork,
    policy: Withdrawal | None = None,
    *,
    grantee: EnterpriseId = HUB,
    actor: Actor = PAUL,
    now: datetime = NOW,
) -> dict[str, Message]:
    """End the farm's grant; return the new letters about it by recipient."""
    before = network.worlds.export().messages
    found = network.grants.destroy(FARM, grantee, actor=actor, now=now, withdrawal=policy)
    assert isinstance(found, GrantOutcome), found
    new = [each for each in network.worlds.export().messages if each not in before]
    assert {each.kind for each in new} <= {MessageKind.GOODS_WITHDRAWN}
    assert len({each.recipient for each in new}) == len(new)
    return {each.recipient: each for each in new}


# ---------------------------------------------------------------- what is told


def test_the_coordinator_is_told_of_every_list_and_of_all_orders() -> None:
    network = loaded(scene())
    take(network, "ben", "ben-1", (EGGS, 2))
    take(network, "mara", "mara-1", (EGGS, 1), (CHEESE, 1))
    take(network, "mara", "mara-2", (CHEESE, 1))
    letter = withdraw(network)[HUB]
    assert (letter.to, letter.reply_to, letter.state) == ("hub@shops.example", None, MessageState.PENDING)
    assert (letter.about, letter.at, letter.locale) == (FARM, NOW, "en")
    assert letter.subject == "Right to sell goods ended: Farm"
    assert letter.body == (
        "Hello Hub,\n\n"
        f"Since Mar 3, 2026, 1:00{NARROW}PM, goods of “Farm” may no longer be put into order cycles of “Hub”.\n"
        "The supplier withdrew the right to sell them.\n\n"
        "Taken off these lists:\n"
        "- Week 10, Hub: “Carrots” and “Eggs”\n"
        "- Week 10, Market: “Carrots” and “Eggs”\n"
        "- Week 11, Hub: “Eggs”\n\n"
        "Placed orders that hold such goods: 2. They stay as they are.\n\n"
        "If the right is granted again, nothing comes back by itself: "
        "put the goods back into the order cycles by hand.\n"
    )


def test_a_shop_is_told_of_its_own_list_and_its_own_orders() -> None:
    """PERM-G26: it sees what concerns it, not the other shops."""
    network = loaded(scene())
    take(network, "ben", "ben-1", (EGGS, 2))
    take(network, "ben", "ben-2", (EGGS, 2))
    take(network, "mara", "mara-1", (EGGS, 1))
    letter = withdraw(network)[MARKET]
    assert (letter.to, letter.reply_to) == ("market@shops.example", "hub@shops.example")
    assert letter.body == (
        "Hello Market,\n\n"
        f"Since Mar 3, 2026, 1:00{NARROW}PM, goods of “Farm” may no longer be put into order cycles of “Hub”.\n"
        "The supplier withdrew the right to sell them.\n\n"
        "Taken off these lists:\n"
        "- Week 10, Market: “Carrots” and “Eggs”\n\n"
        "Placed orders that hold such goods: 1. They stay as they are.\n"
    )


def test_what_was_cut_out_of_an_order_does_not_count() -> None:
    network = loaded(scene())
    changed = take(network, "ben", "ben-1", (EGGS, 2), (CHEESE, 1))
    assert isinstance(network.orders.change(changed, {EGGS: 0}, actor=AMELIE, now=NOW), Order)
    cancelled = take(network, "ben", "ben-2", (EGGS, 2))
    assert isinstance(network.orders.cancel(cancelled, actor=AMELIE, now=NOW), Order)
    assert "Placed orders" not in withdraw(network)[HUB].body


def test_what_stays_until_the_close_is_told_with_its_close() -> None:
    told = withdraw(loaded(scene()), Withdrawal.KEEP_UNTIL_CLOSE)
    assert set(told) == {HUB}  # the market has eggs in the open cycle alone
    assert "- Week 11, Hub: “Eggs”\n\nThe goods stay in these order cycles, and come into no other:\n" in told[HUB].body
    assert f"- Week 10 (until orders close: Mar 5, 2026, 1:00{NARROW}PM)\n" in told[HUB].body
    assert "Week 10, " not in told[HUB].body


def test_goods_of_one_name_are_told_apart() -> None:
    state, both = scene(), ("carrots", "eggs")
    named = tuple(attrs.evolve(each, name="Box, large") if each.id in both else each for each in state.products)
    goods = tuple(attrs.evolve(each, name="") if each.id in both else each for each in state.variants)
    letter = withdraw(loaded(attrs.evolve(state, products=named, variants=goods)))[HUB]
    assert "- Week 10, Hub: “Box, large (carrots)” and “Box, large (eggs)”\n" in letter.body
    assert "- Week 11, Hub: “Box, large (eggs)”\n" in letter.body


def test_where_all_goods_stay_nothing_is_to_be_put_back() -> None:
    told = withdraw(loaded(scene()), Withdrawal.BLOCK_RENEWAL)
    assert "The goods stay in these order cycles, and come into no other:\n" in told[HUB].body
    assert "by hand" not in told[HUB].body


def test_a_shop_is_told_which_of_its_cycles_keep_the_goods() -> None:
    later = attrs.evolve(
        scene().order_cycles[0],
        id=OrderCycleId("week-12"),
        name="Week 12",
        orders_open_at=OPENS + 2 * WEEK,
        orders_close_at=CLOSES + 2 * WEEK,
    )
    body = withdraw(loaded(scene(more=(later,))), Withdrawal.KEEP_UNTIL_CLOSE)[MARKET].body
    assert "lists:\n- Week 12, Market: “Carrots” and “Eggs”\n\n" in body
    assert "no other:\n- Week 10 (until" in body
    assert "Week 11" not in body


def test_a_shop_is_not_told_of_cycles_where_its_list_has_none_of_the_goods() -> None:
    """The open cycle keeps the goods, but on the hub's list only."""
    running, upcoming = scene().order_cycles
    swapped = (attrs.evolve(running, outgoing=upcoming.outgoing), attrs.evolve(upcoming, outgoing=running.outgoing))
    told = withdraw(loaded(attrs.evolve(scene(), order_cycles=swapped)), Withdrawal.KEEP_UNTIL_CLOSE)
    assert "- Week 11, Market: “Carrots” and “Eggs”\n" in told[MARKET].body
    assert "Week 10" not in told[MARKET].body
    assert "- Week 10 (until" in told[HUB].body


def test_where_all_stays_the_coordinator_alone_is_told() -> None:
    told = withdraw(loaded(scene()), Withdrawal.BLOCK_RENEWAL)
    assert set(told) == {HUB}
    assert "Taken off" not in told[HUB].body
    assert told[HUB].body.count("(until orders close:") == 2


def test_a_cycle_without_dates_and_one_without_lists_are_named() -> None:
    running = scene().order_cycles[0]
    undated = attrs.evolve(running, id=OrderCycleId("some-week"), name="Some week", orders_close_at=None, outgoing=())
    network = loaded(scene(more=(undated,)))
    assert "- Some week: no list changes\n" in withdraw(network)[HUB].body
    network = loaded(scene(more=(undated,)))
    assert "- Some week\n" in withdraw(network, Withdrawal.BLOCK_RENEWAL)[HUB].body


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        (PAUL, "The supplier withdrew the right to sell them."),
        (AMELIE, "Hub gave up the right to sell them."),
        (ROOT, "The right to sell them was withdrawn."),
    ],
    ids=str,
)
def test_the_letter_tells_which_side_ended_the_right(actor: Actor, words: str) -> None:
    """PERM-6: either side may; a supplier is not blamed for what its hub gave up. The hub has other managers too."""
    told = withdraw(loaded(scene()), actor=actor)
    assert set(told) == {HUB, MARKET}
    assert [words in each.body for each in told.values()] == [True, True]


def test_who_acts_for_both_sides_acts_for_the_supplier() -> None:
    network = loaded(scene(managers=("amelie", "paul")))
    assert "The supplier withdrew the right" in withdraw(network)[HUB].body


def test_each_reads_its_own_language() -> None:
    told = withdraw(loaded(scene(locale="fr")))
    assert (told[HUB].locale, told[MARKET].locale) == ("fr", "en")
    assert told[HUB].subject == "Fin du droit de vendre des produits\N{NO-BREAK SPACE}: Farm"


# ---------------------------------------------------------------- who is told, and who is not


def test_a_shop_that_does_not_see_the_supplier_is_not_told_its_name() -> None:
    """PERM-4: who is no hub sees the suppliers that it has a grant of; the goods on its own list it sees."""
    state = scene()
    stand = enterprise("stand", name="Stand", owner="mona", sells=Sells.OWN, email="stand@shops.example")
    cycles = tuple(
        attrs.evolve(each, outgoing=(*each.outgoing, outgoing("stand", "eggs"))) for each in state.order_cycles
    )
    stand = attrs.evolve(stand, order_code_prefix="STA")
    told = withdraw(loaded(attrs.evolve(state, enterprises=(*state.enterprises, stand), order_cycles=cycles)))
    assert set(told) == {HUB, MARKET, "stand"}
    assert "Farm" not in told["stand"].subject + told["stand"].body
    assert (
        "goods of a supplier that you do not see may no longer be put into order cycles of “Hub”" in told["stand"].body
    )
    assert "- Week 10, Stand: “Eggs”\n- Week 11, Stand: “Eggs”\n" in told["stand"].body
    assert "Stand" not in told[MARKET].body


def test_buyers_are_not_named_to_anybody() -> None:
    """PERM-7, PERM-10 (names)."""
    network = loaded(scene())
    take(network, "ben", "ben-1", (EGGS, 2))
    take(network, "mara", "mara-1", (EGGS, 2))
    for each in withdraw(network).values():
        assert not [word for word in ("Roca", "Ben", "Mara", "buyers.example", "0600") if word in each.body]


def test_nobody_is_told_where_no_cycle_has_the_goods() -> None:
    network = loaded(scene())
    assert withdraw(network, grantee=MARKET) == {}
    assert withdraw(network, now=CLOSES + 2 * WEEK) == {}


def test_nobody_is_told_of_another_change_of_a_grant() -> None:
    network = loaded(scene())
    assert isinstance(network.grants.change(FARM, HUB, [SELL, PROFILE], actor=PAUL, now=NOW), GrantOutcome)
    assert isinstance(network.grants.change(FARM, HUB, [SELL], actor=PAUL, now=NOW), GrantOutcome)
    assert network.worlds.export().messages == ()


def test_an_enterprise_without_an_address_has_its_letter_kept() -> None:
    letter = withdraw(loaded(scene(email=None)))[HUB]
    assert (letter.to, letter.state, letter.reason) == (None, MessageState.NOT_SENT, NO_ADDRESS)


# ---------------------------------------------------------------- once, and with the rest


def test_the_same_act_tells_once_and_a_new_one_tells_again() -> None:
    """Also at the same instant: goods that were put back leave again."""
    storage = MemoryStorage()
    network = make_network(unit_of_work=storage)
    assert network.worlds.load(scene()) is None
    first = withdraw(network)
    network.grants.destroy(FARM, HUB, actor=PAUL, now=NOW)
    assert len(network.worlds.export().messages) == len(first) == 2
    assert isinstance(network.grants.create(FARM, HUB, [SELL], actor=PAUL, now=NOW), GrantOutcome)
    assert len(network.worlds.export().messages) == 2
    with storage() as unit:
        for each in scene().order_cycles:
            stored = unit.order_cycles.get(each.id)
            unit.order_cycles.save(attrs.evolve(stored, incoming=each.incoming, outgoing=each.outgoing))
    again = withdraw(network)
    assert {key: each.body for key, each in again.items()} == {key: each.body for key, each in first.items()}
    assert {each.id for each in again.values()}.isdisjoint(each.id for each in first.values())


def test_what_stayed_and_then_leaves_at_the_same_instant_is_told_too() -> None:
    network = loaded(scene())
    assert set(withdraw(network, Withdrawal.BLOCK_RENEWAL)) == {HUB}
    assert isinstance(network.grants.create(FARM, HUB, [SELL], actor=PAUL, now=NOW), GrantOutcome)
    assert set(withdraw(network, Withdrawal.REMOVE_NOW)) == {HUB, MARKET}


def test_asking_what_would_happen_and_being_refused_tell_nobody() -> None:
    network = loaded(scene())
    asked = GrantChange(step=GrantStep.DESTROY, grantor=FARM, grantee=HUB)
    assert isinstance(network.grants.impact_of(asked, actor=PAUL, now=NOW), GrantImpact)
    assert isinstance(network.grants.destroy(FARM, HUB, actor=MONA, now=NOW), Refusal)
    assert network.worlds.export().messages == ()


@pytest.mark.parametrize("point", [1, 2, 3])
def test_a_crash_leaves_grant_cycles_and_letters_all_old_or_all_new(point: int) -> None:
    storage = MemoryStorage()
    whole = make_network(unit_of_work=storage)
    assert whole.worlds.load(scene()) is None
    before = whole.worlds.export()
    dying = make_network(unit_of_work=Faults(crash_at=point).unit_of_work(storage))
    with pytest.raises(Crash):
        dying.grants.destroy(FARM, HUB, actor=PAUL, now=NOW)
    after = whole.worlds.export()
    fresh = loaded(scene())
    withdraw(fresh)
    assert after == (before if point < 3 else fresh.worlds.export())


def test_the_letters_leave_with_the_next_tick() -> None:
    network = loaded(scene())
    told = withdraw(network)
    network.outbox.deliver(NOW)
    sent = {each.recipient for each in network.worlds.export().messages if each.state is MessageState.SENT}
    assert sent == set(told)

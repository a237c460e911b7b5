"""The builders of small worlds."""

import attrs
import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.fees.registry import calculator_class
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.money import Money
from ofncore.model.enterprise import Sells
from ofncore.model.world import State, World
from ofncore.testing import worlds

PARTS = [field.name for field in attrs.fields(World) if field.name != "name"]


def test_every_part_of_a_small_world_is_there() -> None:
    world = worlds.small_world()
    assert [name for name in PARTS if not getattr(world, name)] == []


def test_a_change_replaces_a_whole_part() -> None:
    world = worlds.small_world(name="Other", customers=[worlds.customer("carla")])
    assert (world.name, [each.id for each in world.customers]) == ("Other", ["carla"])
    assert world.variants == worlds.small_world().variants


def test_a_part_that_is_none_of_a_world_is_refused() -> None:
    with pytest.raises(TypeError):
        worlds.small_world(weather=())


def test_the_cycle_is_open_now() -> None:
    (cycle,) = worlds.small_world().order_cycles
    assert (cycle.orders_open_at, cycle.orders_close_at) == (worlds.OPENS, worlds.CLOSES)
    assert worlds.OPENS < worlds.NOW < worlds.CLOSES


def test_everything_that_is_sold_comes_in_and_is_counted() -> None:
    world = worlds.small_world()
    (cycle,) = world.order_cycles
    arriving = {variant for exchange in cycle.incoming for variant in exchange.variants}
    sold = {variant for exchange in cycle.outgoing for variant in exchange.variants}
    assert sold == arriving == {each.id for each in world.variants} == {each.variant for each in world.stock}


def test_producers_are_managed_by_their_owners() -> None:
    dairy = worlds.producer("dairy", owner="berta")
    assert (dairy.managers, dairy.is_producer, dairy.sells) == (("berta",), True, Sells.NONE)
    assert worlds.enterprise("hub", managers=()).managers == ()


def test_a_builder_takes_every_field() -> None:
    assert worlds.variant("eggs", price=Money.of("1", "EUR"), supplier="dairy").supplier == EnterpriseId("dairy")
    assert worlds.stock_item("eggs", on_hand=3) == attrs.evolve(worlds.stock_item(), on_hand=3, opening=3)
    assert worlds.calculator("flat_rate") == calculator_class("flat_rate")()


def test_a_world_is_stored_whole() -> None:
    storage, world = MemoryStorage(), worlds.small_world()
    with storage() as work:
        worlds.store(work, world)
        assert tuple(work.stock.all_items()) == world.stock
        for part in PARTS:
            if part != "stock":
                stored = [
                    attrs.evolve(each, version=0) if hasattr(each, "version") else each
                    for each in getattr(work, part).all()
                ]
                assert tuple(stored) == getattr(world, part)


def test_a_state_is_stored_with_all_that_happened() -> None:
    moved = worlds.stock_item("eggs", on_hand=9, opening=10)
    others = [each for each in worlds.small_world().stock if each.variant != "eggs"]
    state = worlds.small_state(
        stock=[*others, moved],
        orders=[worlds.order()],
        proxy_orders=[worlds.proxy_order(order="order-1")],
        payments=[worlds.payment()],
        stock_movements=[worlds.movement("out", delta=-9), worlds.movement("in", delta=8)],
        messages=[worlds.message()],
        events=[worlds.event()],
    )
    assert isinstance(state, State)
    storage = MemoryStorage()
    with storage() as work:
        worlds.store(work, state)
        assert work.stock.items([moved.variant]) == {moved.variant: moved}
        assert {each.id for each in work.stock.movements()} == {"in", "out"}
        assert [each.id for each in work.orders.all()] == ["order-1"]
        assert [each.order for each in work.proxy_orders.all()] == ["order-1"]
        assert [each.id for each in work.payments.all()] == ["payment-1"]
        assert tuple(work.outbox.all()) == state.messages
        assert tuple(work.events.all()) == state.events


def test_a_state_whose_stock_does_not_add_up_is_refused() -> None:
    state = worlds.small_state(stock_movements=[worlds.movement()])
    with pytest.raises(ValueError, match="plus its movements"), MemoryStorage()() as work:
        worlds.store(work, state)


def test_an_unknown_calculator_is_refused() -> None:
    with pytest.raises(NotFoundError):
        worlds.calculator("astrology")

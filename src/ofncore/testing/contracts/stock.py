"""The contract of the stock ledger: `on_hand` is the opening plus the movements, always (ORD-Q5)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.errors import DuplicateError
from ofncore.kernel.ids import EnterpriseId, MovementId, VariantId, joined_id
from ofncore.model.stock import StockItem, StockMovement
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts.base import EXAMPLES, WorldContract, taken_back

HUB = EnterpriseId("hub")
EGGS, CARROTS, CHEESE = (VariantId(name) for name in ("eggs", "carrots", "cheese"))

#: Ten eggs and twenty carrots are on hand at the start; cheese is on demand.
TEN, TWENTY = 10, 20


def move(name: str, delta: int, variant: str = "eggs", hub: str | None = None) -> StockMovement:
    """Return a movement with the id *name*."""
    return worlds.movement(name, variant=variant, delta=delta, hub=hub)


def on_hand(work: UnitOfWork, variant: VariantId = EGGS, hub: EnterpriseId | None = None) -> int:
    """Return what is left of *variant*."""
    return work.stock.items([variant], hub)[variant].on_hand


def check_ledger(work: UnitOfWork) -> None:
    """Every item has what it opened with plus its movements, and nothing moved uncounted (ORD-Q5)."""
    sums: dict[tuple[str, str | None], int] = {}
    for movement in work.stock.movements():
        key = (movement.variant, movement.hub)
        sums[key] = sums.get(key, 0) + movement.delta
    items = {(item.variant, item.hub): item for item in work.stock.all_items()}
    assert set(sums) <= set(items)
    assert {key: item.on_hand - item.opening for key, item in items.items()} == {key: sums.get(key, 0) for key in items}


_MOVES = st.builds(
    move,
    st.sampled_from("abcdefgh"),
    st.integers(-12, 12),
    st.sampled_from(["eggs", "carrots", "cheese"]),
    st.sampled_from([None, "hub"]),
)


class StockContract(WorldContract):
    """Counting and moving."""

    def test_an_item_is_counted_once(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            with pytest.raises(DuplicateError) as caught:
                work.stock.add(worlds.stock_item("eggs", on_hand=99))
            assert (caught.value.kind, caught.value.key) == ("stock item", joined_id("eggs"))
            work.stock.add(worlds.stock_item("eggs", hub="hub", on_hand=3))
            with pytest.raises(DuplicateError) as caught:
                work.stock.add(worlds.stock_item("eggs", hub="hub", on_hand=99))
            assert caught.value.key == joined_id("eggs", "hub")
            assert (on_hand(work), on_hand(work, hub=HUB)) == (TEN, 3)

    def test_items_are_found_by_variant_and_hub(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            own = worlds.stock_item("carrots", hub="hub", on_hand=1)
            work.stock.add(own)
            found = work.stock.items(iter([EGGS, VariantId("absent"), CHEESE, EGGS]))
            assert dict(found) == {
                CHEESE: worlds.stock_item("cheese", on_hand=0, on_demand=True),
                EGGS: worlds.stock_item("eggs"),
            }
            assert dict(work.stock.items([EGGS, CARROTS], HUB)) == {CARROTS: own}
            assert dict(work.stock.items([])) == {}

    def test_all_items_are_sorted_by_variant_and_hub_the_producers_first(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            for hub in ("hub", "farm"):
                work.stock.add(worlds.stock_item("carrots", hub=hub))
            keys = [(item.variant, item.hub) for item in work.stock.all_items()]
            assert keys == [
                ("carrots", None),
                ("carrots", "farm"),
                ("carrots", "hub"),
                ("cheese", None),
                ("eggs", None),
            ]

    def test_a_movement_changes_its_item_alone(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        with world() as work:
            work.stock.add(worlds.stock_item("eggs", hub="hub", on_hand=5))
            assert list(work.stock.move([move("a", -4)])) == []
            assert (on_hand(work), on_hand(work, hub=HUB), on_hand(work, CARROTS)) == (6, 5, TWENTY)
            assert list(work.stock.move([move("b", -2, hub="hub")])) == []
            assert (on_hand(work), on_hand(work, hub=HUB)) == (6, 3)
        with second() as work:
            assert (on_hand(work), on_hand(work, hub=HUB)) == (6, 3)
            assert list(work.stock.movements()) == [move("a", -4), move("b", -2, hub="hub")]
            check_ledger(work)

    def test_everything_on_hand_can_be_taken_and_no_more(self, world: UnitOfWorkFactory) -> None:
        """What can be supplied is what is on hand (ORD-Q2)."""
        with world() as work:
            assert list(work.stock.move([move("all", -TEN)])) == []
            assert list(work.stock.move([move("more", -1)])) == [worlds.stock_item(on_hand=0, opening=TEN)]
            assert [each.id for each in work.stock.movements()] == ["all"]

    def test_one_shortage_stops_all_movements(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        """Stock is taken for all lines or none (ORD-Q3)."""
        taken = [move("a", -1, "carrots"), move("b", -11), move("c", -3, "cheese"), move("d", -21, "carrots")]
        with world() as work:
            short = work.stock.move(taken)
            assert list(short) == [worlds.stock_item("carrots", on_hand=TWENTY), worlds.stock_item("eggs")]
            assert (on_hand(work), on_hand(work, CARROTS), on_hand(work, CHEESE)) == (TEN, TWENTY, 0)
        with second() as work:
            assert list(work.stock.movements()) == []
            assert (on_hand(work), on_hand(work, CARROTS), on_hand(work, CHEESE)) == (TEN, TWENTY, 0)

    def test_movements_after_a_shortage_are_entered(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.users.add(worlds.user("nora"))
            assert work.stock.move([move("a", -1, "carrots"), move("b", -11)])
            assert list(work.stock.move([move("a", -1, "carrots"), move("b", -9)])) == []
        with world() as work:
            assert (on_hand(work), on_hand(work, CARROTS)) == (1, 19)
            assert work.users.find(worlds.user("nora").id) is not None
            check_ledger(work)

    def test_an_item_on_demand_is_never_short(self, world: UnitOfWorkFactory) -> None:
        """What was sold below zero is still to be procured (ORD-Q4)."""
        with world() as work:
            assert list(work.stock.move([move("a", -7, "cheese")])) == []
            assert on_hand(work, CHEESE) == -7
            check_ledger(work)

    def test_what_is_not_counted_has_nothing_on_hand(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            short = work.stock.move([move("a", -1, hub="hub"), move("b", -1)])
            assert list(short) == [StockItem(variant=EGGS, hub=HUB)]
            assert dict(work.stock.items([EGGS], HUB)) == {}
            assert on_hand(work) == TEN

    def test_goods_that_come_in_uncounted_begin_to_be_counted(self, world: UnitOfWorkFactory) -> None:
        """A missing count starts at 0 with the first move (ORD-Q1)."""
        with world() as work:
            assert list(work.stock.move([move("a", 6, hub="hub"), move("b", -2, hub="hub")])) == []
            assert work.stock.items([EGGS], HUB)[EGGS] == StockItem(variant=EGGS, hub=HUB, on_hand=4, opening=0)
            check_ledger(work)

    def test_movements_are_made_one_after_the_other(self, world: UnitOfWorkFactory) -> None:
        """Each must be covered by what is there when its turn comes."""
        with world() as work:
            assert [item.variant for item in work.stock.move([move("a", -11), move("b", 5)])] == ["eggs"]
            assert list(work.stock.move([move("b", 5), move("a", -11)])) == []
            assert on_hand(work) == 4
            assert [item.variant for item in work.stock.move([move("c", -3), move("d", -2)])] == ["eggs"]
            assert on_hand(work) == 4

    def test_goods_come_in_also_where_less_than_nothing_is_left(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.stock.add(worlds.stock_item("carrots", hub="hub", on_hand=-5))
            assert list(work.stock.move([move("a", 2, "carrots", "hub")])) == []
            assert on_hand(work, CARROTS, HUB) == -3
            assert [item.on_hand for item in work.stock.move([move("b", -1, "carrots", "hub")])] == [-3]

    def test_movements_that_were_entered_are_found_by_their_ids(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            assert not work.stock.move([move("b", -1), move("a", -4), move("c", -1)])
            keys = [MovementId(each) for each in ("b", "absent", "a", "b")]
            assert list(work.stock.entered(keys)) == [move("a", -4), move("b", -1)]
            assert list(work.stock.entered(iter(keys[:1]))) == [move("b", -1)]
            assert list(work.stock.entered([])) == []

    def test_a_movement_entered_before_is_passed_over(
        self, world: UnitOfWorkFactory, second: UnitOfWorkFactory
    ) -> None:
        with world() as work:
            work.stock.move([move("a", -4)])
            assert list(work.stock.move([move("a", -4)])) == []
        with second() as work:
            assert list(work.stock.move([move("a", -400), move("b", -1), move("b", -1)])) == []
            assert on_hand(work) == 5
            assert list(work.stock.movements()) == [move("a", -4), move("b", -1)]

    def test_no_movement_is_no_change(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            assert list(work.stock.move([])) == []
            assert list(work.stock.movements()) == []

    def test_the_ledger_is_sorted_by_id(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.stock.move([move("c", -1), move("a", -1)])
            work.stock.move([move("b", -1)])
            assert [each.id for each in work.stock.movements()] == ["a", "b", "c"]

    @settings(EXAMPLES, max_examples=30)
    @given(batches=st.lists(st.lists(_MOVES, max_size=5), max_size=5))
    def test_the_ledger_always_adds_up(self, world: UnitOfWorkFactory, batches: list[list[StockMovement]]) -> None:
        """`on_hand` is the opening plus the movements (ORD-Q5), and below zero only on demand (ORD-Q4)."""
        with taken_back(world) as work:
            for batch in batches:
                before = list(work.stock.all_items()), list(work.stock.movements())
                short = work.stock.move(batch)
                assert not short or before == (list(work.stock.all_items()), list(work.stock.movements()))
                assert short or {each.id for each in batch} <= {each.id for each in work.stock.movements()}
                check_ledger(work)
                assert all(item.on_hand >= 0 or item.on_demand for item in work.stock.all_items())

"""The contract of the unit of work: all of it, or nothing."""

import pytest

from ofncore.kernel.errors import StorageError
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts.base import (
    KINDS,
    DeliberateError,
    KindOfRecord,
    WorldContract,
    each_kind,
    taken_back,
)


def everything(work: UnitOfWork) -> dict[str, object]:
    """Return all there is, by part."""
    records = {kind.name: tuple(kind.repository(work).all()) for kind in KINDS}
    return records | {
        "stock items": tuple(work.stock.all_items()),
        "stock movements": tuple(work.stock.movements()),
        "messages": tuple(work.outbox.all()),
        "events": tuple(work.events.all()),
        "a setting": work.settings.find("colour"),
    }


def write_everywhere(work: UnitOfWork) -> None:
    """Add a record to every part of *work* and change one of every kind."""
    for kind in KINDS:
        repository = kind.repository(work)
        repository.save(kind.changed(repository.add(kind.new())))
    work.proxy_orders.remove(work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-13")).id)
    work.stock.add(worlds.stock_item("eggs", hub="hub"))
    assert work.stock.move([worlds.movement()]) == []
    work.outbox.add(worlds.message())
    assert work.outbox.save(worlds.message(attempts=1), seen_attempts=0)
    work.events.add(worlds.event())
    work.settings.put("colour", "green")


class UnitOfWorkContract(WorldContract):
    """Leaving without an exception keeps everything, leaving with one keeps nothing."""

    def test_a_new_storage_is_empty(self, storage: UnitOfWorkFactory) -> None:
        with storage() as work:
            assert not any(everything(work).values())

    def test_what_was_written_is_there_in_the_next_unit_of_work(
        self, world: UnitOfWorkFactory, second: UnitOfWorkFactory
    ) -> None:
        with world() as work:
            before = everything(work)
            write_everywhere(work)
            written = everything(work)
        assert not [name for name in before if before[name] == written[name]]
        with second() as work:
            assert everything(work) == written

    def test_leaving_with_an_exception_keeps_nothing(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        with world() as work:
            before = everything(work)
        with taken_back(world) as work:
            write_everywhere(work)
        with second() as work:
            assert everything(work) == before

    @each_kind
    def test_leaving_with_an_exception_takes_back_a_change(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            stored = kind.repository(work).add(kind.new())
        with taken_back(world) as work:
            kind.repository(work).save(kind.changed(stored))
        with world() as work:
            assert kind.repository(work).get(stored.id) == stored

    def test_leaving_with_an_exception_takes_back_a_removal(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            stored = work.proxy_orders.add(worlds.proxy_order())
        with taken_back(world) as work:
            work.proxy_orders.remove(stored.id)
        with world() as work:
            assert work.proxy_orders.all() == [stored]
            assert work.proxy_orders.of_cycle(stored.order_cycle) == [stored]

    @pytest.mark.parametrize("kind", [DeliberateError, OverflowError, KeyError, UnicodeError, KeyboardInterrupt])
    def test_an_exception_passes_as_it_is(self, world: UnitOfWorkFactory, kind: type[BaseException]) -> None:
        raised = kind()
        with pytest.raises(kind) as caught, world():
            raise raised
        assert caught.value is raised

    def test_the_storage_works_on_after_a_failed_unit_of_work(self, world: UnitOfWorkFactory) -> None:
        with taken_back(world):
            pass
        with world() as work:
            work.users.add(worlds.user("nora"))
        with world() as work:
            assert work.users.find(worlds.user("nora").id) == worlds.user("nora")

    def test_a_unit_of_work_that_wrote_nothing_changes_nothing(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            before = everything(work)
        with world():
            pass
        with world() as work:
            assert everything(work) == before

    def test_a_thread_cannot_begin_one_inside_another(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            with pytest.raises(StorageError, match="inside a unit of work"), world():
                pass
            work.users.add(worlds.user("nora"))
        with world() as work:
            assert work.users.find(worlds.user("nora").id) is not None

    def test_one_that_has_ended_refuses_to_be_used(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            pass
        with pytest.raises(StorageError, match="has ended"):
            work.users.all()
        with pytest.raises(StorageError, match="has ended"):
            work.orders.add(worlds.order("late"))
        with pytest.raises(StorageError, match="has ended"):
            work.settings.put("colour", "green")

    def test_a_reference_to_nothing_is_refused_where_references_are_checked(self, world: UnitOfWorkFactory) -> None:
        if not self.checks_references:
            pytest.skip("this storage does not declare that it checks references")

        def refer_to_nobody() -> None:
            with world() as work:
                work.users.add(worlds.user("nora"))
                work.orders.add(worlds.order("order-2", customer="nobody"))

        with pytest.raises(StorageError):
            refer_to_nobody()
        with world() as work:
            assert work.orders.find(worlds.order("order-2").id) is None
            assert work.users.find(worlds.user("nora").id) is None

    def test_what_is_referred_to_may_be_written_later(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.orders.add(worlds.order("order-2", customer="carla"))
            work.customers.add(worlds.customer("carla"))
        with world() as work:
            assert work.orders.get(worlds.order("order-2").id).customer == "carla"

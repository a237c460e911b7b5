"""The contract of repositories: keys, order, versions, errors."""

import attrs
import pytest

from ofncore.kernel.errors import DuplicateError, NotFoundError, StaleWriteError
from ofncore.kernel.ids import OrderId, UserId, VoucherId
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts.base import KindOfRecord, WorldContract, each_kind, each_versioned_kind

#: More than one statement of any database takes.
MANY = 1100


class RecordContract(WorldContract):
    """What every repository does."""

    @each_kind
    def test_a_record_is_found_by_its_key(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            repository = kind.repository(work)
            repository.add(kind.new(0))
            stored = repository.add(kind.new(1))
            assert repository.find(stored.id) == repository.get(stored.id) == stored == kind.stored(kind.new(1))

    @each_kind
    def test_an_absent_record_is_none_or_not_found(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        key = kind.new().id
        with world() as work:
            assert kind.repository(work).find(key) is None
            with pytest.raises(NotFoundError) as caught:
                kind.repository(work).get(key)
        assert (caught.value.kind, caught.value.key) == (kind.word, key)

    @each_kind
    def test_a_listing_is_sorted_by_key(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            repository = kind.repository(work)
            before = list(repository.all())
            added = [repository.add(kind.new(number)) for number in (2, 0, 1)]
            expected = sorted([*before, *added], key=lambda record: record.id)
            assert list(repository.all()) == expected
            assert len(expected) == len(before) + 3

    def test_keys_are_sorted_by_code_point(self, world: UnitOfWorkFactory) -> None:
        keys = ["Z", "a", "B", "é", "z", "ζ", "10", "9", "a b", "a-b", "A"]
        with world() as work:
            for key in keys:
                work.products.add(worlds.product(key))
            assert [each.id for each in work.products.all() if each.id in keys] == sorted(keys)

    @each_kind
    def test_many_are_found_at_once_sorted_and_each_once(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            repository = kind.repository(work)
            stored = [repository.add(kind.new(number)) for number in (0, 1, 2)]
            keys = [stored[2].id, "absent", stored[0].id, stored[2].id]
            assert list(repository.get_many(keys)) == [stored[0], stored[2]]
            assert list(repository.get_many(iter(keys))) == [stored[0], stored[2]]
            assert list(repository.get_many([])) == []

    def test_more_are_found_than_one_statement_takes(self, world: UnitOfWorkFactory) -> None:
        names = [f"order-{number:04}" for number in range(MANY)]
        with world() as work:
            stored = [work.orders.add(worlds.order(name)) for name in names]
            found = work.orders.get_many(each.id for each in reversed(stored))
            assert list(found) == stored
            assert [each.id for each in work.orders.all()] == sorted([*names, "order-1"])

    @each_kind
    def test_a_key_is_taken_once(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            stored = kind.repository(work).add(kind.new())
            with pytest.raises(DuplicateError) as caught:
                kind.repository(work).add(kind.changed(kind.new()))
            assert (caught.value.kind, caught.value.key) == (kind.word, stored.id)
            assert kind.repository(work).get(stored.id) == stored

    @each_kind
    def test_a_key_stays_taken(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            stored = kind.repository(work).add(kind.new())
        with second() as work:
            with pytest.raises(DuplicateError):
                kind.repository(work).add(kind.changed(kind.new()))
            assert kind.repository(work).get(stored.id) == stored

    @each_kind
    def test_a_saved_record_replaces_the_earlier_one(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            repository = kind.repository(work)
            other = repository.add(kind.new(1))
            changed = repository.save(kind.changed(repository.add(kind.new(0))))
            assert changed == kind.stored(kind.changed(kind.new(0)), version=2)
            assert repository.get(changed.id) == changed
            assert repository.get(other.id) == other

    @each_kind
    def test_a_record_is_saved_back_and_forth(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        """What the first state had and the second has not is gone, and comes back with the third."""
        with world() as work:
            first = kind.repository(work).add(kind.new())
        with world() as work:
            changed = kind.repository(work).save(kind.changed(first))
        with world() as work:
            versioned = {"version": 2} if kind.versioned else {}
            kind.repository(work).save(attrs.evolve(first, **versioned))
            assert kind.repository(work).get(changed.id) == kind.stored(first, version=3)

    @each_kind
    def test_saving_an_absent_record_is_an_error(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            before = list(kind.repository(work).all())
            with pytest.raises(NotFoundError) as caught:
                kind.repository(work).save(kind.stored(kind.new()))
            assert (caught.value.kind, caught.value.key) == (kind.word, kind.new().id)
            assert list(kind.repository(work).all()) == before

    @each_versioned_kind
    def test_a_new_record_has_version_1_whatever_it_carried(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            stored = kind.repository(work).add(attrs.evolve(kind.new(), version=7))
            assert stored.version == kind.repository(work).get(stored.id).version == 1

    @each_versioned_kind
    def test_each_save_raises_the_version_by_one(self, world: UnitOfWorkFactory, kind: KindOfRecord) -> None:
        with world() as work:
            stored = kind.repository(work).add(kind.new())
        for version in (2, 3, 4):
            with world() as work:
                stored = kind.repository(work).save(stored)
                assert stored.version == kind.repository(work).get(stored.id).version == version

    @each_versioned_kind
    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_a_save_of_another_version_is_stale(
        self, world: UnitOfWorkFactory, kind: KindOfRecord, version: int
    ) -> None:
        with world() as work:
            repository = kind.repository(work)
            stored = repository.save(repository.add(kind.new()))
        with world() as work:
            with pytest.raises(StaleWriteError) as caught:
                kind.repository(work).save(attrs.evolve(kind.changed(stored), version=version))
            assert (caught.value.kind, caught.value.key) == (kind.word, stored.id)
            assert kind.repository(work).get(stored.id) == stored

    def test_an_order_code_belongs_to_one_order(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            with pytest.raises(DuplicateError) as caught:
                work.orders.add(worlds.order("order-2", code="ORDER-1"))
            assert (caught.value.kind, caught.value.key) == ("order", "ORDER-1")
            assert work.orders.find(OrderId("order-2")) is None
            stored = work.orders.add(worlds.order("order-2", code="ORDER-2"))
            with pytest.raises(DuplicateError):
                work.orders.save(attrs.evolve(stored, code="ORDER-1"))
            assert work.orders.get(stored.id) == stored

    def test_a_code_belongs_to_one_voucher_of_a_shop(self, world: UnitOfWorkFactory) -> None:
        """Withdrawn ones keep theirs (FEE-10)."""
        with world() as work:
            work.vouchers.save(worlds.voucher(deleted=True))
            with pytest.raises(DuplicateError) as caught:
                work.vouchers.add(worlds.voucher("again", code="WELCOME"))
            assert (caught.value.kind, caught.value.key) == ("voucher", ("hub", "WELCOME"))
            assert work.vouchers.find(VoucherId("again")) is None
            other = work.vouchers.add(worlds.voucher("again", code="welcome"))
            with pytest.raises(DuplicateError):
                work.vouchers.save(attrs.evolve(other, code="WELCOME"))
            assert work.vouchers.add(worlds.voucher("theirs", enterprise="farm", code="WELCOME")).code == "WELCOME"
            assert work.vouchers.get(other.id) == other

    def test_an_order_belongs_to_one_proxy_order(self, world: UnitOfWorkFactory) -> None:
        """At most one proxy order for each order (SUB-17.1)."""
        with world() as work:
            work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-11", order="order-1"))
            with pytest.raises(DuplicateError) as caught:
                work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-12", order="order-1"))
            assert (caught.value.kind, caught.value.key) == ("proxy order", "order-1")
            other = work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-12"))
            with pytest.raises(DuplicateError):
                work.proxy_orders.save(attrs.evolve(other, order=OrderId("order-1")))
            assert [each.order for each in work.proxy_orders.all()] == ["order-1", None]

    def test_a_freed_order_code_may_be_taken(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.orders.save(attrs.evolve(work.orders.get(OrderId("order-1")), code="OTHER"))
            work.orders.add(worlds.order("order-2", code="ORDER-1"))
            assert [each.code for each in work.orders.all()] == ["OTHER", "ORDER-1"]

    def test_work_goes_on_after_a_refused_write(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            for _ in range(2):
                with pytest.raises(DuplicateError):
                    work.users.add(worlds.user("amelie"))
                with pytest.raises(NotFoundError):
                    work.users.save(worlds.user("nora"))
            work.users.add(worlds.user("nora"))
        with world() as work:
            assert work.users.find(UserId("nora")) == worlds.user("nora")
            assert work.users.find(UserId("amelie")) == worlds.user("amelie")

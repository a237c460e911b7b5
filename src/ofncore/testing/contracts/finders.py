"""The contract of the finders: which records they return, in which order."""

from datetime import timedelta

import attrs
import pytest

from ofncore.kernel.errors import NaiveInstantError, NotFoundError, StaleWriteError
from ofncore.kernel.ids import EnterpriseId, GrantId, OrderCycleId, OrderId, ScheduleId, SubscriptionId, joined_id
from ofncore.kernel.ids import ProxyOrderId as ProxyId
from ofncore.model.grant import Permission
from ofncore.model.order import OrderState
from ofncore.model.payment import PaymentState
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts.base import WorldContract
from ofncore.testing.worlds import NOW

WEEK_10 = OrderCycleId("week-10")
WEEK_11 = OrderCycleId("week-11")
TICK = timedelta(microseconds=1)
YEARS = timedelta(days=1000)


def _mark_start(work: UnitOfWork) -> None:
    """Leave nothing due among the cycles that are there."""
    for cycle in work.order_cycles.all():
        work.order_cycles.save(attrs.evolve(cycle, opened_at=NOW, closed_at=NOW))


class FinderContract(WorldContract):
    """What is found beside a record by its key."""

    def test_cycles_are_due_to_open_from_their_opening_until_they_are_marked(self, world: UnitOfWorkFactory) -> None:
        """Due is what opened at or before now and has no mark, however long ago (CYC-14.9)."""
        with world() as work:
            _mark_start(work)
            for name, opens in {
                "b-at": NOW,
                "a-long-ago": NOW - YEARS,
                "c-after": NOW + TICK,
                "d-undated": None,
            }.items():
                work.order_cycles.add(worlds.order_cycle(name, orders_open_at=opens, orders_close_at=None))
            work.order_cycles.add(worlds.order_cycle("e-marked", orders_open_at=NOW - YEARS, opened_at=NOW))
            assert [each.id for each in work.order_cycles.opening_due(NOW)] == ["a-long-ago", "b-at"]
            assert [each.id for each in work.order_cycles.opening_due(NOW - TICK)] == ["a-long-ago"]

    def test_cycles_are_due_to_close_after_their_closing_until_they_are_marked(self, world: UnitOfWorkFactory) -> None:
        """Due is what closed strictly before now and has no mark, however long ago (CYC-14.9)."""
        with world() as work:
            _mark_start(work)
            for name, closes in {
                "c-at": NOW,
                "b-before": NOW - TICK,
                "a-long-ago": NOW - YEARS,
                "d-undated": None,
            }.items():
                work.order_cycles.add(worlds.order_cycle(name, orders_open_at=None, orders_close_at=closes))
            work.order_cycles.add(
                worlds.order_cycle("e-marked", orders_open_at=None, orders_close_at=NOW - YEARS, closed_at=NOW)
            )
            assert [each.id for each in work.order_cycles.closing_due(NOW)] == ["a-long-ago", "b-before"]
            assert [each.id for each in work.order_cycles.closing_due(NOW + TICK)] == ["a-long-ago", "b-before", "c-at"]

    def test_cycles_are_unsettled_from_their_first_mark_until_they_are_settled(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            for cycle in work.order_cycles.all():
                work.order_cycles.save(attrs.evolve(cycle, opened_at=NOW, closed_at=NOW, settled_at=NOW))
            closed = work.order_cycles.add(worlds.order_cycle("b-closed", closed_at=NOW))
            opened = work.order_cycles.add(worlds.order_cycle("a-opened", opened_at=NOW))
            work.order_cycles.add(worlds.order_cycle("c-unmarked"))
            assert list(work.order_cycles.unsettled()) == [opened, closed]
            work.order_cycles.save(attrs.evolve(opened, settled_at=NOW))
            assert list(work.order_cycles.unsettled()) == [closed]

    def test_a_cycle_can_be_removed(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        """With all its lists: another one may come under the same id."""
        with world() as work:
            before = list(work.order_cycles.all())
            gone = work.order_cycles.add(worlds.order_cycle("z-gone", opened_at=NOW))
            work.order_cycles.remove(gone.id)
            assert work.order_cycles.find(gone.id) is None
            assert list(work.order_cycles.all()) == before
            assert gone not in work.order_cycles.unsettled()
            with pytest.raises(NotFoundError) as caught:
                work.order_cycles.remove(gone.id)
            assert (caught.value.kind, caught.value.key) == ("order cycle", gone.id)
        with second() as work:
            other = work.order_cycles.add(attrs.evolve(gone, incoming=(), outgoing=()))
            assert list(work.order_cycles.all()) == [*before, other]

    def test_a_mark_is_seen_in_the_same_unit_of_work(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            _mark_start(work)
            cycle = work.order_cycles.add(worlds.order_cycle("due", orders_open_at=NOW, orders_close_at=None))
            assert work.order_cycles.opening_due(NOW) == [cycle]
            marked = work.order_cycles.save(attrs.evolve(cycle, opened_at=NOW))
            assert work.order_cycles.opening_due(NOW) == []
            cleared = work.order_cycles.save(attrs.evolve(marked, opened_at=None))
            assert work.order_cycles.opening_due(NOW) == [cleared]

    def test_an_instant_without_a_zone_is_refused(self, world: UnitOfWorkFactory) -> None:
        naive = NOW.replace(tzinfo=None)
        with world() as work:
            with pytest.raises(NaiveInstantError):
                work.order_cycles.opening_due(naive)
            with pytest.raises(NaiveInstantError):
                work.order_cycles.closing_due(naive)
            with pytest.raises(NaiveInstantError):
                work.outbox.due(naive, 1)

    def test_schedules_are_found_by_a_cycle_they_hold(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            both = work.schedules.add(worlds.schedule("c-both", order_cycles=("week-11", "week-10")))
            other = work.schedules.add(worlds.schedule("a-other", order_cycles=("week-11",)))
            work.schedules.add(worlds.schedule("b-none", order_cycles=()))
            assert list(work.schedules.with_cycle(WEEK_11)) == [other, both]
            assert list(work.schedules.with_cycle(WEEK_10)) == [both, worlds.schedule("weekly")]
            work.schedules.save(attrs.evolve(both, order_cycles=()))
            assert list(work.schedules.with_cycle(WEEK_11)) == [other]
            assert list(work.schedules.with_cycle(OrderCycleId("week-13"))) == []

    def test_subscriptions_are_found_by_their_schedules(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.schedules.add(worlds.schedule("monthly"))
            work.schedules.add(worlds.schedule("never"))
            monthly = work.subscriptions.add(worlds.subscription("z", schedule="monthly", cancelled_at=NOW))
            weekly = work.subscriptions.add(worlds.subscription("a", schedule="weekly", paused_at=NOW))
            work.subscriptions.add(worlds.subscription("b", schedule="never"))
            start = work.subscriptions.get(SubscriptionId("anna-weekly"))
            names = [ScheduleId(each) for each in ("weekly", "monthly", "weekly", "absent")]
            assert list(work.subscriptions.of_schedules(names)) == [weekly, start, monthly]
            assert list(work.subscriptions.of_schedules(iter(names[:1]))) == [weekly, start]
            assert list(work.subscriptions.of_schedules([])) == []

    def test_proxy_orders_are_found_by_cycle_and_by_subscription(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.subscriptions.add(worlds.subscription("zoe-weekly"))
            later = work.proxy_orders.add(worlds.proxy_order("zoe-weekly", "week-10"))
            first = work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-10"))
            other = work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-11"))
            assert list(work.proxy_orders.of_cycle(WEEK_10)) == [first, later]
            assert list(work.proxy_orders.of_subscription(SubscriptionId("anna-weekly"))) == [first, other]
            assert list(work.proxy_orders.of_cycle(OrderCycleId("week-12"))) == []
            assert list(work.proxy_orders.of_subscription(SubscriptionId("absent"))) == []
            names = [SubscriptionId(each) for each in ("zoe-weekly", "anna-weekly", "zoe-weekly", "absent")]
            assert list(work.proxy_orders.of_subscriptions(names)) == [first, other, later]
            assert list(work.proxy_orders.of_subscriptions(iter(names[1:2]))) == [first, other]
            assert list(work.proxy_orders.of_subscriptions([])) == []

    def test_the_id_of_a_proxy_order_is_made_of_subscription_and_cycle(self, world: UnitOfWorkFactory) -> None:
        """There is one for each pair (SUB-17.1)."""
        with world() as work:
            stored = work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-11"))
            assert work.proxy_orders.get(ProxyId(joined_id("anna-weekly", "week-11"))) == stored

    def test_a_proxy_order_without_an_order_can_be_removed(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            gone = work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-10"))
            kept = work.proxy_orders.add(worlds.proxy_order("anna-weekly", "week-11"))
            work.proxy_orders.remove(gone.id)
            assert work.proxy_orders.find(gone.id) is None
            assert list(work.proxy_orders.all()) == [kept]
            assert list(work.proxy_orders.of_cycle(WEEK_10)) == []
            with pytest.raises(NotFoundError) as caught:
                work.proxy_orders.remove(gone.id)
            assert (caught.value.kind, caught.value.key) == ("proxy order", gone.id)
            assert work.proxy_orders.add(gone) == gone

    def test_a_proxy_order_that_got_its_order_meanwhile_is_not_removed(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            placed = work.proxy_orders.add(worlds.proxy_order(order="order-1"))
            with pytest.raises(StaleWriteError):
                work.proxy_orders.remove(placed.id)
            assert list(work.proxy_orders.all()) == [placed]

    def test_a_grant_can_be_removed(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        """With its permissions: the pair may get another one under the same id."""
        gone = worlds.grant("farm-to-hub")
        with world() as work:
            kept = work.grants.find(GrantId("dairy-to-hub"))
            work.grants.remove(gone.id)
            assert work.grants.find(gone.id) is None
            assert list(work.grants.all()) == [kept]
            with pytest.raises(NotFoundError) as caught:
                work.grants.remove(gone.id)
            assert (caught.value.kind, caught.value.key) == ("grant", gone.id)
        with second() as work:
            other = work.grants.add(attrs.evolve(gone, permissions=(Permission.EDIT_PROFILE,)))
            assert list(work.grants.all()) == [kept, other]

    def test_orders_are_found_by_code_and_by_cycle(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            other = work.orders.add(worlds.order("b", code="HUB-1", order_cycle="week-11"))
            cancelled = work.orders.add(
                worlds.order("a", code="HUB-2", order_cycle="week-11", state=OrderState.CANCELLED)
            )
            assert work.orders.by_code("HUB-1") == other
            assert work.orders.by_code("hub-1") is None
            assert list(work.orders.of_cycle(WEEK_11)) == [cancelled, other]
            assert list(work.orders.of_cycle(OrderCycleId("week-12"))) == []

    def test_a_voucher_is_found_by_its_shop_and_its_code(self, world: UnitOfWorkFactory) -> None:
        """Withdrawn ones too, and by the code as it is written."""
        hub, farm = EnterpriseId("hub"), EnterpriseId("farm")
        with world() as work:
            theirs = work.vouchers.add(worlds.voucher("a-theirs", enterprise="farm", code="WELCOME"))
            gone = work.vouchers.add(worlds.voucher("z-gone", code="GONE", deleted=True))
            assert work.vouchers.by_code(hub, "WELCOME") == worlds.voucher()
            assert work.vouchers.by_code(farm, "WELCOME") == theirs
            assert work.vouchers.by_code(hub, "GONE") == gone
            assert work.vouchers.by_code(farm, "GONE") is None
            assert work.vouchers.by_code(hub, "welcome") is None
            moved = work.vouchers.save(attrs.evolve(gone, code="NEW"))
            assert work.vouchers.by_code(hub, "GONE") is None
            assert work.vouchers.by_code(hub, "NEW") == moved

    def test_an_order_is_found_where_it_is_now(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            order = work.orders.get(OrderId("order-1"))
            moved = work.orders.save(attrs.evolve(order, code="NEW", order_cycle=WEEK_11))
            assert work.orders.by_code("ORDER-1") is None
            assert work.orders.by_code("NEW") == moved
            assert list(work.orders.of_cycle(WEEK_10)) == []
            assert list(work.orders.of_cycle(WEEK_11)) == [moved]

    def test_payments_are_found_by_their_orders(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            for name in ("order-2", "order-3"):
                work.orders.add(worlds.order(name))
            first = work.payments.add(worlds.payment("a", order="order-2", state=PaymentState.REFUSED))
            start = work.payments.get(worlds.payment().id)
            work.payments.add(worlds.payment("b", order="order-3"))
            names = [OrderId(each) for each in ("order-2", "order-1", "order-2", "absent")]
            assert list(work.payments.of_orders(names)) == [first, start]
            assert list(work.payments.of_orders(iter(names))) == [first, start]
            assert list(work.payments.of_orders([])) == []

    def test_open_claims_are_those_whose_outcome_is_to_be_learnt(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            for state in PaymentState:
                work.payments.add(worlds.payment(f"is-{state.value}", state=state))
            found = {each.id: each for each in work.payments.open_claims()}
            assert list(found) == ["is-claimed", "is-unknown", "payment-1"]
            for payment in found.values():
                work.payments.save(attrs.evolve(payment, state=PaymentState.SETTLED))
            assert list(work.payments.open_claims()) == []

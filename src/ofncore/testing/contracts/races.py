"""The contract where several threads work at once, each through the handle it is given."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import attrs

from ofncore.kernel.errors import DuplicateError, StaleWriteError
from ofncore.kernel.ids import OrderId, UserId
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts.base import WorldContract, taken_back
from ofncore.testing.contracts.stock import check_ledger, move, on_hand

R = TypeVar("R")

BUYERS = 8
TRIES = 4
WRITERS = 4
UPDATES = 10
#: How long one waits for another that may itself be waiting, in seconds.
MOMENT = 0.1
#: A thread that takes longer hangs.
LONGEST = 120


def in_threads(jobs: Sequence[Callable[[], R]]) -> list[R]:
    """Run all *jobs* at once; return what they return, or raise what one of them raised."""
    results: list[R] = []
    errors: list[BaseException] = []
    together = threading.Barrier(len(jobs))

    def run(job: Callable[[], R]) -> None:
        try:
            together.wait(LONGEST)
            results.append(job())
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
        assert not thread.is_alive(), "a thread hangs"
    if errors:
        raise errors[0]
    return results


def until_not_stale(storage: UnitOfWorkFactory, task: Callable[[UnitOfWork], R]) -> R:
    """Do *task* in a unit of work, again and again while others get in its way, as a service does."""
    while True:
        try:
            with storage() as work:
                return task(work)
        except StaleWriteError:
            continue


def comment(work: UnitOfWork) -> str:
    """Return what the writers left on the order."""
    return work.orders.get(OrderId("order-1")).comment


def add_letter(work: UnitOfWork, letter: str, pause: Callable[[], None] = lambda: None) -> None:
    """Read the order, wait, and save it with one *letter* more."""
    order = work.orders.get(OrderId("order-1"))
    pause()
    work.orders.save(attrs.evolve(order, comment=order.comment + letter))


def letter_if_not_stale(storage: UnitOfWorkFactory, letter: str, pause: Callable[[], None] = lambda: None) -> str:
    """Try once to add *letter*; return it, or nothing if somebody else was faster."""
    try:
        with storage() as work:
            add_letter(work, letter, pause)
    except StaleWriteError:
        return ""
    return letter


def half_each(world: UnitOfWorkFactory, second: UnitOfWorkFactory, count: int) -> list[UnitOfWorkFactory]:
    """Return *count* handles, of both kinds in turn."""
    return [(world, second)[number % 2] for number in range(count)]


class RaceContract(WorldContract):
    """Units of work are as if one ran after the other."""

    def test_many_buyers_take_exactly_what_there_is(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        """N buyers, k units: exactly k are sold (ORD-Q7)."""

        def bought(handle: UnitOfWorkFactory, name: str) -> bool:
            return not until_not_stale(handle, lambda work: work.stock.move([move(name, -1)]))

        def buyer(handle: UnitOfWorkFactory, number: int) -> int:
            return sum(bought(handle, f"buyer-{number}-{attempt}") for attempt in range(TRIES))

        handles = half_each(world, second, BUYERS)
        sold = in_threads([partial(buyer, handle, number) for number, handle in enumerate(handles)])
        with world() as work:
            assert sum(sold) == len(work.stock.movements()) == worlds.stock_item().on_hand
            assert on_hand(work) == 0
            check_ledger(work)

    def test_a_movement_entered_by_many_is_entered_once(
        self, world: UnitOfWorkFactory, second: UnitOfWorkFactory
    ) -> None:
        def enter(handle: UnitOfWorkFactory) -> bool:
            return not until_not_stale(handle, lambda work: work.stock.move([move("same", -1)]))

        assert all(in_threads([partial(enter, handle) for handle in half_each(world, second, WRITERS)]))
        with world() as work:
            assert on_hand(work) == worlds.stock_item().on_hand - 1

    def test_no_update_of_a_record_is_lost(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        def writer(handle: UnitOfWorkFactory) -> None:
            for _ in range(UPDATES):
                until_not_stale(handle, partial(add_letter, letter="x"))

        in_threads([partial(writer, handle) for handle in half_each(world, second, WRITERS)])
        with world() as work:
            assert comment(work) == "x" * WRITERS * UPDATES

    def test_no_update_of_a_setting_is_lost(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        """What one has read, no other changes before it ends, also where there is no version."""

        def count(work: UnitOfWork) -> None:
            work.settings.put("count", str(int(work.settings.find("count") or 0) + 1))

        def writer(handle: UnitOfWorkFactory) -> None:
            for _ in range(UPDATES):
                until_not_stale(handle, count)

        in_threads([partial(writer, handle) for handle in half_each(world, second, WRITERS)])
        with world() as work:
            assert work.settings.find("count") == str(WRITERS * UPDATES)

    def test_of_two_that_read_the_same_version_one_waits_or_is_stale(
        self, world: UnitOfWorkFactory, second: UnitOfWorkFactory
    ) -> None:
        has_read, other_is_done = threading.Event(), threading.Event()

        def pause() -> None:
            has_read.set()
            other_is_done.wait(MOMENT)

        def early_writer() -> str:
            return letter_if_not_stale(world, "a", pause)

        def late_writer() -> str:
            has_read.wait(LONGEST)
            try:
                return letter_if_not_stale(second, "b")
            finally:
                other_is_done.set()

        written = in_threads([early_writer, late_writer])
        with world() as work:
            assert sorted(comment(work)) == sorted("".join(written)) != []

    def test_what_is_not_kept_is_seen_by_nobody(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        has_written, has_looked = threading.Event(), threading.Event()

        def writer() -> bool:
            with taken_back(world) as work:
                work.users.add(worlds.user("ghost"))
                has_written.set()
                has_looked.wait(MOMENT)
            return False

        def reader() -> bool:
            has_written.wait(LONGEST)
            seen = until_not_stale(second, lambda work: work.users.find(UserId("ghost")) is not None)
            has_looked.set()
            return seen

        assert not any(in_threads([writer, reader]))

    def test_a_key_added_by_many_is_added_once(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        def add(handle: UnitOfWorkFactory) -> bool:
            try:
                until_not_stale(handle, lambda work: work.users.add(worlds.user("nora")))
            except DuplicateError:
                return False
            return True

        assert sum(in_threads([partial(add, handle) for handle in half_each(world, second, WRITERS)])) == 1

    def test_a_message_and_an_event_of_many_are_kept_once(
        self, world: UnitOfWorkFactory, second: UnitOfWorkFactory
    ) -> None:
        def add(work: UnitOfWork) -> tuple[bool, bool]:
            return work.outbox.add(worlds.message()), work.events.add(worlds.event())

        added = in_threads([partial(until_not_stale, handle, add) for handle in half_each(world, second, WRITERS)])
        assert sorted(added) == [(False, False)] * (WRITERS - 1) + [(True, True)]

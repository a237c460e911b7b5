"""The contracts of the outbox, the event log and the settings."""

from datetime import timedelta

import pytest

from ofncore.kernel.actors import Actor
from ofncore.kernel.errors import NotFoundError
from ofncore.model.event import CycleClosed
from ofncore.model.message import MessageState
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts.base import WorldContract
from ofncore.testing.worlds import NOW

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


class OutboxContract(WorldContract):
    """Messages on their way out."""

    def test_a_message_goes_in_once(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        with world() as work:
            assert work.outbox.add(worlds.message()) is True
            assert work.outbox.add(worlds.message(body="Other words.")) is False
        with second() as work:
            assert work.outbox.add(worlds.message(body="Other words.")) is False
            assert list(work.outbox.all()) == [worlds.message()]

    def test_another_occasion_is_another_message(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            assert work.outbox.add(worlds.message()) is True
            assert work.outbox.add(worlds.message(occasion="2")) is True
            assert list(work.outbox.all()) == [worlds.message(), worlds.message(occasion="2")]

    def test_the_listing_is_sorted_by_id(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            for about in ("b", "c", "a"):
                work.outbox.add(worlds.message(about))
            assert [each.about for each in work.outbox.all()] == ["a", "b", "c"]

    def test_the_oldest_pending_messages_are_due_first(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            for about, at in {"c": NOW - HOUR, "a": NOW, "b": NOW - HOUR, "d": NOW - TICK}.items():
                work.outbox.add(worlds.message(about, at=at))
            for state in (MessageState.SENT, MessageState.NOT_SENT):
                work.outbox.add(worlds.message(f"is-{state.value}", at=NOW - 2 * HOUR, state=state))
            assert [each.about for each in work.outbox.due(NOW, 10)] == ["b", "c", "d", "a"]
            assert [each.about for each in work.outbox.due(NOW, 3)] == ["b", "c", "d"]
            assert list(work.outbox.due(NOW, 0)) == []

    def test_a_message_is_not_due_before_its_next_try(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.outbox.add(worlds.message(next_try_at=NOW + HOUR))
            assert list(work.outbox.due(NOW + HOUR - TICK, 10)) == []
            assert [each.about for each in work.outbox.due(NOW + HOUR, 10)] == ["order-1"]

    def test_the_limit_counts_only_what_is_due(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.outbox.add(worlds.message("waits", at=NOW - HOUR, next_try_at=NOW + HOUR))
            work.outbox.add(worlds.message("due"))
            assert [each.about for each in work.outbox.due(NOW, 1)] == ["due"]

    def test_what_became_of_a_message_is_recorded(self, world: UnitOfWorkFactory) -> None:
        tried = worlds.message(attempts=2, reason="mailbox full", next_try_at=NOW + HOUR)
        sent = worlds.message(attempts=3, state=MessageState.SENT)
        with world() as work:
            work.outbox.add(worlds.message())
            work.outbox.add(worlds.message("other"))
            assert work.outbox.save(tried, seen_attempts=0) is True
            assert list(work.outbox.all()) == [tried, worlds.message("other")]
            assert [each.about for each in work.outbox.due(NOW, 10)] == ["other"]
        with world() as work:
            assert work.outbox.save(sent, seen_attempts=2) is True
            assert list(work.outbox.due(NOW + 2 * HOUR, 10)) == [worlds.message("other")]

    def test_a_message_that_was_dealt_with_since_it_was_read_stays_as_it_is(
        self, world: UnitOfWorkFactory, second: UnitOfWorkFactory
    ) -> None:
        tried = worlds.message(attempts=1, reason="mailbox full", next_try_at=NOW + HOUR)
        sent = worlds.message(attempts=1, state=MessageState.SENT)
        with world() as work:
            work.outbox.add(worlds.message())
            assert work.outbox.save(tried, seen_attempts=0) is True
        with second() as work:
            assert work.outbox.save(sent, seen_attempts=0) is False
            assert list(work.outbox.all()) == [tried]

    def test_a_message_that_left_or_never_will_stays_as_it_is(self, world: UnitOfWorkFactory) -> None:
        for state in (MessageState.SENT, MessageState.NOT_SENT):
            done = worlds.message(f"is-{state.value}", attempts=1, state=state)
            with world() as work:
                work.outbox.add(done)
                again = worlds.message(done.about, attempts=2, reason="mailbox full")
                assert work.outbox.save(again, seen_attempts=1) is False
                assert done in work.outbox.all()

    def test_what_was_never_put_in_cannot_be_saved(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            with pytest.raises(NotFoundError) as caught:
                work.outbox.save(worlds.message(), seen_attempts=0)
            assert (caught.value.kind, caught.value.key) == ("message", worlds.message().id)
            assert list(work.outbox.all()) == []


class EventLogContract(WorldContract):
    """Domain events."""

    def test_an_event_is_recorded_once(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        with world() as work:
            assert work.events.add(worlds.event()) is True
            assert work.events.add(worlds.event(actor=Actor.user("amelie"))) is False
        with second() as work:
            assert work.events.add(worlds.event(at=NOW)) is False
            assert list(work.events.all()) == [worlds.event()]

    def test_an_event_is_found_by_its_id(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        with world() as work:
            assert work.events.find(worlds.event().id) is None
            work.events.add(worlds.event())
            work.events.add(worlds.event(occasion="2"))
        with second() as work:
            assert work.events.find(worlds.event().id) == worlds.event()

    def test_another_occasion_is_another_event(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            assert work.events.add(worlds.event()) is True
            assert work.events.add(worlds.event(occasion="2")) is True
            assert len(work.events.all()) == len({"", "2"})

    def test_events_are_sorted_by_instant_and_id(self, world: UnitOfWorkFactory) -> None:
        closed = CycleClosed(order_cycle=worlds.order_cycle("z").id, at=NOW)
        with world() as work:
            for event in (
                worlds.event("b", at=NOW),
                worlds.event("c", at=NOW - TICK),
                worlds.event("a", at=NOW),
                closed,
            ):
                work.events.add(event)
            assert [(each.kind, each.subject) for each in work.events.all()] == [
                ("cycle_opened", "c"),
                ("cycle_closed", "z"),
                ("cycle_opened", "a"),
                ("cycle_opened", "b"),
            ]


class SettingsContract(WorldContract):
    """Texts of the installation."""

    def test_a_setting_is_found_by_name(self, world: UnitOfWorkFactory, second: UnitOfWorkFactory) -> None:
        with world() as work:
            assert work.settings.find("colour") is None
            work.settings.put("colour", "green")
            work.settings.put("shape", "")
            assert work.settings.find("colour") == "green"
        with second() as work:
            assert (work.settings.find("colour"), work.settings.find("shape")) == ("green", "")

    def test_a_later_text_takes_the_place_of_an_earlier_one(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            work.settings.put("colour", "green")
            work.settings.put("shape", "round")
            work.settings.put("colour", "red")
            assert (work.settings.find("colour"), work.settings.find("shape")) == ("red", "round")

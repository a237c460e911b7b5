"""The outbox: messages handed to the notifier until they are taken."""

from datetime import datetime, timedelta
from typing import Final

import attrs

from ofncore.kernel.instants import as_instant
from ofncore.model.message import Message, MessageState
from ofncore.services.unfinished import Unfinished
from ofncore.services.wiring import Wiring

_BATCH: Final = 100
_FIRST_WAIT: Final = timedelta(minutes=5)
_LONGEST_WAIT: Final = timedelta(days=1)


class OutboxService:
    """Delivers messages. A failed delivery never changes what the message is about."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def deliver(self, now: datetime) -> int:
        """Hand over every message that is due; return how many were taken.

        One that is not taken waits: five minutes at first, then twice as long each time, at most a day. So does one
        for which the notifier raises; the others are handed over all the same.

        Raises:
            UnfinishedWorkError: the notifier raised; everything that is due was handed over before.
        """
        instant, unfinished = as_instant(now), Unfinished()
        sent = 0
        while batch := self._wiring.run(lambda unit: unit.outbox.due(instant, _BATCH)):
            for message in batch:
                sent += self._deliver(message, instant, unfinished)
                self._wiring.progress.step("deliver", sent, None)
        unfinished.raise_all()
        return sent

    def _deliver(self, message: Message, now: datetime, unfinished: Unfinished) -> bool:
        reason = self._hand_over(message, unfinished)
        result = _delivered(message) if reason is None else _put_off(message, reason, now)
        # Another tick may have dealt with the same message meanwhile; what it recorded stays.
        kept = self._wiring.run(lambda unit: unit.outbox.save(result, seen_attempts=message.attempts))
        return kept and reason is None

    def _hand_over(self, message: Message, unfinished: Unfinished) -> str | None:
        try:
            return self._wiring.notifier.send(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, the message was not delivered
            unfinished.note(error, f"message {message.id}")
            return type(error).__name__


def _delivered(message: Message) -> Message:
    return attrs.evolve(message, state=MessageState.SENT, attempts=message.attempts + 1, reason=None, next_try_at=None)


def _put_off(message: Message, reason: str, now: datetime) -> Message:
    doublings = min(message.attempts, 16)
    wait = min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT)
    return attrs.evolve(message, attempts=message.attempts + 1, reason=reason, next_try_at=now + wait)

"""Crashes on purpose, at a chosen call: what a killed process leaves behind must be enough to go on from.

`Faults` wraps the parts of a network that touch the world. Around each of their acts are two points: right before it,
and right after it, when it is done but nobody knows yet. `Faults` counts the points, and at the chosen one it raises
`Crash`, which nothing catches. Run once without a crash to learn how many points there are, then crash at each of
them, and run again on the same storage.

    >>> from ofncore.adapters.memory import MemoryStorage
    >>> from ofncore.network import make_network
    >>> storage, faults = MemoryStorage(), Faults(crash_at=2)
    >>> network = make_network(unit_of_work=faults.unit_of_work(storage))
    >>> try:
    ...     network.worlds.export()
    ... except Crash as crash:
    ...     print(crash)
    crash at point 2: unit of work about to be kept
"""

from collections.abc import Iterator
from contextlib import contextmanager

import attrs

from ofncore.model.message import Message
from ofncore.ports.gateway import GatewayAnswer, GatewayRequest, PaymentGateway
from ofncore.ports.notifier import Notifier
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Crash(BaseException):
    """The process ends here. It stands for a kill, so it is no error that an `except Exception` could catch."""


@attrs.define
class Faults:
    """Wraps ports, counts the points at which a process may be killed, and crashes at one of them.

    Once it has crashed it crashes at every later point too: a killed process does nothing more.
    """

    #: The point to crash at, counted from 1; None never crashes.
    crash_at: int | None = None
    #: What the process was about to do, or had done, at each point so far.
    points: list[str] = attrs.field(init=False, factory=list)

    def unit_of_work(self, begin: UnitOfWorkFactory) -> UnitOfWorkFactory:
        """Return *begin* with three points: before it begins, before its writes are kept, and after they are."""

        @contextmanager
        def begun() -> Iterator[UnitOfWork]:
            self.pass_point("unit of work about to begin")
            with begin() as unit:
                yield unit
                self.pass_point("unit of work about to be kept")
            self.pass_point("unit of work kept")

        return begun

    def gateway(self, gateway: PaymentGateway) -> PaymentGateway:
        """Return *gateway* with a point before and after each charge and refund."""
        return _FaultyGateway(gateway, self)

    def notifier(self, notifier: Notifier) -> Notifier:
        """Return *notifier* with a point before and after each message."""
        return _FaultyNotifier(notifier, self)

    def pass_point(self, doing: str) -> None:
        """Count a point.

        Raises:
            Crash: it is the chosen one, or a later one.
        """
        self.points.append(doing)
        if self.crash_at is not None and len(self.points) >= self.crash_at:
            message = f"crash at point {len(self.points)}: {doing}"
            raise Crash(message)


@attrs.frozen
class _FaultyGateway:
    _gateway: PaymentGateway
    _faults: Faults

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        self._faults.pass_point("charge about to be made")
        answer = self._gateway.charge(request)
        self._faults.pass_point("charge made")
        return answer

    def refund(self, request: GatewayRequest) -> GatewayAnswer:
        self._faults.pass_point("refund about to be made")
        answer = self._gateway.refund(request)
        self._faults.pass_point("refund made")
        return answer

    def look_up(self, key: str) -> GatewayAnswer | None:
        return self._gateway.look_up(key)


@attrs.frozen
class _FaultyNotifier:
    _notifier: Notifier
    _faults: Faults

    def send(self, message: Message) -> str | None:
        self._faults.pass_point("message about to be handed over")
        reason = self._notifier.send(message)
        self._faults.pass_point("message handed over")
        return reason

"""The front door: one function that wires a network, one value that gathers its services."""

from datetime import UTC, datetime
from typing import Final

import attrs

from ofncore.adapters.mail import KeptMail
from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.payments import ManualGateway
from ofncore.kernel.instants import as_instant
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.ports.clock import Clock
from ofncore.ports.gateway import PaymentGateway
from ofncore.ports.notifier import Notifier
from ofncore.ports.progress import Progress
from ofncore.ports.unit_of_work import UnitOfWorkFactory
from ofncore.services.agenda import AgendaReport, AgendaService
from ofncore.services.cycle_costs import CycleCostService
from ofncore.services.cycles import CycleService
from ofncore.services.enterprises import EnterpriseService
from ofncore.services.fees import FeeService
from ofncore.services.grants import GrantService
from ofncore.services.orders import OrderService
from ofncore.services.outbox import OutboxService
from ofncore.services.payments import PaymentService
from ofncore.services.permissions import PermissionService
from ofncore.services.stock import StockService
from ofncore.services.subscriptions import SubscriptionService
from ofncore.services.wiring import Wiring
from ofncore.services.worlds import WorldService


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class NoProgress:
    """Watches nothing."""

    def step(self, task: str, done: int, total: int | None) -> None:
        """Take no note."""


_PORTS: Final = {
    "unit_of_work": ("__call__",),
    "payments": ("charge", "refund", "look_up"),
    "notifier": ("send",),
    "clock": ("now",),
    "progress": ("step",),
}


@attrs.frozen(kw_only=True)
class FoodNetwork:
    """The services of one network, by topic."""

    worlds: WorldService
    cycles: CycleService
    cycle_costs: CycleCostService
    orders: OrderService
    payments: PaymentService
    subscriptions: SubscriptionService
    stock: StockService
    fees: FeeService
    permissions: PermissionService
    grants: GrantService
    enterprises: EnterpriseService
    outbox: OutboxService
    agenda: AgendaService
    clock: Clock

    def tick(self, now: datetime | None = None) -> AgendaReport:
        """Do everything that is due at *now*, by default the clock's (see `AgendaService.run`)."""
        return self.agenda.run(self.clock.now() if now is None else as_instant(now))


def make_network(
    *,
    unit_of_work: UnitOfWorkFactory | None = None,
    payments: PaymentGateway | None = None,
    notifier: Notifier | None = None,
    clock: Clock | None = None,
    progress: Progress | None = None,
    profile: Profile = PRODUCT,
) -> FoodNetwork:
    """Wire a network.

    Without arguments it works in memory, records every payment as made by hand, keeps messages, and asks the clock of
    this machine.

    Args:
        unit_of_work: Begins units of work: `ofncore.adapters.memory.MemoryStorage`, an adapter of
            `ofncore.adapters.sql`, or a host's own.
        payments: The payment gateway.
        notifier: Whoever carries messages.
        clock: Asked only when no instant is given.
        progress: Told how far long tasks are.
        profile: The policies of all rules.

    Raises:
        TypeError: an argument does not have what its port asks for; every one that is wrong is named.
    """
    given = {
        "unit_of_work": unit_of_work,
        "payments": payments,
        "notifier": notifier,
        "clock": clock,
        "progress": progress,
    }
    _check({name: part for name, part in given.items() if part is not None})
    wiring = Wiring(
        begin=unit_of_work or MemoryStorage(),
        gateway=payments or ManualGateway(),
        notifier=notifier or KeptMail(),
        profile=profile,
        progress=progress or NoProgress(),
    )
    return _gathered(wiring, clock or SystemClock())


def _check(parts: dict[str, object]) -> None:
    missing = [
        f"{name} needs a method {method}, which {type(part).__name__} does not have"
        for name, part in parts.items()
        for method in _PORTS[name]
        if not callable(getattr(part, method, None))
    ]
    if missing:
        raise TypeError("; ".join(missing))


def _gathered(wiring: Wiring, clock: Clock) -> FoodNetwork:
    cycles, payments, outbox = CycleService(wiring), PaymentService(wiring), OutboxService(wiring)
    subscriptions = SubscriptionService(wiring, payments)
    return FoodNetwork(
        worlds=WorldService(wiring),
        cycles=cycles,
        cycle_costs=CycleCostService(wiring),
        orders=OrderService(wiring),
        payments=payments,
        subscriptions=subscriptions,
        stock=StockService(wiring),
        fees=FeeService(wiring),
        permissions=PermissionService(wiring),
        grants=GrantService(wiring),
        enterprises=EnterpriseService(wiring),
        outbox=outbox,
        agenda=AgendaService(wiring, cycles=cycles, subscriptions=subscriptions, payments=payments, outbox=outbox),
        clock=clock,
    )

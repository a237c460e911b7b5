"""What every service is given, and how it runs a unit of work."""

from collections.abc import Callable
from typing import Final, TypeVar

import attrs

from ofncore.kernel.edit_policies import Withdrawal
from ofncore.kernel.errors import StaleWriteError
from ofncore.kernel.policies import Profile
from ofncore.ports.gateway import PaymentGateway
from ofncore.ports.notifier import Notifier
from ofncore.ports.progress import Progress
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

T = TypeVar("T")

#: How often a decision is made again when somebody else wrote in between.
_TRIES: Final = 5


@attrs.frozen(kw_only=True)
class Wiring:
    """The ports and policies of one network."""

    begin: UnitOfWorkFactory
    gateway: PaymentGateway
    notifier: Notifier
    profile: Profile
    progress: Progress

    def profile_with(self, withdrawal: Withdrawal | None) -> Profile:
        """Return the network's profile, with another policy for withdrawn grants if one is given."""
        return self.profile if withdrawal is None else attrs.evolve(self.profile, withdrawal=Withdrawal(withdrawal))

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do *work* in one unit of work; all over again if what it read was changed meanwhile.

        Raises:
            StaleWriteError: it was changed each time.
        """
        for _ in range(_TRIES - 1):
            try:
                with self.begin() as unit:
                    return work(unit)
            except StaleWriteError:
                continue
        with self.begin() as unit:
            return work(unit)

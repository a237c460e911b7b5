"""The whole contract of a storage."""

from ofncore.testing.contracts.finders import FinderContract
from ofncore.testing.contracts.logs import EventLogContract, OutboxContract, SettingsContract
from ofncore.testing.contracts.parts import PartContract
from ofncore.testing.contracts.races import RaceContract
from ofncore.testing.contracts.records import RecordContract
from ofncore.testing.contracts.round_trips import RoundTripContract
from ofncore.testing.contracts.stock import StockContract
from ofncore.testing.contracts.units import UnitOfWorkContract


class StorageContract(
    UnitOfWorkContract,
    RecordContract,
    FinderContract,
    PartContract,
    StockContract,
    OutboxContract,
    EventLogContract,
    SettingsContract,
    RoundTripContract,
    RaceContract,
):
    """What `ofncore.ports.unit_of_work` and `ofncore.ports.repositories` promise.

    A subclass gives the fixture `storage`: an empty storage that may be used from several threads at once. It may
    give the fixture `second`, another handle on the same storage, as another process would have it, and set
    `checks_references`.
    """

"""Questions that change nothing: who may do what, what things cost; and how a unit of work is tried again."""

from contextlib import AbstractContextManager

import pytest

from ofncore.adapters.mail import KeptMail
from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.payments import ManualGateway
from ofncore.kernel.errors import NotFoundError, StaleWriteError
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.kernel.policies import PRODUCT
from ofncore.network import NoProgress
from ofncore.permissions.actions import CycleAction
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.wiring import Wiring
from ofncore.testing.worlds import NOW, euros
from services.scenes import AMELIE, CHEESE, CYCLE, EGGS, HUB, PAUL, Scene

FARM, NEVER = EnterpriseId("farm"), OrderCycleId("never")


def test_whoever_asks_is_answered_by_the_stored_grants_and_roles(shop: Scene) -> None:
    before = shop.state
    check = shop.network.permissions.check_cycle
    assert check(AMELIE, CycleAction.EDIT_ATTRIBUTES, CYCLE).allowed
    assert not check(PAUL, CycleAction.EDIT_ATTRIBUTES, CYCLE).allowed
    assert check(PAUL, CycleAction.EDIT_INCOMING_VARIANTS, CYCLE, participant=FARM).allowed
    assert not check(PAUL, CycleAction.EDIT_INCOMING_VARIANTS, CYCLE, participant=HUB).allowed
    with pytest.raises(NotFoundError, match="never"):
        check(AMELIE, CycleAction.EDIT_ATTRIBUTES, NEVER)
    assert shop.state == before


def test_the_price_book_is_of_what_the_shop_sells_and_agrees_with_its_orders(shop: Scene) -> None:
    book = shop.network.fees.price_book(CYCLE, HUB, at=NOW)
    assert set(book) == {"carrots", "cheese", "eggs"}
    order = shop.take((EGGS, 1), (CHEESE, 1))
    assert order.item_total + order.fee_total == book[EGGS].with_fees + book[CHEESE].with_fees
    assert book[EGGS].with_fees == euros("3.52")
    with pytest.raises(NotFoundError, match="never"):
        shop.network.fees.price_book(NEVER, HUB, at=NOW)
    with pytest.raises(NotFoundError, match="nowhere"):
        shop.network.fees.price_book(CYCLE, EnterpriseId("nowhere"), at=NOW)


class Contested:
    """A storage in which somebody else writes first, so many times."""

    def __init__(self, times: int) -> None:
        self._storage = MemoryStorage()
        self._times = times
        self.begun = 0

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a unit of work, or find that it is stale."""
        self.begun += 1
        if self.begun <= self._times:
            kind, key = "order", "order-1"
            raise StaleWriteError(kind, key)
        return self._storage()


def run(storage: Contested) -> str:
    """Do some work on *storage*."""
    wiring = Wiring(begin=storage, gateway=ManualGateway(), notifier=KeptMail(), profile=PRODUCT, progress=NoProgress())
    return wiring.run(lambda unit: unit.settings.find("anything") or "done")


@pytest.mark.parametrize("times", [0, 1, 4])
def test_work_on_what_was_changed_meanwhile_is_done_again(times: int) -> None:
    storage = Contested(times)
    assert run(storage) == "done"
    assert storage.begun == times + 1


def test_after_five_tries_whoever_asked_is_told() -> None:
    storage = Contested(99)
    with pytest.raises(StaleWriteError, match="somebody else"):
        run(storage)
    assert storage.begun == 5

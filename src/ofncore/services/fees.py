"""Prices of a shop in a cycle."""

from ofncore.fees.price_book import PriceBook, price_book
from ofncore.kernel.ids import EnterpriseId, OrderCycleId
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_offer
from ofncore.services.wiring import Wiring


class FeeService:
    """Prices what distributors sell."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def price_book(self, order_cycle: OrderCycleId, distributor: EnterpriseId) -> PriceBook:
        """Return the price of everything *distributor* sells in a cycle, with its breakdown.

        Raises:
            NotFoundError: there is no such cycle or enterprise.
        """

        def work(unit: UnitOfWork) -> PriceBook:
            cycle = unit.order_cycles.get(order_cycle)
            offer = load_offer(unit, cycle, distributor, self._wiring.profile)
            return price_book(offer.terms, offer.variants.values())

        return self._wiring.run(work)

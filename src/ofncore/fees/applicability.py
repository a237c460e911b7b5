"""Which fees apply.

Source:
    FEE-5, FEE-13.6, FEE-13.7, FEE-13.9.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Self

import attrs

from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.fee import EnterpriseFee, FeeRole

_RECORD: Final = "enterprise fee"


@attrs.frozen(kw_only=True)
class FeeOccurrence:
    """A fee in one of the places where it is attached: each is charged."""

    fee: EnterpriseFee
    role: FeeRole
    #: Supplier or distributor of the exchange; None for a coordinator fee.
    exchange: EnterpriseId | None = None


@attrs.frozen(kw_only=True)
class _Part:
    """An exchange, or the cycle itself: what it carries and what it charges."""

    carries: frozenset[VariantId]
    per_item: tuple[FeeOccurrence, ...]
    per_order: tuple[FeeOccurrence, ...]


@attrs.frozen(kw_only=True)
class CycleFees:
    """The fees of one distributor in one cycle, made ready once and asked for each variant and each order.

    Other distributors' exchanges and deleted fees never matter. A fee that is attached in several places occurs, and is
    charged, as often; see `repeated_fees`.
    """

    #: Incoming exchanges first, then the distributor's own.
    _exchanges: tuple[_Part, ...]
    _coordinator: _Part
    #: Where a variant is carried: positions in `_exchanges`, empty if only other distributors have it.
    _carriers: Mapping[VariantId, tuple[int, ...]]

    @classmethod
    def of(cls, cycle: OrderCycle, distributor: EnterpriseId, fees: Mapping[FeeId, EnterpriseFee]) -> Self:
        """Gather the fees for what *distributor* sells in *cycle*.

        Raises:
            NotFoundError: the cycle names a fee that *fees* lacks.
        """
        exchanges = tuple(_exchange_parts(cycle, distributor, fees))
        coordinated = _part((), _occurrences(cycle.coordinator_fees, fees, FeeRole.COORDINATOR, None))
        return cls(exchanges=exchanges, coordinator=coordinated, carriers=_carriers(cycle, exchanges))

    def per_item(self, variant: VariantId) -> tuple[FeeOccurrence, ...]:
        """Return the fees on each line of *variant*: by suppliers, by the distributor, by the coordinator.

        An incoming exchange that carries the variant charges whoever its sender is, and whether or not the distributor
        offers the variant. A variant in no exchange of the cycle has no fees (FEE-13.9).
        """
        carriers = self._carriers.get(variant)
        return () if carriers is None else self._per_item_of(carriers)

    def grouped(self, variants: Iterable[VariantId]) -> "Iterator[tuple[tuple[FeeOccurrence, ...], list[int]]]":
        """Yield each distinct list of per-item fees with the positions of the *variants* that have it."""
        groups: dict[tuple[int, ...] | None, list[int]] = {}
        for position, carriers in enumerate(map(self._carriers.get, variants)):
            groups.setdefault(carriers, []).append(position)
        for carriers, positions in groups.items():
            yield () if carriers is None else self._per_item_of(carriers), positions

    def per_order(self, variants: Iterable[VariantId]) -> tuple[FeeOccurrence, ...]:
        """Return the fees on an order for *variants*: once for each exchange that carries any of them.

        Coordinator fees occur whatever the variants are, and also for an order without lines (FEE-13.8).
        """
        ordered = frozenset(variants)
        carrying = (part for part in self._exchanges if not part.carries.isdisjoint(ordered))
        return tuple(each for part in (*carrying, self._coordinator) for each in part.per_order)

    def carries(self, variant: VariantId) -> bool:
        """Whether *variant* is in any exchange of the cycle, other distributors' too."""
        return variant in self._carriers

    @property
    def coordinator_per_item(self) -> tuple[FeeOccurrence, ...]:
        """The coordinator's fees per item."""
        return self._coordinator.per_item

    @property
    def attached_per_item(self) -> tuple[FeeOccurrence, ...]:
        """Every fee per item that is attached in any place for the distributor, whatever is carried there."""
        return tuple(each for part in (*self._exchanges, self._coordinator) for each in part.per_item)

    @property
    def attached_per_order(self) -> tuple[FeeOccurrence, ...]:
        """Every fee per order that is attached in any place for the distributor."""
        return tuple(each for part in (*self._exchanges, self._coordinator) for each in part.per_order)

    def _per_item_of(self, carriers: tuple[int, ...]) -> tuple[FeeOccurrence, ...]:
        parts = (*(self._exchanges[position] for position in carriers), self._coordinator)
        return tuple(each for part in parts for each in part.per_item)


def repeated_fees(occurrences: Iterable[FeeOccurrence]) -> tuple[tuple[FeeOccurrence, ...], ...]:
    """Return the occurrences of each fee that occurs more than once, so that a host can warn (FEE-13.6)."""
    by_fee: dict[FeeId, list[FeeOccurrence]] = {}
    for each in occurrences:
        by_fee.setdefault(each.fee.id, []).append(each)
    return tuple(tuple(found) for found in by_fee.values() if len(found) > 1)


def _exchange_parts(
    cycle: OrderCycle, distributor: EnterpriseId, fees: Mapping[FeeId, EnterpriseFee]
) -> Iterator[_Part]:
    for sent in cycle.incoming:
        yield _part(sent.variants, _occurrences(sent.fees, fees, FeeRole.SUPPLIER, sent.supplier))
    for sold in cycle.outgoing:
        if sold.distributor == distributor:
            yield _part(sold.variants, _occurrences(sold.fees, fees, FeeRole.DISTRIBUTOR, distributor))


def _occurrences(
    named: Iterable[FeeId], fees: Mapping[FeeId, EnterpriseFee], role: FeeRole, exchange: EnterpriseId | None
) -> list[FeeOccurrence]:
    found = [_known_fee(fees, fee) for fee in named]
    return [FeeOccurrence(fee=fee, role=role, exchange=exchange) for fee in found if not fee.deleted]


def _known_fee(fees: Mapping[FeeId, EnterpriseFee], fee: FeeId) -> EnterpriseFee:
    try:
        return fees[fee]
    except KeyError:
        raise NotFoundError(_RECORD, fee) from None


def _part(carries: Iterable[VariantId], occurrences: list[FeeOccurrence]) -> _Part:
    return _Part(
        carries=frozenset(carries),
        per_item=tuple(each for each in occurrences if not each.fee.calculator.per_order),
        per_order=tuple(each for each in occurrences if each.fee.calculator.per_order),
    )


def _carriers(cycle: OrderCycle, exchanges: tuple[_Part, ...]) -> dict[VariantId, tuple[int, ...]]:
    carriers: dict[VariantId, tuple[int, ...]] = {variant: () for sold in cycle.outgoing for variant in sold.variants}
    for position, part in enumerate(exchanges):
        for variant in part.carries:
            carriers[variant] = (*carriers.get(variant, ()), position)
    return carriers

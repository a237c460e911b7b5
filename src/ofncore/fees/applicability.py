"""Which fees apply.

Source:
    FEE-5, FEE-13.6 to FEE-13.9; FEE-14 (scope of fees).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Self

import attrs

from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.fee import ChargedPer, EnterpriseFee, FeeRole

_RECORD: Final = "enterprise fee"


@attrs.frozen(kw_only=True)
class FeeOccurrence:
    """A fee in one of the places where it is attached: each is charged."""

    fee: EnterpriseFee
    role: FeeRole
    #: Supplier or distributor of the exchange; None for a coordinator fee.
    exchange: EnterpriseId | None = None
    #: Whose goods it is charged on, if it is charged once for each supplier.
    supplier: EnterpriseId | None = None


@attrs.frozen(kw_only=True)
class _Part:
    """An exchange, or the cycle itself: what it carries and what it charges."""

    carries: frozenset[VariantId]
    per_item: tuple[FeeOccurrence, ...]
    per_order: tuple[FeeOccurrence, ...]


def _is_kept(fee: EnterpriseFee) -> bool:
    return not fee.deleted


@attrs.frozen(kw_only=True)
class CycleFees:
    """The fees of one distributor in one cycle, made ready once and asked for each variant and each order.

    Other distributors' exchanges never matter. A fee that is attached in several places occurs, and is charged, as
    often, unless it is charged once for the order or for each supplier; see `repeated_fees`.
    """

    #: Incoming exchanges first, then the distributor's own.
    _exchanges: tuple[_Part, ...]
    _coordinator: _Part
    #: The distinct lists of fees per item, and which of them a variant has; none if it is in no exchange of the cycle.
    _item_lists: tuple[tuple[FeeOccurrence, ...], ...]
    _list_of: Mapping[VariantId, int]
    _empty_orders_pay: bool

    @classmethod
    def of(
        cls,
        cycle: OrderCycle,
        distributor: EnterpriseId,
        fees: Mapping[FeeId, EnterpriseFee],
        *,
        applies: Callable[[EnterpriseFee], bool] = _is_kept,
        empty_orders_pay: bool = True,
    ) -> Self:
        """Gather the fees for what *distributor* sells in *cycle*, as far as each of them *applies*.

        Raises:
            NotFoundError: the cycle names a fee that *fees* lacks.
        """
        known = {key: fee for key, fee in _named_fees(cycle, distributor, fees).items() if applies(fee)}
        exchanges = tuple(_exchange_parts(cycle, distributor, known))
        coordinator = _part((), _occurrences(cycle.coordinator_fees, known, FeeRole.COORDINATOR, None))
        places = _places(cycle, exchanges)
        numbers = {found: number for number, found in enumerate(dict.fromkeys(places.values()))}
        return cls(
            exchanges=exchanges,
            coordinator=coordinator,
            item_lists=tuple(_per_item((*(exchanges[each] for each in found), coordinator)) for found in numbers),
            list_of={variant: numbers[found] for variant, found in places.items()},
            empty_orders_pay=empty_orders_pay,
        )

    def per_item(self, variant: VariantId) -> tuple[FeeOccurrence, ...]:
        """Return the fees on each line of *variant*: by suppliers, by the distributor, by the coordinator.

        An incoming exchange that carries the variant charges whoever its sender is, and whether or not the distributor
        offers the variant. A variant in no exchange of the cycle has no fees (FEE-13.9).
        """
        number = self._list_of.get(variant)
        return () if number is None else self._item_lists[number]

    def grouped(self, variants: Iterable[VariantId]) -> Iterator[tuple[tuple[FeeOccurrence, ...], Sequence[int]]]:
        """Yield each distinct list of per-item fees with the positions of the *variants* that have it, ascending."""
        numbers = list(map(self._list_of.get, variants))
        for number, found in _positions(numbers).items():
            yield () if number is None else self._item_lists[number], found

    def per_order(self, ordered: Mapping[VariantId, EnterpriseId]) -> tuple[FeeOccurrence, ...]:
        """Return the fees on an order for variants of suppliers, as *ordered* tells them: by places, as they come.

        A fee is charged once for each exchange that carries any of the order; or once in all; or once for each supplier
        of what it reaches: in an incoming exchange that is what is carried there, elsewhere the whole order (FEE-14).

        Coordinator fees occur whatever the variants are, and also for an order without lines, unless the distributor
        chose otherwise (FEE-13.8).
        """
        if not ordered and not self._empty_orders_pay:
            return ()
        carrying = (part for part in self._exchanges if not part.carries.isdisjoint(ordered))
        found: dict[Hashable, FeeOccurrence] = {}
        for place, part in enumerate((*carrying, self._coordinator)):
            for position, occurrence in enumerate(part.per_order):
                for key, charged in _charged(occurrence, part, ordered):
                    found.setdefault(key or (place, position), charged)
        return tuple(found.values())

    def carries(self, variant: VariantId) -> bool:
        """Whether *variant* is in any exchange of the cycle, other distributors' too."""
        return variant in self._list_of

    @property
    def coordinator_per_item(self) -> tuple[FeeOccurrence, ...]:
        """The coordinator's fees per item."""
        return self._coordinator.per_item

    @property
    def attached_per_item(self) -> tuple[FeeOccurrence, ...]:
        """Every fee per item that is attached in any place for the distributor, whatever is carried there."""
        return _per_item((*self._exchanges, self._coordinator))


def repeated_fees(occurrences: Iterable[FeeOccurrence]) -> tuple[tuple[FeeOccurrence, ...], ...]:
    """Return the occurrences of each fee that is charged more than once on the same goods (FEE-13.6).

    So a host can warn.
    """
    by_fee: dict[tuple[FeeId, EnterpriseId | None], list[FeeOccurrence]] = {}
    for each in occurrences:
        by_fee.setdefault((each.fee.id, each.supplier), []).append(each)
    return tuple(tuple(found) for found in by_fee.values() if len(found) > 1)


def _charged(
    occurrence: FeeOccurrence, part: _Part, ordered: Mapping[VariantId, EnterpriseId]
) -> Iterator[tuple[Hashable, FeeOccurrence]]:
    """Yield what is charged where a fee is attached, with a key that is the same for what is charged only once."""
    fee = occurrence.fee
    if fee.charged_per is ChargedPer.SUPPLIER:
        for supplier in dict.fromkeys(_reached(occurrence.role, part, ordered)):
            yield (fee.id, supplier), attrs.evolve(occurrence, supplier=supplier)
    else:
        yield fee.id if fee.charged_per is ChargedPer.ORDER else None, occurrence


def _reached(role: FeeRole, part: _Part, ordered: Mapping[VariantId, EnterpriseId]) -> Iterator[EnterpriseId]:
    for variant, supplier in ordered.items():
        if role is not FeeRole.SUPPLIER or variant in part.carries:
            yield supplier


def _positions(numbers: Sequence[int | None]) -> Mapping[int | None, Sequence[int]]:
    # As in most cycles, where few exchanges have fees: then nothing need be sorted out.
    if numbers and numbers.count(numbers[0]) == len(numbers):
        return {numbers[0]: range(len(numbers))}
    found: dict[int | None, list[int]] = {}
    for position, number in enumerate(numbers):
        found.setdefault(number, []).append(position)
    return found


# ---------------------------------------------------------------- what is attached where


def _named_fees(
    cycle: OrderCycle, distributor: EnterpriseId, fees: Mapping[FeeId, EnterpriseFee]
) -> dict[FeeId, EnterpriseFee]:
    sold = (each.fees for each in cycle.outgoing if each.distributor == distributor)
    lists = (cycle.coordinator_fees, *(each.fees for each in cycle.incoming), *sold)
    return {fee: _known_fee(fees, fee) for named in lists for fee in named}


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
    return [FeeOccurrence(fee=fees[key], role=role, exchange=exchange) for key in named if key in fees]


def _known_fee(fees: Mapping[FeeId, EnterpriseFee], fee: FeeId) -> EnterpriseFee:
    try:
        return fees[fee]
    except KeyError:
        raise NotFoundError(_RECORD, fee) from None


def _part(carries: Iterable[VariantId], occurrences: list[FeeOccurrence]) -> _Part:
    return _Part(
        carries=frozenset(carries),
        per_item=tuple(each for each in occurrences if not each.fee.per_order),
        per_order=tuple(each for each in occurrences if each.fee.per_order),
    )


def _per_item(parts: Iterable[_Part]) -> tuple[FeeOccurrence, ...]:
    return tuple(each for part in parts for each in part.per_item)


def _places(cycle: OrderCycle, exchanges: tuple[_Part, ...]) -> dict[VariantId, tuple[int, ...]]:
    """Return where each variant of the cycle has fees per item, as positions in *exchanges*.

    Only other distributors have those that are nowhere else.
    """
    places: dict[VariantId, tuple[int, ...]] = {variant: () for sold in cycle.outgoing for variant in sold.variants}
    for position, part in enumerate(exchanges):
        for variant in part.carries:
            before = places.get(variant, ())
            places[variant] = (*before, position) if part.per_item else before
    return places

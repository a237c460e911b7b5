"""Fees that a distributor's goods are charged several times, because they are attached in several places.

They are charged all the same: a host may warn whoever attached them.

Source:
    FEE-5, FEE-13.6 (duplicates are charged, and reported).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from ofncore.fees.applicability import FeeOccurrence, repeated_fees
from ofncore.fees.terms import PricingTerms
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.model.fee import ChargedPer, FeeRole
from ofncore.model.product import Variant


@attrs.frozen(kw_only=True)
class FeePlace:
    """Where a fee is attached; one place may have it twice."""

    role: FeeRole
    #: Supplier or distributor of the exchange; None for the cycle itself.
    exchange: EnterpriseId | None


@attrs.frozen(kw_only=True)
class RepeatedFee:
    """A fee that is charged at several places at once."""

    distributor: EnterpriseId
    fee: FeeId
    name: str
    #: All places where it is charged: incoming, outgoing, the cycle.
    places: tuple[FeePlace, ...]
    #: The goods that bring it about, sorted. A line of any of them is charged at all places; an order, if the fee is
    #: charged per order, once it has enough of them to reach all places.
    variants: tuple[VariantId, ...]
    #: Charged on the order, or on a part of it; otherwise on each line.
    per_order: bool


def repeated_in(terms: PricingTerms, variants: Mapping[VariantId, Variant]) -> tuple[RepeatedFee, ...]:
    """Return the fees that the distributor of *terms* charges several times on what it offers in the cycle.

    A fee stands there once for each list of places where it is charged; those on lines come first. A fee that says
    itself that it is charged for each supplier or exchange is repeated only if one of them is charged twice.
    *variants* are at least those on offer; what was withdrawn is left out.

    Raises:
        NotFoundError: *terms* lack a fee of the cycle.
    """
    sold = terms.cycle.outgoing_to(terms.distributor.id)
    offered = sorted({key for key in (sold.variants if sold else ()) if key in variants and not variants[key].deleted})
    return (*_on_lines(terms, offered), *_on_orders(terms, {key: variants[key].supplier for key in offered}))


def _on_lines(terms: PricingTerms, offered: Sequence[VariantId]) -> Iterator[RepeatedFee]:
    charged: dict[tuple[FeeOccurrence, ...], list[VariantId]] = {}
    for occurrences, positions in terms.cycle_fees.grouped(offered):
        for repeated in repeated_fees(occurrences):
            charged.setdefault(repeated, []).extend(offered[position] for position in positions)
    return (_repeated(terms, occurrences, found) for occurrences, found in charged.items())


def _on_orders(terms: PricingTerms, suppliers: Mapping[VariantId, EnterpriseId]) -> Iterator[RepeatedFee]:
    alone = {key: terms.cycle_fees.per_order({key: supplier}) for key, supplier in suppliers.items()}
    apart: dict[EnterpriseId | None, list[FeeOccurrence]] = {}
    for each in terms.cycle_fees.per_order(suppliers):
        # A fee that is meant for each exchange is repeated only within one.
        apart.setdefault(each.exchange if each.fee.charged_per is ChargedPer.EXCHANGE else None, []).append(each)
    for occurrences in apart.values():
        for repeated in repeated_fees(occurrences):
            yield _repeated(terms, repeated, [key for key in suppliers if not set(repeated).isdisjoint(alone[key])])


def _repeated(
    terms: PricingTerms, occurrences: tuple[FeeOccurrence, ...], variants: Iterable[VariantId]
) -> RepeatedFee:
    fee = occurrences[0].fee
    return RepeatedFee(
        distributor=terms.distributor.id,
        fee=fee.id,
        name=fee.name,
        places=tuple(FeePlace(role=each.role, exchange=each.exchange) for each in occurrences),
        variants=tuple(sorted(variants)),
        per_order=fee.per_order,
    )

"""The prices of everything one distributor sells in one cycle, with what they are made of.

Source:
    FEE-6 (shop price), FEE-13.9, FEE-13.10.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from operator import attrgetter
from typing import Self, TypeVar

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.charges import new_charge, price_line
from ofncore.fees.columns import Units, fee_columns, total_column, units_of
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OutsideFees, RoundingPolicy
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import OrderLine, TaxCharge
from ofncore.model.product import Variant

_Group = TypeVar("_Group", bound=Hashable)


@attrs.frozen(kw_only=True)
class FeeShare:
    """What one occurrence of a fee adds to the price of one unit."""

    fee: FeeId
    name: str
    fee_type: FeeType
    role: FeeRole
    #: Who owns the fee and gets the money.
    enterprise: EnterpriseId
    #: Supplier or distributor of the exchange it came by; None for coordinator fees.
    exchange: EnterpriseId | None
    amount: Money

    @classmethod
    def of(cls, occurrence: FeeOccurrence, amount: Money) -> Self:
        """Return the share of *occurrence*."""
        fee = occurrence.fee
        return cls(
            fee=fee.id,
            name=fee.name,
            fee_type=fee.fee_type,
            role=occurrence.role,
            enterprise=fee.enterprise,
            exchange=occurrence.exchange,
            amount=amount,
        )


@attrs.frozen(kw_only=True)
class Price:
    """The price of one unit of a variant, and what it is made of."""

    variant: VariantId
    #: Without fees; with included tax in it.
    price: Money
    #: One row for each fee, those of zero too (FEE-13.10).
    fees: tuple[FeeShare, ...]
    #: Taxes on `price`.
    taxes: tuple[TaxCharge, ...]
    _remainders: Callable[[], tuple[Fraction, ...]] = attrs.field(eq=False, repr=False)

    @cached_property
    def remainders(self) -> tuple[Fraction, ...]:
        """What rounding took away from each of `fees`: the exact fee less its amount, in minor units.

        They are computed when they are first looked at.
        """
        return self._remainders()

    @property
    def remainder(self) -> Fraction:
        """What rounding took away from all fees and taxes, in minor units; below zero where more is charged."""
        return sum((*self.remainders, *(tax.remainder for tax in self.taxes)), Fraction())

    @property
    def fee_total(self) -> Money:
        """All fees on one unit."""
        return Money.total((share.amount for share in self.fees), self.price.currency)

    @property
    def with_fees(self) -> Money:
        """What the shop shows: price and fees; without tax that is added to them."""
        return self.price + self.fee_total

    @property
    def fees_by_type(self) -> dict[FeeType, Money]:
        """The sum of each type, in the order shoppers are shown them; types that sum to zero are left out (FEE-6)."""
        found = self._fees_by(attrgetter("fee_type"))
        return {fee_type: found[fee_type] for fee_type in FeeType if fee_type in found}

    @property
    def fees_by_role(self) -> dict[FeeRole, Money]:
        """The sum of each place where fees are attached; those that sum to zero are left out."""
        found = self._fees_by(attrgetter("role"))
        return {role: found[role] for role in FeeRole if role in found}

    @property
    def fees_by_enterprise(self) -> dict[EnterpriseId, Money]:
        """What each enterprise gets by its fees, sorted by enterprise; those that get nothing are left out."""
        return dict(sorted(self._fees_by(attrgetter("enterprise")).items()))

    @property
    def included_goods_tax(self) -> Money:
        """Tax inside `price`; not that inside the fees, which `ShopPrice.included_tax` holds too."""
        return Money.total((tax.amount for tax in self.taxes if tax.included), self.price.currency)

    def _fees_by(self, group: Callable[[FeeShare], _Group]) -> dict[_Group, Money]:
        sums: dict[_Group, Money] = {}
        for share in self.fees:
            key = group(share)
            sums[key] = sums[key] + share.amount if key in sums else share.amount
        return {key: amount for key, amount in sums.items() if amount}


@attrs.frozen
class _Section:
    """Variants with the same fees."""

    #: Place of its first row in the book.
    first: int
    units: Units
    occurrences: tuple[FeeOccurrence, ...]
    #: One for each occurrence, in minor units.
    columns: Sequence[list[int]]


@attrs.frozen(eq=False, repr=False)
class PriceBook(Mapping[VariantId, Price]):
    """Prices by variant, in the order of the variants. It holds whole numbers; a `Price` is made when looked at."""

    _terms: PricingTerms
    #: Places of rows, section by section.
    _places: Mapping[VariantId, int]
    _sections: Sequence[_Section]

    def __getitem__(self, variant: VariantId) -> Price:
        place = self._places[variant]
        section = self._sections[bisect_right(self._sections, place, key=lambda each: each.first) - 1]
        row = place - section.first
        amounts = (column[row] for column in section.columns)
        return _price(section.units.variants[row], section.occurrences, amounts, self._terms)

    def __iter__(self) -> Iterator[VariantId]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"<PriceBook: {len(self)} prices of {self._terms.distributor.id!r} in {self._terms.cycle.id!r}>"

    @property
    def rounding(self) -> RoundingPolicy:
        """How its amounts were rounded."""
        return self._terms.rounding


def price_book(terms: PricingTerms, variants: Iterable[Variant]) -> PriceBook:
    """Return what one unit of each of *variants* costs at the distributor of *terms*.

    Variants that the distributor does not offer are priced too, those in no exchange of the cycle without any fee.

    Raises:
        CurrencyMismatchError: a price is in another currency than the distributor's.
        NotFoundError: *terms* lacks a fee of the cycle.
    """
    listed = tuple(variants)
    units = units_of(listed, terms)
    keys = [variant.id for variant in listed]
    sections: list[_Section] = []
    places = list(range(len(listed)))
    first = 0
    for found, rows in terms.cycle_fees.grouped(keys):
        part = units.at(rows)
        sections.append(_Section(first, part, found, fee_columns(found, part, terms)))
        _put(places, rows, range(first, first + len(rows)))
        first += len(rows)
    return PriceBook(terms=terms, places=dict(zip(keys, places, strict=True)), sections=sections)


def unit_totals(terms: PricingTerms, variants: Iterable[Variant]) -> list[int]:
    """Return what one unit of each of *variants* costs with its fees, in minor units and in their order.

    It is `Price.with_fees` of the price book, and no more: the fast way where nobody asks what prices are made of.

    Raises:
        CurrencyMismatchError: a price is in another currency than the distributor's.
        NotFoundError: *terms* lacks a fee of the cycle.
    """
    units = units_of(tuple(variants), terms)
    grouped = terms.cycle_fees.grouped([variant.id for variant in units.variants])
    columns = [(rows, total_column(found, units.at(rows), terms)) for found, rows in grouped]
    if len(columns) == 1:
        return columns[0][1]
    totals = [0] * len(units.prices)
    for rows, column in columns:
        _put(totals, rows, column)
    return totals


def price_alone(terms: PricingTerms, variant: Variant) -> Price:
    """Return what one unit of *variant* costs when it is asked for alone.

    It is the price of the price book, but by policy a variant in no exchange of the cycle has the coordinator's fees
    (FEE-5, FEE-13.9).

    Raises:
        CurrencyMismatchError: its price is in another currency than the distributor's.
        NotFoundError: *terms* lacks a fee of the cycle.
    """
    is_listed = terms.cycle_fees.carries(variant.id) or terms.profile.outside_fees is OutsideFees.NONE
    if is_listed:
        return price_book(terms, [variant])[variant.id]
    occurrences = terms.cycle_fees.coordinator_per_item
    columns = fee_columns(occurrences, units_of([variant], terms), terms)
    return _price(variant, occurrences, (amount for (amount,) in columns), terms)


def _price(
    variant: Variant, occurrences: Sequence[FeeOccurrence], amounts: Iterable[int], terms: PricingTerms
) -> Price:
    shares = zip(occurrences, amounts, strict=True)
    return Price(
        variant=variant.id,
        price=variant.price,
        fees=tuple(FeeShare.of(occurrence, Money(minor, terms.currency)) for occurrence, minor in shares),
        taxes=terms.tax_rules.on(variant.price, variant.tax_category),
        remainders=partial(_remainders, variant, occurrences, terms),
    )


def _remainders(variant: Variant, occurrences: Iterable[FeeOccurrence], terms: PricingTerms) -> tuple[Fraction, ...]:
    """Return what rounding takes away from each of *occurrences* on a line of one *variant*."""
    line = OrderLine(
        variant=variant.id,
        supplier=variant.supplier,
        product_name=variant.name,
        quantity=1,
        price=variant.price,
        tax_category=variant.tax_category,
        fees=tuple(new_charge(each, terms.currency, variant.tax_category) for each in occurrences),
    )
    seen = chargeable_line(variant, price=variant.price.minor, quantity=1, rule=terms.profile.weight_rule)
    return tuple(fee.remainder for fee in price_line(line, seen, terms).line.fees)


def _put(cells: list[int], rows: Sequence[int], column: Sequence[int]) -> None:
    """Put *column* into the *rows* of *cells*."""
    if len(rows) == len(cells):
        cells[:] = column
        return
    for row, number in zip(rows, column, strict=True):
        cells[row] = number

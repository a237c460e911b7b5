"""The prices of everything one distributor sells in one cycle, with what they are made of.

Source:
    FEE-6 (shop price), FEE-13.9, FEE-13.10.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Self

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.charging import charged_minor, price_minor
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money, Rounding
from ofncore.kernel.policies import OutsideFees, WeightRule
from ofncore.model.calculator import Calculator, ChargeableLine
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import TaxCharge
from ofncore.model.product import Variant


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
        sums = {fee_type: self._sum_of(fee_type) for fee_type in FeeType}
        return {fee_type: amount for fee_type, amount in sums.items() if amount}

    @property
    def included_tax(self) -> Money:
        """Tax inside `price`; not that inside the fees."""
        return Money.total((tax.amount for tax in self.taxes if tax.included), self.price.currency)

    def _sum_of(self, fee_type: FeeType) -> Money:
        amounts = (share.amount for share in self.fees if share.fee_type is fee_type)
        return Money.total(amounts, self.price.currency)


@attrs.frozen(eq=False)
class PriceBook(Mapping[VariantId, Price]):
    """Prices by variant, in the order of the variants. It holds whole numbers; a `Price` is made when looked at."""

    _terms: PricingTerms
    _rows: Mapping[VariantId, int]
    #: One entry for each row, in minor units.
    _prices: Sequence[int]
    _tax_categories: Sequence[TaxCategoryId | None]
    #: One entry for each row: its fees, and in the same order their amounts in minor units.
    _occurrences: Sequence[tuple[FeeOccurrence, ...]]
    _amounts: Sequence[tuple[int, ...]]

    def __getitem__(self, variant: VariantId) -> Price:
        row = self._rows[variant]
        currency = self._terms.currency
        price = Money(self._prices[row], currency)
        charges = zip(self._occurrences[row], self._amounts[row], strict=True)
        return Price(
            variant=variant,
            price=price,
            fees=tuple(FeeShare.of(occurrence, Money(minor, currency)) for occurrence, minor in charges),
            taxes=self._terms.tax_rules.on(price, self._tax_categories[row]),
        )

    def __iter__(self) -> Iterator[VariantId]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def price_book(terms: PricingTerms, variants: Iterable[Variant]) -> PriceBook:
    """Return what one unit of each of *variants* costs at the distributor of *terms*.

    Variants that the distributor does not offer are priced too, those in no exchange of the cycle without any fee.

    Raises:
        CurrencyMismatchError: a price is in another currency than the distributor's.
        NotFoundError: *terms* lacks a fee of the cycle.
    """
    listed = tuple(variants)
    prices = [price_minor(variant.price, terms) for variant in listed]
    occurrences: list[tuple[FeeOccurrence, ...]] = [()] * len(listed)
    amounts: list[tuple[int, ...]] = [()] * len(listed)
    for found, rows in terms.cycle_fees.grouped(variant.id for variant in listed):
        units = _Units([listed[row] for row in rows], [prices[row] for row in rows])
        columns = [_unit_charges(occurrence.fee.calculator, units, terms) for occurrence in found]
        for row, charges in zip(rows, zip(*columns, strict=True), strict=False):
            occurrences[row], amounts[row] = found, charges
    return PriceBook(
        terms=terms,
        rows={variant.id: row for row, variant in enumerate(listed)},
        prices=prices,
        tax_categories=[variant.tax_category for variant in listed],
        occurrences=occurrences,
        amounts=amounts,
    )


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
    units = _Units([variant], [price_minor(variant.price, terms)])
    amounts = (_unit_charges(occurrence.fee.calculator, units, terms)[0] for occurrence in occurrences)
    shares = zip(occurrences, amounts, strict=True)
    return Price(
        variant=variant.id,
        price=variant.price,
        fees=tuple(FeeShare.of(occurrence, Money(minor, terms.currency)) for occurrence, minor in shares),
        taxes=terms.tax_rules.on(variant.price, variant.tax_category),
    )


@attrs.frozen
class _Units:
    """Variants that have the same fees, and their prices in minor units."""

    variants: Sequence[Variant]
    prices: Sequence[int]


def _unit_charges(calculator: Calculator, units: _Units, terms: PricingTerms) -> list[int]:
    """Return what *calculator* charges on one unit of each variant at its price, in minor units."""
    # The fast way always rounds half away from zero.
    is_half_up = terms.profile.rounding is Rounding.HALF_UP
    of_price = calculator.unit_charge(minor_per_unit=terms.minor_per_unit) if is_half_up else None
    if of_price is not None:
        return list(map(of_price, units.prices))
    rule = terms.profile.weight_rule
    lines = (_unit_line(variant, price, rule) for variant, price in zip(units.variants, units.prices, strict=True))
    return [charged_minor(calculator, [line], terms) for line in lines]


def _unit_line(variant: Variant, price: int, rule: WeightRule) -> ChargeableLine:
    return chargeable_line(variant, price=price, quantity=1, rule=rule)

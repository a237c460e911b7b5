"""The life of an order's charges: what becomes of fees, shipping, payment fee and taxes when the order changes.

A draft follows the fees of its cycle at each change. What happens once the order is placed is a policy: by
`OrderTerms.FROZEN` each charge keeps the terms that gave its amount until somebody reprices the order, by
`OrderTerms.FOLLOWED` a change brings the fees of today. The amounts of an order are rounded as it says itself, and its
voucher is not computed anew here (see `ofncore.fees.vouchers`).

Source:
    FEE-7, FEE-9, FEE-3 (final weight of a line), FEE-13.12 to FEE-13.16, ORD-O27.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.assessment import chargeable_of
from ofncore.fees.charge_keys import ChargeKey, keyed
from ofncore.fees.charges import PricedLine, new_charge, price_line, price_order_charge, with_terms_of
from ofncore.fees.charging import rounded_charge
from ofncore.fees.tariff import Tariff
from ofncore.fees.taxing import with_taxes
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import scaled_final_weight
from ofncore.kernel.ids import TaxCategoryId
from ofncore.kernel.policies import OrderTerms, Profile, WeightFromZero
from ofncore.model.order import FeeCharge, Order, OrderLine, OrderState, PaymentCharge, ShippingCharge


def keeps_terms(order: Order, profile: Profile) -> bool:
    """Whether the charges of *order* keep the terms that gave them: it is placed, and the policy says so."""
    return order.state is not OrderState.DRAFT and profile.order_terms is OrderTerms.FROZEN


def resized(line: OrderLine, quantity: int, from_zero: WeightFromZero = WeightFromZero.RESTARTED) -> OrderLine:
    """Return *line* with *quantity*, its charges as they were, and its final weight in proportion.

    What becomes of the weight of a line of nothing is told by *from_zero* (FEE-3, ORD-O27).
    """
    weight = _resized_weight(line, quantity, from_zero)
    return attrs.evolve(line, quantity=quantity, wanted=quantity, final_weight=weight)


def _resized_weight(line: OrderLine, quantity: int, from_zero: WeightFromZero) -> Decimal | None:
    weight = line.final_weight
    if line.quantity:
        return None if weight is None else scaled_final_weight(weight, before=line.quantity, after=quantity)
    return None if from_zero is WeightFromZero.RESTARTED else weight or Decimal(0)


def with_lines(order: Order, lines: Sequence[OrderLine], tariff: Tariff) -> Order:
    """Return *order* with *lines* in place of its own, and with all its charges and taxes computed again.

    Where the order keeps its terms, no fee comes or goes but with a line: each charge is computed again by the terms it
    holds, and one whose terms are not known stays as it is. A new line has the fees of *tariff*; fees per order come
    and go with what is ordered from their exchanges. The tax rates of *tariff* should be those of when it was placed.

    Otherwise *tariff* decides, as of today. A line without fees gets its fees if its variant is in the cycle. A line
    that has some keeps those whose fee is still attached in that role, also where its variant left the cycle, and gets
    those that are new; the others go, all at once (FEE-13.13). Fees per order are made anew.

    Raises:
        CurrencyMismatchError: a line's price is in another currency than the distributor's.
        NotFoundError: *tariff* lacks a line's variant, or a fee of its cycle.
    """
    if not keeps_terms(order, tariff.terms.profile):
        return _following(order, lines, tariff)
    priced = tariff.rounded_by(order.rounding)
    known = {line.variant for line in order.lines}
    parts = [
        _price_line(line, _held(line.fees) if line.variant in known else _new(line, priced.terms), priced)
        for line in lines
    ]
    return _charged(order, parts, _held_order_fees(order, lines, priced.terms), priced)


def with_edited_line(order: Order, line: OrderLine, tariff: Tariff) -> Order:
    """Return *order* after a manager's edit of one line, given as it is now; there is a line of its variant.

    Where the order keeps its terms, this is `with_lines`. Otherwise the fees of the line are computed again by the
    terms of today, none is added and none removed; so are those of the order, if it is placed. What was charged by a
    fee that was deleted stays as it is (FEE-13.14).
    """
    lines = [line if each.variant == line.variant else each for each in order.lines]
    if keeps_terms(order, tariff.terms.profile):
        return with_lines(order, lines, tariff)
    priced = tariff.rounded_by(order.rounding)
    parts = [
        _price_line(each, _refreshed(each.fees, priced.terms, each) if each is line else _untouched(each.fees), priced)
        for each in lines
    ]
    is_open = order.state is OrderState.DRAFT
    fees = _untouched(order.fees) if is_open else _refreshed(order.fees, priced.terms, None)
    return _charged(_refreshed_methods(order, priced), parts, fees, priced)


def with_order_fees(order: Order, tariff: Tariff) -> Order:
    """Return *order* with its fees per order computed again; none is added, none removed, and lines keep theirs."""
    priced = tariff.rounded_by(order.rounding)
    is_held = keeps_terms(order, priced.terms.profile)
    parts = [_price_line(line, _untouched(line.fees), priced) for line in order.lines]
    fees = _held(order.fees) if is_held else _refreshed(order.fees, priced.terms, None)
    return _charged(order, parts, fees, priced)


def by_own_terms(order: Order, tariff: Tariff) -> Order:
    """Return *order* with each charge computed again by the terms it holds, under the order's own rounding policy.

    Whatever the profile says, no fee comes or goes; taxes are made anew by the rates of *tariff*.
    """
    priced = tariff.rounded_by(order.rounding)
    parts = [_price_line(line, _held(line.fees), priced) for line in order.lines]
    return _charged(order, parts, _held(order.fees), priced)


def by_todays_terms(order: Order, tariff: Tariff) -> Order:
    """Return *order* with its charges and taxes by *tariff*, as of today, in place of those by the terms they held.

    The lines keep prices, quantities and weights. Doing it again by the same terms changes nothing.
    """
    return _following(order, order.lines, tariff)


def _following(order: Order, lines: Sequence[OrderLine], tariff: Tariff) -> Order:
    priced = tariff.rounded_by(order.rounding)
    parts = [_price_line(line, _followed(line, priced.terms), priced) for line in lines]
    fees = (_Due(charge) for charge in _due_on_order(lines, priced.terms))
    return _charged(_refreshed_methods(order, priced), parts, fees, priced)


# ---------------------------------------------------------------- which charges there are


@attrs.frozen
class _Due:
    """A charge that there is, with the terms it goes by from now on."""

    charge: FeeCharge
    #: By those terms; otherwise its amount stays.
    is_computed: bool = True


def _held(charges: Iterable[FeeCharge]) -> list[_Due]:
    return [_Due(charge) for charge in charges]


def _untouched(charges: Iterable[FeeCharge]) -> list[_Due]:
    return [_Due(charge, is_computed=False) for charge in charges]


def _new(line: OrderLine, terms: PricingTerms) -> list[_Due]:
    return [_Due(charge) for charge in _made(terms.cycle_fees.per_item(line.variant), terms, line)]


def _refreshed(charges: Iterable[FeeCharge], terms: PricingTerms, line: OrderLine | None) -> list[_Due]:
    category = None if line is None else line.tax_category
    return [_by_todays_fee(charge, terms, category) for charge in charges]


def _by_todays_fee(charge: FeeCharge, terms: PricingTerms, category: TaxCategoryId | None) -> _Due:
    """Return *charge* with the terms its fee has today; a charge keeps the name and type it was made with (FEE-7)."""
    fee = terms.fees.get(charge.fee)
    if fee is None or fee.deleted:
        return _Due(charge, is_computed=False)
    return _Due(with_terms_of(charge, fee, category))


def _followed(line: OrderLine, terms: PricingTerms) -> Iterator[_Due]:
    """Yield the fees of a line that follows *terms*."""
    if not line.fees:
        yield from _new(line, terms)
        return
    key_rule, fees = terms.profile.record_key, terms.cycle_fees
    attached = {key for key, _ in keyed(_made(fees.attached_per_item, terms, line), key_rule)}
    seen: set[ChargeKey] = set()
    for key, charge in keyed(line.fees, key_rule):
        if key in attached:
            # FEE-13.12: by role, only the first of the same charges is found again.
            yield _Due(charge, is_computed=False) if key in seen else _by_todays_fee(charge, terms, line.tax_category)
        seen.add(key)
    for key, charge in keyed(_made(fees.per_item(line.variant), terms, line), key_rule):
        if key not in seen:
            seen.add(key)
            yield _Due(charge)


def _held_order_fees(order: Order, lines: Sequence[OrderLine], terms: PricingTerms) -> Iterator[_Due]:
    if {line.variant for line in lines} == {line.variant for line in order.lines}:
        yield from _held(order.fees)
        return
    were = {key for key, _ in keyed(_due_on_order(order.lines, terms))}
    are = dict(keyed(_due_on_order(lines, terms)))
    for key, charge in keyed(order.fees):
        if key in are or key not in were:
            yield _Due(charge)
        are.pop(key, None)
    yield from (_Due(charge) for key, charge in are.items() if key not in were)


def _due_on_order(lines: Iterable[OrderLine], terms: PricingTerms) -> Iterator[FeeCharge]:
    suppliers = {line.variant: line.supplier for line in lines}
    return _made(terms.cycle_fees.per_order(suppliers), terms, None)


def _made(occurrences: Iterable[FeeOccurrence], terms: PricingTerms, line: OrderLine | None) -> Iterator[FeeCharge]:
    category = None if line is None else line.tax_category
    return (new_charge(each, terms.currency, category) for each in occurrences)


# ---------------------------------------------------------------- what they come to


def _price_line(line: OrderLine, due: Iterable[_Due], tariff: Tariff) -> PricedLine:
    rows = list(due)
    # A charge whose terms are not known keeps its amount: so it is not told the terms of one that stays.
    told = tuple(row.charge if row.is_computed else attrs.evolve(row.charge, calculator=None) for row in rows)
    chargeable = chargeable_of(line, tariff.variants, tariff.terms)
    priced = price_line(attrs.evolve(line, fees=told), chargeable, tariff.terms)
    fees = (now if row.is_computed else row.charge for row, now in zip(rows, priced.line.fees, strict=True))
    return attrs.evolve(priced, line=attrs.evolve(priced.line, fees=tuple(fees)))


def _charged(order: Order, parts: Sequence[PricedLine], due: Iterable[_Due], tariff: Tariff) -> Order:
    terms = tariff.terms
    fees = (price_order_charge(row.charge, parts, terms) if row.is_computed else row.charge for row in due)
    changed = attrs.evolve(
        order,
        lines=tuple(part.line for part in parts),
        fees=tuple(fees),
        shipping=_priced_method(order.shipping, parts, terms),
        payment=_priced_method(order.payment, parts, terms),
        profile=terms.profile.name,
    )
    return with_taxes(changed, terms)


M = TypeVar("M", ShippingCharge, PaymentCharge)


def _priced_method(charge: M, parts: Sequence[PricedLine], terms: PricingTerms) -> M:
    """Return *charge* by the calculator it holds, on prices without fees (FEE-9)."""
    if charge.calculator is None:
        return charge
    found = rounded_charge(charge.calculator, [part.chargeable for part in parts], terms)
    return attrs.evolve(charge, amount=found.amount, remainder=found.remainder)


def _refreshed_methods(order: Order, tariff: Tariff) -> Order:
    """Return *order* with the terms its methods have today."""
    method = tariff.shipping
    shipping = attrs.evolve(order.shipping, calculator=method.calculator, tax_category=method.tax_category)
    payment = attrs.evolve(order.payment, calculator=tariff.payment.calculator)
    return attrs.evolve(order, shipping=shipping, payment=payment)

"""The records of fees on an order, and their life.

While an order is open its records follow the fees of the cycle at each computation. What happens afterwards is a
policy: in `OrderTerms.FROZEN` the order keeps the terms of its completion until somebody reprices it, in
`OrderTerms.FOLLOWED` an edit brings the fees of today.

Source:
    FEE-7, FEE-3 (final weight of a line), FEE-13.12 to FEE-13.16.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import ClassVar, Final, Self

import attrs

from ofncore.fees.applicability import FeeOccurrence
from ofncore.fees.charging import charged, price_minor
from ofncore.fees.tax import fee_tax_category
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line, first_final_weight, scaled_final_weight
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import OrderTerms, RecordKey
from ofncore.model.calculator import ChargeableLine
from ofncore.model.fee import EnterpriseFee, FeeRole
from ofncore.model.product import Variant

_LINE: Final = "order line"

#: By what a record is known again: fee, role, and by policy the exchange and which of several there it is.
_Key = tuple[FeeId, FeeRole, EnterpriseId | None, int]


@attrs.frozen(kw_only=True)
class FeeRecord:
    """One fee on one line, or on the order, and what it was charged by."""

    #: The fee whose terms gave `amount`; its name and type are those of when the record was made.
    fee: EnterpriseFee
    role: FeeRole
    #: Supplier or distributor of the exchange it came by; None for coordinator fees.
    exchange: EnterpriseId | None
    amount: Money
    #: What it is taxed by.
    tax_category: TaxCategoryId | None

    #: FEE-7: no record can be waived, and none changes by itself; what computes them again is a call of its own.
    mandatory: ClassVar[bool] = True
    state: ClassVar[str] = "closed"


@attrs.frozen(kw_only=True)
class LineFees:
    """A line of an order with its fee records. There is one line for each variant."""

    #: As it was when the line was made: later prices of the catalogue do not reach the line.
    variant: Variant
    quantity: int = attrs.field(validator=[attrs.validators.instance_of(int), attrs.validators.ge(0)])
    #: Price of one, without fees.
    price: Money
    #: What the whole line is found to be, in grams, litres or pieces; it moves weight fees only.
    final_weight: Decimal
    records: tuple[FeeRecord, ...] = ()
    #: It was there when the order was completed, so its records keep their terms.
    frozen: bool = False

    @classmethod
    def new(cls, variant: Variant, quantity: int) -> Self:
        """Return a line of *quantity* of *variant*, at its price of now, without fees yet."""
        final_weight = first_final_weight(variant, quantity)
        return cls(variant=variant, quantity=quantity, price=variant.price, final_weight=final_weight)

    def with_quantity(self, quantity: int) -> Self:
        """Return the line with *quantity*, and its final weight in proportion."""
        final_weight = scaled_final_weight(self.final_weight, before=self.quantity, after=quantity)
        return attrs.evolve(self, quantity=quantity, final_weight=final_weight)

    @property
    def amount(self) -> Money:
        """Price times quantity, without fees."""
        return self.price * self.quantity

    @property
    def fee_amount(self) -> Money:
        """All fees of the line."""
        return Money.total((record.amount for record in self.records), self.price.currency)


@attrs.frozen(kw_only=True)
class OrderFees:
    """The lines of an order and its fee records."""

    lines: tuple[LineFees, ...]
    #: Records of fees charged once for the order.
    records: tuple[FeeRecord, ...] = ()
    #: The terms in force when the order was completed; None while it is open.
    completed: PricingTerms | None = None

    def line_of(self, variant: VariantId) -> LineFees:
        """Return the line of *variant*.

        Raises:
            NotFoundError: there is none.
        """
        found = next((line for line in self.lines if line.variant.id == variant), None)
        if found is None:
            raise NotFoundError(_LINE, variant)
        return found

    def with_line(self, line: LineFees) -> Self:
        """Return the order with *line* in the place of the line of its variant, or as a new last line."""
        if all(each.variant.id != line.variant.id for each in self.lines):
            return attrs.evolve(self, lines=(*self.lines, line))
        return attrs.evolve(
            self, lines=tuple(line if each.variant.id == line.variant.id else each for each in self.lines)
        )

    def without_line(self, variant: VariantId) -> Self:
        """Return the order without the line of *variant*."""
        return attrs.evolve(self, lines=tuple(line for line in self.lines if line.variant.id != variant))

    def all_records(self) -> Iterator[FeeRecord]:
        """Yield the records of the lines and those of the order."""
        for line in self.lines:
            yield from line.records
        yield from self.records


@attrs.frozen(kw_only=True)
class LineEdit:
    """What a manager changes on a line; None leaves as it is."""

    quantity: int | None = None
    price: Money | None = None
    #: What the whole line was found to be, in the unit of the variant's size.
    final_weight: Decimal | None = None


# ---------------------------------------------------------------- the life of an order's records


def recompute(order: OrderFees, terms: PricingTerms) -> OrderFees:
    """Return *order* with all its fees computed by the *terms* of today, or by its own where they are frozen.

    A line without records gets its fees if its variant is in the cycle. A line that has some keeps those whose fee is
    still attached in that role, also where its variant left the cycle, and gets those that are new; the others go,
    all at once (FEE-13.13). Fees per order are made anew.
    """
    if _is_frozen(order, terms):
        return _recompute_frozen(order, order.completed or terms)
    lines = tuple(attrs.evolve(line, records=tuple(_line_records(line, terms))) for line in order.lines)
    return attrs.evolve(order, lines=lines, records=tuple(_order_records(lines, terms)))


def edit_line(order: OrderFees, terms: PricingTerms, variant: VariantId, edit: LineEdit) -> OrderFees:
    """Return *order* after a manager's edit of one line.

    The records of the line are computed again, none is added and none removed; so are those of the order, if it is
    complete. A record whose fee was deleted stays as it is (FEE-13.14).

    Raises:
        NotFoundError: the order has no line of *variant*.
    """
    edited = _edited(order.line_of(variant), edit)
    terms_of = _terms_in_force(order, terms)
    chargeable = _chargeable(edited, terms)
    records = tuple(_updated(record, [chargeable], terms, edited, terms_of) for record in edited.records)
    changed = order.with_line(attrs.evolve(edited, records=records))
    return changed if order.completed is None else update_order_fees(changed, terms)


def update_order_fees(order: OrderFees, terms: PricingTerms) -> OrderFees:
    """Return *order* with its records of fees per order computed again; none is added and none removed."""
    terms_of = _terms_in_force(order, terms)
    chargeable = [_chargeable(line, terms) for line in order.lines]
    return attrs.evolve(
        order, records=tuple(_updated(record, chargeable, terms, None, terms_of) for record in order.records)
    )


def complete(order: OrderFees, terms: PricingTerms) -> OrderFees:
    """Return *order* as completed; nothing is computed again.

    By policy its terms are frozen from now on (FEE-13.16).
    """
    lines = tuple(attrs.evolve(line, frozen=True) for line in order.lines)
    return attrs.evolve(order, lines=lines, completed=terms)


@attrs.frozen(kw_only=True)
class RecordChange:
    """One fee whose amount is another after repricing."""

    #: The line's variant; None for a fee on the order.
    variant: VariantId | None
    fee: FeeId
    role: FeeRole
    exchange: EnterpriseId | None
    #: None where there was no such record.
    before: Money | None
    #: None where the record is gone.
    after: Money | None


@attrs.frozen(kw_only=True)
class Repricing:
    """What repricing an order does."""

    order: OrderFees
    changes: tuple[RecordChange, ...]
    #: What the fees are more than before; below zero where they are less.
    difference: Money


def reprice(order: OrderFees, terms: PricingTerms) -> Repricing:
    """Return *order* with the *terms* of today in the place of those of its completion, and what that changes.

    The lines keep their prices and quantities. Repricing again by the same terms changes nothing.
    """
    opened = attrs.evolve(order, completed=None)
    repriced = recompute(opened, terms)
    result = repriced if order.completed is None else complete(repriced, terms)
    difference = _fee_total(result, terms) - _fee_total(order, terms)
    return Repricing(order=result, changes=tuple(_changes(order, result)), difference=difference)


def _fee_total(order: OrderFees, terms: PricingTerms) -> Money:
    return Money.total((record.amount for record in order.all_records()), terms.currency)


# ---------------------------------------------------------------- computing records


def _is_frozen(order: OrderFees, terms: PricingTerms) -> bool:
    return order.completed is not None and terms.profile.order_terms is OrderTerms.FROZEN


def _terms_in_force(order: OrderFees, terms: PricingTerms) -> PricingTerms | None:
    """Return the terms whose fees records follow; None where each record keeps its own."""
    return None if _is_frozen(order, terms) else terms


def _line_records(line: LineFees, terms: PricingTerms) -> Iterator[FeeRecord]:
    """Yield the records of one line of an order that follows *terms*."""
    chargeable = [_chargeable(line, terms)]
    applying = terms.cycle_fees.per_item(line.variant.id)
    known = _keyed_records(line.records, terms)
    if not known:
        yield from (_made(occurrence, chargeable, terms, line) for occurrence in applying)
        return
    attached = {key for key, _ in _keyed(terms.cycle_fees.attached_per_item, terms)}
    seen: set[_Key] = set()
    for key, record in known:
        # FEE-13.12: by role, only the first of the same records is found again.
        is_found = key in attached and key not in seen
        if is_found:
            yield _updated(record, chargeable, terms, line, terms)
        elif key in attached:
            yield record
        seen.add(key)
    for key, occurrence in _keyed(applying, terms):
        if key not in seen:
            seen.add(key)
            yield _made(occurrence, chargeable, terms, line)


def _order_records(lines: Sequence[LineFees], terms: PricingTerms) -> Iterator[FeeRecord]:
    chargeable = [_chargeable(line, terms) for line in lines]
    occurrences = terms.cycle_fees.per_order(line.variant.id for line in lines)
    return (_made(occurrence, chargeable, terms, None) for occurrence in occurrences)


def _recompute_frozen(order: OrderFees, terms: PricingTerms) -> OrderFees:
    """Lines and records of the completion keep their terms; a line that came later has those of the completion."""
    lines = tuple(attrs.evolve(line, records=tuple(_frozen_records(line, terms))) for line in order.lines)
    return attrs.evolve(order, lines=lines, records=tuple(_frozen_order_records(order, lines, terms)))


def _frozen_records(line: LineFees, terms: PricingTerms) -> Iterator[FeeRecord]:
    if not line.frozen:
        return _line_records(line, terms)
    chargeable = [_chargeable(line, terms)]
    return (_updated(record, chargeable, terms, line, None) for record in line.records)


def _frozen_order_records(order: OrderFees, lines: Sequence[LineFees], terms: PricingTerms) -> Iterator[FeeRecord]:
    """Fees per order come and go with what is ordered from each exchange, by the terms of the completion."""
    chargeable = [_chargeable(line, terms) for line in lines]
    due = dict(_by_exchange(terms.cycle_fees.per_order(line.variant.id for line in lines)))
    attached = dict(_by_exchange(terms.cycle_fees.attached_per_order))
    for key, record in _records_by_exchange(order.records):
        if key in due or key not in attached:
            yield _updated(record, chargeable, terms, None, None)
        due.pop(key, None)
    yield from (_made(occurrence, chargeable, terms, None) for occurrence in due.values())


def _edited(line: LineFees, edit: LineEdit) -> LineFees:
    resized = line if edit.quantity is None else line.with_quantity(edit.quantity)
    price = resized.price if edit.price is None else edit.price
    final_weight = resized.final_weight if edit.final_weight is None else edit.final_weight
    return attrs.evolve(resized, price=price, final_weight=final_weight)


def _chargeable(line: LineFees, terms: PricingTerms) -> ChargeableLine:
    return chargeable_line(
        line.variant,
        price=price_minor(line.price, terms),
        quantity=line.quantity,
        final_weight=line.final_weight,
        rule=terms.profile.weight_rule,
    )


def _made(
    occurrence: FeeOccurrence, lines: Sequence[ChargeableLine], terms: PricingTerms, line: LineFees | None
) -> FeeRecord:
    fee = occurrence.fee
    return FeeRecord(
        fee=fee,
        role=occurrence.role,
        exchange=occurrence.exchange,
        amount=charged(fee.calculator, lines, terms),
        tax_category=_tax_category(fee, line),
    )


def _updated(
    record: FeeRecord,
    lines: Sequence[ChargeableLine],
    terms: PricingTerms,
    line: LineFees | None,
    followed: PricingTerms | None,
) -> FeeRecord:
    """Return *record* computed again, by the fee as *followed* has it, or by its own terms if there are none."""
    fee = record.fee if followed is None else followed.fees.get(record.fee.id)
    if fee is None or fee.deleted:
        return record
    kept = attrs.evolve(fee, name=record.fee.name, fee_type=record.fee.fee_type)
    amount = charged(fee.calculator, lines, terms)
    return attrs.evolve(record, fee=kept, amount=amount, tax_category=_tax_category(fee, line))


def _tax_category(fee: EnterpriseFee, line: LineFees | None) -> TaxCategoryId | None:
    return fee_tax_category(fee, None if line is None else line.variant.tax_category)


# ---------------------------------------------------------------- knowing records again


def _keyed(occurrences: Iterable[FeeOccurrence], terms: PricingTerms) -> Iterator[tuple[_Key, FeeOccurrence]]:
    if terms.profile.record_key is RecordKey.EXCHANGE:
        return _by_exchange(occurrences)
    return (((each.fee.id, each.role, None, 0), each) for each in occurrences)


def _keyed_records(records: Iterable[FeeRecord], terms: PricingTerms) -> list[tuple[_Key, FeeRecord]]:
    if terms.profile.record_key is RecordKey.EXCHANGE:
        return list(_records_by_exchange(records))
    return [((each.fee.id, each.role, None, 0), each) for each in records]


def _by_exchange(occurrences: Iterable[FeeOccurrence]) -> Iterator[tuple[_Key, FeeOccurrence]]:
    counted: Counter[tuple[FeeId, FeeRole, EnterpriseId | None]] = Counter()
    for each in occurrences:
        place = (each.fee.id, each.role, each.exchange)
        yield (*place, counted[place]), each
        counted[place] += 1


def _records_by_exchange(records: Iterable[FeeRecord]) -> Iterator[tuple[_Key, FeeRecord]]:
    counted: Counter[tuple[FeeId, FeeRole, EnterpriseId | None]] = Counter()
    for each in records:
        place = (each.fee.id, each.role, each.exchange)
        yield (*place, counted[place]), each
        counted[place] += 1


def _changes(before: OrderFees, after: OrderFees) -> Iterator[RecordChange]:
    old, new = dict(_placed(before)), dict(_placed(after))
    for place in dict.fromkeys((*old, *new)):
        was, now = old.get(place), new.get(place)
        if was != now:
            variant, (fee, role, exchange, _) = place
            yield RecordChange(variant=variant, fee=fee, role=role, exchange=exchange, before=was, after=now)


def _placed(order: OrderFees) -> Iterator[tuple[tuple[VariantId | None, _Key], Money]]:
    for line in order.lines:
        for key, record in _records_by_exchange(line.records):
            yield (line.variant.id, key), record.amount
    for key, record in _records_by_exchange(order.records):
        yield (None, key), record.amount

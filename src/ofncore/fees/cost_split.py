"""A cost of a whole cycle, such as the van's, shared over its orders.

The shares add up to the cost to the last minor unit: each is rounded down, and the largest remainders get what is left
over, the earlier id first among equals. In what order the orders come does not matter.

Source:
    FEE-14 (whole-cycle cost split; sharing by largest remainder).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import lcm
from operator import attrgetter
from typing import Final

import attrs

from ofncore.fees.manual import with_adjustment, without_adjustment
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import UnitWeight, line_weight_kg
from ofncore.kernel import exact_numbers
from ofncore.kernel.choices import choice_of
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import AdjustmentId, CustomerId, OrderId, TaxCategoryId, VariantId, joined_id
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.kernel.texts import LONGEST_ID, LONGEST_REMARK, text_problems
from ofncore.model.order import ManualAdjustment, Order, OrderLine
from ofncore.model.product import Variant

_RECORD: Final = "variant"
_SOURCE: Final = "cost"


class SharedBy(StrEnum):
    """What a cost is in proportion to."""

    #: The same for each order.
    ORDER = "order"
    #: The same for each customer, and of that for each order of the customer.
    CUSTOMER = "customer"
    #: The price of the items without fees; nothing for an order that comes to less than zero.
    ITEM_VALUE = "item_value"
    #: The weight of the items in kg, as found where somebody weighed them (FEE-3).
    WEIGHT = "weight"
    #: The number of items.
    QUANTITY = "quantity"


@attrs.frozen(kw_only=True)
class CycleCost:
    """What a whole cycle costs, or brings in, beside its goods and fees."""

    #: Tells it from other costs of the cycle. A cost with the same key takes its place.
    key: str = attrs.field(validator=attrs.validators.instance_of(str))
    #: Its name on the bill of the customers.
    label: str = attrs.field(validator=attrs.validators.instance_of(str))
    #: With included tax in it; below zero for a gain.
    amount: Money = attrs.field(validator=exact_numbers.money)
    shared_by: SharedBy = attrs.field(validator=choice_of(SharedBy))
    #: What the shares are taxed by.
    tax_category: TaxCategoryId | None = None


@attrs.frozen(kw_only=True)
class CostShare:
    """What one order bears of a cost."""

    order: OrderId
    customer: CustomerId
    #: What it was measured by: orders, customers, minor units, kg or pieces.
    figure: Fraction
    amount: Money


@attrs.frozen(kw_only=True)
class CostSplit:
    """A cost, and who bears how much of it; the shares add up to the cost."""

    cost: CycleCost
    #: One for each order that holds any items; sorted by order.
    shares: tuple[CostShare, ...]

    @property
    def by_customer(self) -> dict[CustomerId, Money]:
        """What each customer bears, sorted by customer; one without orders is not named."""
        ranked = sorted(self.shares, key=attrgetter("customer"))
        return {
            customer: Money.total((share.amount for share in found), self.cost.amount.currency)
            for customer, found in groupby(ranked, key=attrgetter("customer"))
        }

    def share_of(self, order: OrderId) -> CostShare | None:
        """Return the share of *order*; None if it bears nothing."""
        return self._by_order.get(order)

    def adjusted(self, order: Order, terms: PricingTerms) -> Order:
        """Return *order* with its share as an adjustment, in place of the one that this cost set on it before.

        The id of the adjustment is made of the order and the key of the cost, so that adjusting twice is the same as
        once. An order that bears nothing gets none, and loses what it had. Taxes are made anew by *terms* where that
        changes anything; fees and voucher stay as they are (FEE-10).
        """
        share = self.share_of(order.id)
        key = AdjustmentId(joined_id(_SOURCE, order.id, self.cost.key))
        if share is None:
            is_set = any(each.id == key for each in order.adjustments)
            return without_adjustment(order, key, terms) if is_set else order
        adjustment = ManualAdjustment(
            id=key, label=self.cost.label, amount=share.amount, tax_category=self.cost.tax_category
        )
        return with_adjustment(order, adjustment, terms)

    @cached_property
    def _by_order(self) -> Mapping[OrderId, CostShare]:
        return {share.order: share for share in self.shares if share.amount}


def split_cost(
    cost: CycleCost, orders: Iterable[Order], variants: Mapping[VariantId, Variant] | None = None
) -> CostSplit | Refusal:
    """Decide what each of the *orders* of a cycle bears of *cost*.

    Orders that are not placed, were cancelled, or hold no items bear nothing (ORD-D7). What an order pays beside its
    items, the share of another cost too, has no part in it. *variants* are needed only to share by weight.

    Returns:
        The split. Or a refusal: a key or label that cannot be kept, an order in another currency, or nothing to share
        the cost over.

    Raises:
        NotFoundError: it is shared by weight, and *variants* lacks an ordered variant.
    """
    bearing = sorted((each for each in orders if _holds_items(each)), key=attrgetter("id"))
    problems = (*_text_problems(cost), *_currency_problems(cost, bearing))
    if problems:
        return Refusal(problems)
    figures = _figures(cost.shared_by, bearing, variants or {})
    if not any(figures):
        return Refusal.of(Code.NOTHING_TO_SHARE, "$.shared_by", label=cost.label, shared_by=cost.shared_by)
    amounts = _amounts(cost, bearing, figures)
    return CostSplit(
        cost=cost,
        shares=tuple(
            CostShare(order=order.id, customer=order.customer, figure=figure, amount=amounts[order.id])
            for order, figure in zip(bearing, figures, strict=True)
        ),
    )


def shared_exactly(amount: Money, weights: Sequence[Fraction]) -> tuple[Money, ...]:
    """Split *amount* in proportion to *weights* of zero or more, as `Money.share` does in proportion to whole ones."""
    scale = lcm(*(weight.denominator for weight in weights))
    return amount.share([int(weight * scale) for weight in weights])


def _holds_items(order: Order) -> bool:
    return order.is_placed and any(line.quantity for line in order.lines)


def _text_problems(cost: CycleCost) -> Iterator[Problem]:
    yield from text_problems("$.key", cost.key, 1, LONGEST_ID)
    yield from text_problems("$.label", cost.label, 1, LONGEST_REMARK)


def _currency_problems(cost: CycleCost, orders: Iterable[Order]) -> Iterator[Problem]:
    found = cost.amount.currency
    for expected in sorted({order.currency for order in orders} - {found}):
        yield problem(Code.OTHER_CURRENCY, "$.amount", found=found, expected=expected)


def _amounts(cost: CycleCost, orders: Sequence[Order], figures: Sequence[Fraction]) -> dict[OrderId, Money]:
    """Share over the customers or the orders, whichever bear the cost, then over the orders of each."""
    bearer = attrgetter("customer" if cost.shared_by is SharedBy.CUSTOMER else "id")
    ranked = sorted(zip(orders, figures, strict=True), key=lambda pair: (bearer(pair[0]), pair[0].id))
    groups = [list(found) for _, found in groupby(ranked, key=lambda pair: bearer(pair[0]))]
    parts = shared_exactly(cost.amount, [sum((figure for _, figure in found), Fraction()) for found in groups])
    return {
        order.id: amount
        for found, part in zip(groups, parts, strict=True)
        for (order, _), amount in zip(found, shared_exactly(part, [figure for _, figure in found]), strict=True)
    }


# ---------------------------------------------------------------- what an order is measured by


def _figures(shared_by: SharedBy, orders: Sequence[Order], variants: Mapping[VariantId, Variant]) -> list[Fraction]:
    match shared_by:
        case SharedBy.ORDER:
            return [Fraction(1) for _ in orders]
        case SharedBy.CUSTOMER:
            of_customer = Counter(order.customer for order in orders)
            return [Fraction(1, of_customer[order.customer]) for order in orders]
        case SharedBy.ITEM_VALUE:
            return [Fraction(max(order.item_total.minor, 0)) for order in orders]
        case SharedBy.WEIGHT:
            return [sum((_weight(line, variants) for line in order.lines), Fraction()) for order in orders]
        case SharedBy.QUANTITY:
            return [Fraction(sum(line.quantity for line in order.lines)) for order in orders]


def _weight(line: OrderLine, variants: Mapping[VariantId, Variant]) -> Fraction:
    try:
        unit = UnitWeight.of(variants[line.variant])
    except KeyError:
        raise NotFoundError(_RECORD, line.variant) from None
    return line_weight_kg(unit, line.quantity, line.final_weight)

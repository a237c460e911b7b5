"""Who got what of the money that buyers paid."""

from collections.abc import Iterable

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.money import Money
from ofncore.model.order import Order


@attrs.frozen(kw_only=True)
class Share:
    """A part of what buyers paid, and whose it is."""

    enterprise: EnterpriseId
    #: What it is for: the name of a fee, or of a way to the customer; empty for goods.
    name: str = ""
    amount: Money
    #: How many lines or orders it was charged on.
    charged: int


@attrs.frozen(kw_only=True)
class MoneyParts:
    """All that buyers paid, in parts that add up to it; the largest of each kind first."""

    #: The price of goods without fees, with included tax in it, by producer.
    producers: tuple[Share, ...]
    #: By owner and name of the fee.
    fees: tuple[Share, ...]
    #: For the way to the customer, by shop.
    shipping: tuple[Share, ...]
    #: For the way to pay, by shop.
    payment: tuple[Share, ...]
    #: Set on orders by hand, by who gets it, and taken off by vouchers, by shop; the latter below zero.
    by_hand: tuple[Share, ...] = ()
    vouchers: tuple[Share, ...] = ()
    #: Tax on top of prices.
    added_tax: Money
    #: Tax inside prices, fees and shipping; it is in the other parts already.
    included_tax: Money
    #: What the orders come to.
    total: Money

    @property
    def parts_total(self) -> Money:
        """The sum of all parts, which is the total."""
        shares = (*self.producers, *self.fees, *self.shipping, *self.payment, *self.by_hand, *self.vouchers)
        return Money.total((each.amount for each in shares), self.total.currency) + self.added_tax

    def fee_owners(self) -> dict[EnterpriseId, Money]:
        """Return what each owner of fees gets, the largest first."""
        sums: dict[EnterpriseId, Money] = {}
        for each in self.fees:
            sums[each.enterprise] = sums.get(each.enterprise, Money.zero(self.total.currency)) + each.amount
        return dict(sorted(sums.items(), key=lambda pair: (-pair[1].minor, pair[0])))


def money_parts(books: Books, orders: Iterable[Order]) -> MoneyParts:
    """Return what *orders* come to, and its parts."""
    counted = [order for order in orders if order.is_placed]
    goods = ((line.supplier, "", line.amount) for order in counted for line in order.lines if line.quantity)
    fees = ((fee.enterprise, fee.name, fee.amount) for order in counted for fee in order.fee_charges())
    shipping = ((order.distributor, order.shipping.name, order.shipping.amount) for order in counted)
    payment = ((order.distributor, order.payment.name, order.payment.amount) for order in counted)
    by_hand = (
        (each.enterprise or order.distributor, each.label, each.amount)
        for order in counted
        for each in order.adjustments
    )
    vouchers = ((order.distributor, each.code, each.amount) for order in counted for each in order.discounts)
    return MoneyParts(
        producers=_shares(goods),
        fees=_shares(fees),
        shipping=_shares(shipping),
        payment=_shares(payment),
        by_hand=_shares(by_hand),
        vouchers=_shares(vouchers),
        added_tax=books.sum([order.added_tax_total for order in counted]),
        included_tax=books.sum([order.included_tax_total for order in counted]),
        total=books.sum([order.total for order in counted]),
    )


def _shares(charges: Iterable[tuple[EnterpriseId, str, Money]]) -> tuple[Share, ...]:
    """Return one share for each enterprise and name, without those of nothing."""
    sums: dict[tuple[EnterpriseId, str], tuple[Money, int]] = {}
    for enterprise, name, amount in charges:
        before, times = sums.get((enterprise, name), (Money.zero(amount.currency), 0))
        sums[enterprise, name] = (before + amount, times + bool(amount))
    shares = (
        Share(enterprise=enterprise, name=name, amount=amount, charged=times)
        for (enterprise, name), (amount, times) in sums.items()
        if amount
    )
    return tuple(sorted(shares, key=lambda share: (-share.amount.minor, share.enterprise, share.name)))

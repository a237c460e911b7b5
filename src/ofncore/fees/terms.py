"""What must be known to price anything that one distributor sells in one cycle."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property
from typing import Self

import attrs

from ofncore.fees.applicability import CycleFees
from ofncore.fees.tax import TaxRules, fee_tax_category
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, TaxRateId
from ofncore.kernel.instants import optional_instant
from ofncore.kernel.money import Money
from ofncore.kernel.policies import PRODUCT, Profile, RoundingPolicy
from ofncore.kernel.tags import Tag, normal_tags
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import EnterpriseFee, TaxRate
from ofncore.model.order import FeeCharge, TaxCharge


@attrs.frozen(kw_only=True)
class PricingTerms:
    """The fees and taxes of one distributor in one cycle, loaded once.

    Keep one for all orders of the distributor in the cycle: what is made ready at the first is used for the others.
    """

    cycle: OrderCycle
    #: Its currency is the currency of every amount; its `charges_sales_tax` switches tax on.
    distributor: Enterprise
    #: At least every fee named by the cycle.
    fees: Mapping[FeeId, EnterpriseFee]
    tax_rates: tuple[TaxRate, ...] = ()
    #: Those of `tax_rates` whose tax, which is in the prices, the customer gets back (FEE-13.21).
    refunded_rates: frozenset[TaxRateId] = frozenset()
    #: Owners whose fees carry no tax. By the rule of Open Food Network there are none: whether fees are taxed is the
    #: distributor's matter alone (FEE-13.19).
    untaxed_owners: frozenset[EnterpriseId] = frozenset()
    #: When fees must be in force to be charged; None for whatever their dates are.
    at: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: Of who buys; empty for a visitor without tags. None for whoever it is: then no fee asks, and none is waived.
    customer_tags: tuple[Tag, ...] | None = attrs.field(default=None, converter=attrs.converters.optional(normal_tags))
    profile: Profile = PRODUCT

    @property
    def currency(self) -> str:
        """The currency of every amount."""
        return self.distributor.currency

    @property
    def minor_per_unit(self) -> int:
        """Number of minor units in one unit of the currency: 100 for EUR."""
        minor: int = 10 ** minor_digits(self.currency)
        return minor

    @property
    def rounding(self) -> RoundingPolicy:
        """Where amounts are rounded; how ties go is the profile's `rounding`."""
        return self.distributor.shop.rounding

    def rounded_by(self, policy: RoundingPolicy) -> Self:
        """Return the same terms under another rounding policy, such as the one that an order was priced by."""
        if policy is self.rounding:
            return self
        shop = attrs.evolve(self.distributor.shop, rounding=policy)
        return attrs.evolve(self, distributor=attrs.evolve(self.distributor, shop=shop))

    @cached_property
    def cycle_fees(self) -> CycleFees:
        """Which fees apply to which variants and orders.

        Raises:
            NotFoundError: the cycle names a fee that is not among `fees`.
        """
        return CycleFees.of(
            self.cycle,
            self.distributor.id,
            self.fees,
            applies=self.applies,
            empty_orders_pay=self.distributor.shop.empty_orders_pay_fees,
        )

    def applies(self, fee: EnterpriseFee) -> bool:
        """Whether *fee* is charged where it is attached: not deleted, in force, and for who buys (FEE-5, FEE-14)."""
        if fee.deleted or not fee.holds_at(self.at):
            return False
        tags = self.customer_tags
        return tags is None or (fee.is_for(tags) and not self._is_waived(fee, tags))

    def for_customer(self, tags: Collection[Tag], at: datetime | None) -> "PricingTerms":
        """Return the terms for a customer with *tags*, at the instant *at*.

        Terms by which the same fees apply are one object, this one if it is among them: so what is made ready for one
        customer serves many. Its own `customer_tags` and `at` may then be those of another.
        """
        asked = attrs.evolve(self, customer_tags=tags, at=at)
        applying = asked._applying  # noqa: SLF001 - of the same class
        return self if applying == self._applying else self._derived.setdefault(applying, asked)

    @cached_property
    def _applying(self) -> frozenset[FeeId]:
        return frozenset(fee.id for fee in self.fees.values() if self.applies(fee))

    @cached_property
    def _derived(self) -> "dict[frozenset[FeeId], PricingTerms]":
        return {}

    def _is_waived(self, fee: EnterpriseFee, tags: Collection[Tag]) -> bool:
        waivers = self.distributor.shop.fee_waivers
        return any(_any_of(each.fee_tags, fee.tags) and _any_of(each.customer_tags, tags) for each in waivers)

    @cached_property
    def tax_rules(self) -> TaxRules:
        """What is taxed at which rates: nothing if the distributor charges no sales tax (FEE-8)."""
        rates = self.tax_rates if self.distributor.charges_sales_tax else ()
        return TaxRules.of(rates, self.profile.rounding, refunded=self.refunded_rates)

    def fee_taxes(self, amount: Money, fee: EnterpriseFee, line: TaxCategoryId | None) -> tuple[TaxCharge, ...]:
        """Return the taxes on *amount* of *fee*, charged on a line taxed as *line* or on the order (FEE-7, FEE-8)."""
        if fee.enterprise in self.untaxed_owners:
            return ()
        return self.tax_rules.on(amount, fee_tax_category(fee, line))

    def charge_taxes(self, charge: FeeCharge) -> tuple[TaxCharge, ...]:
        """Return the taxes on the amount of *charge*, each rounded for itself, by the tax category it holds."""
        if charge.enterprise in self.untaxed_owners:
            return ()
        return self.tax_rules.on(charge.amount, charge.tax_category)


def _any_of(wanted: Collection[Tag], found: Collection[Tag]) -> bool:
    return any(tag in found for tag in wanted)

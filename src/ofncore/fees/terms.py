"""What must be known to price anything that one distributor sells in one cycle."""

from collections.abc import Mapping
from functools import cached_property

import attrs

from ofncore.fees.applicability import CycleFees
from ofncore.fees.tax import TaxRules, fee_tax_category
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, TaxRateId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import EnterpriseFee, TaxRate
from ofncore.model.order import TaxCharge


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

    @cached_property
    def cycle_fees(self) -> CycleFees:
        """Which fees apply to which variants and orders.

        Raises:
            NotFoundError: the cycle names a fee that is not among `fees`.
        """
        return CycleFees.of(self.cycle, self.distributor.id, self.fees)

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

"""What must be known to price anything that one distributor sells in one cycle."""

from collections.abc import Mapping

import attrs

from ofncore.kernel.ids import FeeId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import EnterpriseFee, TaxRate


@attrs.frozen(kw_only=True)
class PricingTerms:
    """The fees and taxes of one distributor in one cycle, loaded once."""

    cycle: OrderCycle
    #: Its currency is the currency of every amount; its `charges_sales_tax` switches tax on.
    distributor: Enterprise
    #: At least every fee named by the cycle.
    fees: Mapping[FeeId, EnterpriseFee]
    tax_rates: tuple[TaxRate, ...] = ()
    profile: Profile = PRODUCT

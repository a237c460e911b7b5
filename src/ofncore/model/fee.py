"""Enterprise fees, and tax categories and rates."""

from decimal import Decimal
from enum import StrEnum

import attrs

from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, TaxRateId
from ofncore.model.calculator import Calculator


class FeeType(StrEnum):
    """What a fee is for (FEE-4), in the order in which shoppers are shown them (FEE-11)."""

    ADMIN = "admin"
    SALES = "sales"
    PACKING = "packing"
    TRANSPORT = "transport"
    FUNDRAISING = "fundraising"


class FeeRole(StrEnum):
    """Where a fee is attached (FEE-1); it does not tell who owns it."""

    #: On an incoming exchange.
    SUPPLIER = "supplier"
    #: On an outgoing exchange.
    DISTRIBUTOR = "distributor"
    #: On the cycle.
    COORDINATOR = "coordinator"


@attrs.frozen(kw_only=True)
class EnterpriseFee:
    """A charge owned by one enterprise, which gets the money."""

    id: FeeId
    enterprise: EnterpriseId
    name: str
    fee_type: FeeType
    calculator: Calculator
    #: Its own tax category; excludes `inherits_tax_category` (FEE-4).
    tax_category: TaxCategoryId | None = None
    #: Taxed like each product it is charged on; only for fees charged per item.
    inherits_tax_category: bool = attrs.field(default=False)
    #: Withdrawn; stays on old orders, never applies again.
    deleted: bool = False

    @inherits_tax_category.validator
    def _check_inheritance(self, _attribute: object, value: bool) -> None:  # noqa: FBT001 - attrs calls it so
        if value and self.tax_category is not None:
            message = "a fee has its own tax category or inherits the product's, not both"
            raise ValueError(message)
        if value and self.calculator.per_order:
            message = f"a fee charged per order ({self.calculator.kind}) cannot inherit the tax category of products"
            raise ValueError(message)


@attrs.frozen(kw_only=True)
class TaxCategory:
    """A class of goods and services for tax."""

    id: TaxCategoryId
    name: str


@attrs.frozen(kw_only=True)
class TaxRate:
    """A tax on one category."""

    id: TaxRateId
    name: str
    tax_category: TaxCategoryId
    #: A fraction: 0.055 is 5.5 %. At most five decimals (FEE-2.4).
    amount: Decimal = attrs.field()
    #: In the prices already; otherwise added to them.
    included_in_price: bool = True

    @amount.validator
    def _check_amount(self, _attribute: object, value: Decimal) -> None:
        if not value.is_finite() or not 0 <= value <= 1:
            message = f"a tax rate is a fraction from 0 to 1, such as 0.055 for 5.5 %, not {value}"
            raise ValueError(message)

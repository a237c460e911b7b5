"""Enterprise fees, and tax categories, rates and zones."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import attrs

from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, TaxRateId, TaxZoneId
from ofncore.kernel.instants import optional_instant
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


class ZoneKind(StrEnum):
    """What the members of a tax zone are."""

    COUNTRY = "country"
    STATE = "state"


@attrs.frozen
class TaxPlace:
    """Where tax is due: a country, or a state of it. Any names or codes will do, if all places use the same."""

    country: str
    state: str = ""

    @property
    def kind(self) -> ZoneKind:
        """Whether it is a state."""
        return ZoneKind.STATE if self.state else ZoneKind.COUNTRY


@attrs.frozen(kw_only=True)
class TaxZone:
    """Places with the same tax rates (FEE-8)."""

    id: TaxZoneId
    name: str = ""
    members: tuple[TaxPlace, ...]
    #: For customers elsewhere or without an address; the zone whose tax is in the prices. At most one zone is.
    is_default: bool = False

    @property
    def kind(self) -> ZoneKind:
        """The kind of its last member; of countries if it has none."""
        return self.members[-1].kind if self.members else ZoneKind.COUNTRY


@attrs.frozen(kw_only=True)
class ZonedRate:
    """A tax rate in the zone and the time for which it was set."""

    rate: TaxRate
    zone: TaxZoneId
    #: The label of the tax tells its percentage.
    shows_percentage: bool = True
    #: Its first instant; None for ever since.
    valid_from: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: The first instant after it; None for no end.
    valid_until: datetime | None = attrs.field(default=None, converter=optional_instant)

    @valid_until.validator
    def _check_order(self, _attribute: object, value: datetime | None) -> None:
        if self.valid_from is not None and value is not None and value <= self.valid_from:
            message = f"a tax rate ends after it begins ({self.valid_from}), not at {value}"
            raise ValueError(message)

    def holds_at(self, at: datetime | None) -> bool:
        """Whether it is in force at the instant *at*; with None, whatever its dates are."""
        if at is None:
            return True
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_until is None or at < self.valid_until)

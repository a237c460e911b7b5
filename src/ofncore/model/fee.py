"""Enterprise fees, and tax categories, rates and zones."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from ofncore.kernel import exact_numbers
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId, TaxRateId, TaxZoneId
from ofncore.kernel.instants import optional_instant
from ofncore.kernel.tags import Tag, normal_tags
from ofncore.model.calculator import Calculator

#: FEE-2.4.
_RATE_DECIMALS: Final = 5


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


class FeeBase(StrEnum):
    """What the percentages and limits of a fee look at (FEE-14, base of a percentage).

    Fees of one base never look at each other, so their order does not matter.
    """

    #: The price without any fee, as in Open Food Network.
    PRODUCER_PRICE = "producer_price"
    #: That price with the fees per item whose base it is.
    PRICE_WITH_ITEM_FEES = "price_with_item_fees"
    #: That with the fees per item of both other bases, and the tax added to all of it: what the shopper sees.
    PRICE_WITH_FEES_AND_TAX = "price_with_fees_and_tax"


class ChargedPer(StrEnum):
    """How often a fee is charged, and on which lines (FEE-4, FEE-14, scope of fees)."""

    #: As its calculator says: for each line, or for each exchange that carries any of the order.
    CALCULATOR = "calculator"
    #: For each line.
    LINE = "line"
    #: Once for the order, in however many exchanges it is attached.
    ORDER = "order"
    #: Once for each supplier in the order that it reaches, on the lines of that supplier.
    SUPPLIER = "supplier"
    #: Once for each exchange that carries any of the order, on all lines of the order; a coordinator fee once.
    EXCHANGE = "exchange"


def is_within(at: datetime | None, begins: datetime | None, ends: datetime | None) -> bool:
    """Whether *at* lies from *begins* to before *ends*; a missing bound bounds nothing, and without *at* it does."""
    return at is None or ((begins is None or begins <= at) and (ends is None or at < ends))


def is_per_order(calculator: Calculator, charged_per: ChargedPer) -> bool:
    """Whether a fee of *calculator* is charged on the order, or on a part of it; otherwise on each line (FEE-4)."""
    if charged_per is ChargedPer.CALCULATOR:
        return calculator.per_order
    return charged_per is not ChargedPer.LINE


@attrs.frozen(kw_only=True)
class EnterpriseFee:
    """A charge owned by one enterprise, which gets the money."""

    id: FeeId
    enterprise: EnterpriseId
    name: str
    fee_type: FeeType = attrs.field(validator=choice_of(FeeType))
    calculator: Calculator = attrs.field()
    #: Its own tax category; excludes `inherits_tax_category` (FEE-4).
    tax_category: TaxCategoryId | None = None
    #: Taxed like each product it is charged on; only for fees charged per item.
    inherits_tax_category: bool = attrs.field(default=False)
    base: FeeBase = attrs.field(default=FeeBase.PRODUCER_PRICE, validator=choice_of(FeeBase))
    charged_per: ChargedPer = attrs.field(default=ChargedPer.CALCULATOR, validator=choice_of(ChargedPer))
    #: Floor and cap of each charge, in major units of the currency; below zero for a discount.
    at_least: Decimal | None = attrs.field(default=None, validator=exact_numbers.finite)
    at_most: Decimal | None = attrs.field(default=None, validator=exact_numbers.finite)
    #: Its first instant; None for ever since.
    valid_from: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: The first instant after it; None for no end.
    valid_until: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: Groups it, for the fee rules of shops.
    tags: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)
    #: Charged only to customers with any of these tags; none for everybody.
    only_for: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)
    #: Never charged to customers with any of these tags.
    never_for: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)
    #: Withdrawn; stays on old orders, never applies again.
    deleted: bool = False

    def holds_at(self, at: datetime | None) -> bool:
        """Whether it is in force at the instant *at*; with None, whatever its dates are."""
        return is_within(at, self.valid_from, self.valid_until)

    def is_for(self, customer_tags: Collection[Tag]) -> bool:
        """Whether a customer with these tags is charged it."""
        wanted = not self.only_for or any(tag in customer_tags for tag in self.only_for)
        return wanted and not any(tag in customer_tags for tag in self.never_for)

    @property
    def per_order(self) -> bool:
        """Charged on the order, or on a part of it; otherwise on each line (FEE-4)."""
        return is_per_order(self.calculator, self.charged_per)

    @calculator.validator
    def _check_calculator(self, _attribute: object, value: object) -> None:
        if not isinstance(value, Calculator):
            message = f"a fee needs a calculator, not {type(value).__name__} {value!r}"
            raise ValueError(message)  # noqa: TRY004 - whoever shows a refused value catches one exception

    @inherits_tax_category.validator
    def _check_inheritance(self, _attribute: object, value: bool) -> None:  # noqa: FBT001 - attrs calls it so
        if value and self.tax_category is not None:
            message = "a fee has its own tax category or inherits the product's, not both"
            raise ValueError(message)
        if value and is_per_order(self.calculator, self.charged_per):
            message = f"a fee charged per order ({self.calculator.kind}) cannot inherit the tax category of products"
            raise ValueError(message)

    @at_most.validator
    def _check_limits(self, _attribute: object, value: Decimal | None) -> None:
        if value is not None and self.at_least is not None and value < self.at_least:
            message = f"a fee is at least {self.at_least}, so it cannot be at most {value}"
            raise ValueError(message)

    @valid_until.validator
    def _check_validity(self, _attribute: object, value: datetime | None) -> None:
        if self.valid_from is not None and value is not None and value <= self.valid_from:
            message = f"a fee ends after it begins ({self.valid_from}), not at {value}"
            raise ValueError(message)


@attrs.frozen(kw_only=True)
class TaxCategory:
    """A class of goods and services for tax."""

    id: TaxCategoryId
    name: str
    #: What goods without a category of their own are taxed by; at most one category is.
    is_default: bool = False


@attrs.frozen(kw_only=True)
class TaxRate:
    """A tax on one category, in the zone and for the time it was set for.

    An amount that changes is a new rate, so that what was charged before keeps its own (FEE-7).
    """

    id: TaxRateId
    name: str
    tax_category: TaxCategoryId
    #: A fraction: 0.055 is 5.5 %. At most five decimals (FEE-2.4).
    amount: Decimal = attrs.field()
    #: In the prices already; otherwise added to them.
    included_in_price: bool = True
    #: Where it is due; None for everywhere.
    zone: TaxZoneId | None = None
    #: The label of the tax tells its percentage.
    shows_percentage: bool = True
    #: Its first instant; None for ever since.
    valid_from: datetime | None = attrs.field(default=None, converter=optional_instant)
    #: The first instant after it; None for no end.
    valid_until: datetime | None = attrs.field(default=None, converter=optional_instant)

    @amount.validator
    def _check_amount(self, _attribute: object, value: object) -> None:
        amount = exact_numbers.finite_decimal("amount", value)
        if not 0 <= amount <= 1:
            message = f"a tax rate is a fraction from 0 to 1, such as 0.055 for 5.5 %, not {value}"
            raise ValueError(message)
        exact_numbers.check_decimals("amount", amount, _RATE_DECIMALS)

    @valid_until.validator
    def _check_order(self, _attribute: object, value: datetime | None) -> None:
        if self.valid_from is not None and value is not None and value <= self.valid_from:
            message = f"a tax rate ends after it begins ({self.valid_from}), not at {value}"
            raise ValueError(message)

    def holds_at(self, at: datetime | None) -> bool:
        """Whether it is in force at the instant *at*; with None, whatever its dates are."""
        return is_within(at, self.valid_from, self.valid_until)


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

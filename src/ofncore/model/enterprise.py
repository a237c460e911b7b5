"""Enterprises: every actor that farms, shops, groups or distributes."""

from enum import StrEnum

import attrs

from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.policies import RoundingPolicy
from ofncore.kernel.tags import Tag, normal_tags


class Sells(StrEnum):
    """What an enterprise sells (CYC-1)."""

    #: A profile; it has no shop.
    NONE = "none"
    #: A producer shop: its own goods only.
    OWN = "own"
    #: A hub: goods of others too.
    ANY = "any"
    #: Not chosen yet; treated as a profile (PERM-10 `unset-coordinator`).
    UNSPECIFIED = "unspecified"


@attrs.frozen(kw_only=True)
class Address:
    """A postal address."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    #: ISO 3166 code of two letters.
    country: str = ""
    #: State, province or region, as tax zones name it.
    state: str = ""


class TaxAddress(StrEnum):
    """Which of a customer's addresses tax goes by."""

    #: Where the goods go: the customer's address, or the place of a pick-up.
    SHIP = "ship"
    #: The customer's own.
    BILL = "bill"


@attrs.frozen(kw_only=True)
class FeeWaiver:
    """Customers with any of some tags do not pay fees with any of others (FEE-14, fees by customer)."""

    customer_tags: tuple[Tag, ...] = attrs.field(converter=normal_tags)
    fee_tags: tuple[Tag, ...] = attrs.field(converter=normal_tags)


@attrs.frozen(kw_only=True)
class ShopSettings:
    """Choices an enterprise makes for its shop."""

    #: Standing orders are placed for this shop (SUB-1); off places nothing new (SUB-18 d12).
    subscriptions_enabled: bool = False
    #: Standing orders that could not be placed before the close are still placed this many days after it; 0 reports
    #: them as missed (SUB-17.4).
    late_placement_days: int = attrs.field(default=0, validator=attrs.validators.ge(0))
    #: Customers may take items off a placed order while the cycle is open (SUB-K14, ORD-6).
    customers_may_change_orders: bool = False
    #: Suppliers may change their own lines in this shop's orders (ORD-O25).
    producers_may_change_orders: bool = False
    #: Suppliers see buyers' names / phone and e-mail (PERM-7); hidden by default.
    show_customer_names_to_suppliers: bool = False
    show_customer_contacts_to_suppliers: bool = False
    #: Where the amounts of new orders are rounded.
    rounding: RoundingPolicy = attrs.field(default=RoundingPolicy.PER_UNIT, validator=choice_of(RoundingPolicy))
    #: Which address of a customer decides on the tax zone (FEE-8).
    tax_address: TaxAddress = attrs.field(default=TaxAddress.SHIP, validator=choice_of(TaxAddress))
    #: An order without lines pays the coordinator's fees per order, as in Open Food Network (FEE-13.8).
    empty_orders_pay_fees: bool = True
    #: Which customers do not pay which fees.
    fee_waivers: tuple[FeeWaiver, ...] = ()


@attrs.frozen(kw_only=True)
class Enterprise:
    """An actor of the network."""

    id: EnterpriseId
    name: str
    owner: UserId
    #: Users who act for it. The owner acts for it only if named here too (PERM-1).
    managers: tuple[UserId, ...] = ()
    #: What it is: it grows or makes goods.
    is_producer: bool = False
    sells: Sells = attrs.field(default=Sells.NONE, validator=choice_of(Sells))
    #: ISO 4217 code of all its prices.
    currency: str
    #: Name in the IANA time zone database; its days and weeks run there.
    time_zone: str
    #: Language of what it reads, such as ``fr`` or ``ca``.
    locale: str = "en"
    #: First part of its order codes (ORD-K1); needed by an enterprise that sells.
    order_code_prefix: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address = attrs.field(factory=Address)
    #: Whether its sales carry tax (FEE-8).
    charges_sales_tax: bool = True
    shop: ShopSettings = attrs.field(factory=ShopSettings)

    @property
    def is_hub(self) -> bool:
        """It may sell the goods of others."""
        return self.sells is Sells.ANY

    @property
    def is_shop(self) -> bool:
        """It may sell at all."""
        return self.sells in (Sells.OWN, Sells.ANY)

"""Profiles: which of two defensible rules applies, as values.

A rule asks its policy, never "which profile". `PRODUCT` is the specification and the default. `OFN` holds what Open
Food Network does wherever its behaviour is a rule somebody could rely on. Defects are in neither. `DEVIATIONS` is the
register of where the two part: a code for each policy that differs.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

import attrs

from ofncore.kernel.choices import check_choice
from ofncore.kernel.edit_policies import (
    AbsentField,
    AbsentList,
    CoordinatorChoice,
    CycleFees,
    ExchangeFees,
    Granting,
    HiddenExchanges,
    Instructions,
    Joining,
    Selectable,
    UntickedGoods,
    Withdrawal,
)
from ofncore.kernel.money import Rounding
from ofncore.kernel.permission_policies import (
    CarriedGoods,
    DistributorKind,
    OrderScreens,
    OrdersKept,
    OrphanOrders,
    UnsetCoordinator,
)


class CycleBounds(StrEnum):
    """Whether an order cycle is open at the exact instants of its opening and closing (CYC-14.1, code `bounds`)."""

    #: Open from the opening to the closing, both included; no gap between the states.
    INCLUDED = "included"
    #: Open strictly between them, as the predicate of Open Food Network.
    EXCLUDED = "excluded"


class WeightRule(StrEnum):
    """What fees by weight go by (FEE-3, FEE-13.5, code `weight-units`)."""

    #: What is sold by weight counts by its size, to the gram, in the unit of the fee.
    DESIGNED = "designed"
    #: Everything counts by its noted weight in kg, of two decimals; a pound is charged as a kilogram.
    AS_RUN = "as_run"


class WeightFromZero(StrEnum):
    """What becomes of the final weight of a line raised from zero (FEE-3, ORD-O27, code `weight-from-zero`)."""

    #: It begins anew, as what nobody measured: each unit counts by its size.
    RESTARTED = "restarted"
    #: It stays what it was, which is zero where nobody measured it.
    KEPT = "kept"


class OrderTerms(StrEnum):
    """Which fees a completed order is charged when it is edited or computed anew (FEE-7, FEE-13.16, `frozen-terms`)."""

    #: Those of its completion, until somebody reprices it.
    FROZEN = "frozen"
    #: Those of today.
    FOLLOWED = "followed"


class RecordKey(StrEnum):
    """By what a computation knows the fee records of a line again (FEE-7, FEE-13.12, code `record-keys`)."""

    #: By fee, role and exchange: every record is kept up.
    EXCHANGE = "exchange"
    #: By fee and role: of two with the same, only the first is kept up.
    ROLE = "role"


class OutsideFees(StrEnum):
    """Fees on the price of a variant in no exchange of the cycle, asked alone (FEE-5, FEE-13.9, `outside-cycle`)."""

    #: None, as in product lists.
    NONE = "none"
    #: The coordinator's.
    COORDINATOR = "coordinator"


class ItemLimits(StrEnum):
    """Which limits of items a fee may be given (FEE-3, FEE-13.4, code `item-limits`)."""

    #: Zero or more.
    NOT_NEGATIVE = "not_negative"
    #: Any whole number.
    ANY = "any"


class TaxCalculator(StrEnum):
    """What becomes of a fee with the calculator of tax rates, which is none for fees (FEE-4, code `tax-calculator`)."""

    #: It is refused, as every unknown calculator.
    REFUSED = "refused"
    #: It is kept, as a fee per item.
    KEPT = "kept"


class VoucherTax(StrEnum):
    """Which taxes the discount of a voucher tells its share of (FEE-10, FEE-13.18, code `voucher-tax`)."""

    #: Added tax and included tax.
    ALL = "all"
    #: Included tax only where no tax is added.
    ADDED_FIRST = "added_first"


class NegativeVouchers(StrEnum):
    """What a voucher of some percent takes off an order of less than zero (FEE-10, `negative-vouchers`)."""

    #: Nothing, as one of a fixed amount (FEE-13.17).
    NOTHING = "nothing"
    #: Its percentage, so that the buyer gets less.
    PERCENTAGE = "percentage"


class RoundingPolicy(StrEnum):
    """Where the amounts of an order are rounded; a choice of each shop (FEE-13.1, FEE-14, rounding).

    All round to the currency's own minor units. What a policy does not speak of is as under `PER_UNIT`.
    """

    #: A percentage of a price for one unit, then times the quantity; each tax for itself. Open Food Network's.
    PER_UNIT = "per_unit"
    #: Each fee for all that it is charged on, once.
    PER_LINE = "per_line"
    #: The taxes of one rate for the whole order, once; the largest remainders share the sum out.
    TAX_PER_RATE = "tax_per_rate"
    #: The tax that is added to one unit of a line, on its price and its fees together, then times the quantity: what
    #: one unit costs with its tax is kept.
    KEEP_GROSS = "keep_gross"


@attrs.frozen(kw_only=True)
class Profile:
    """A named set of policies; recorded by name with the results it gave."""

    name: str
    cycle_bounds: CycleBounds = CycleBounds.INCLUDED
    weight_rule: WeightRule = WeightRule.DESIGNED
    weight_from_zero: WeightFromZero = WeightFromZero.RESTARTED
    order_terms: OrderTerms = OrderTerms.FROZEN
    record_key: RecordKey = RecordKey.EXCHANGE
    outside_fees: OutsideFees = OutsideFees.NONE
    item_limits: ItemLimits = ItemLimits.NOT_NEGATIVE
    tax_calculator: TaxCalculator = TaxCalculator.REFUSED
    #: How many digits before the point a fee may have; None for as many as money has (FEE-2.1, code `amount-digits`).
    amount_digits: int | None = None
    voucher_tax: VoucherTax = VoucherTax.ALL
    negative_vouchers: NegativeVouchers = NegativeVouchers.NOTHING
    distributor_kind: DistributorKind = DistributorKind.SHOPS
    unset_coordinator: UnsetCoordinator = UnsetCoordinator.REFUSED
    orders_kept: OrdersKept = OrdersKept.ALWAYS
    carried_goods: CarriedGoods = CarriedGoods.VARIANTS
    order_screens: OrderScreens = OrderScreens.ROWS
    orphan_orders: OrphanOrders = OrphanOrders.CREATOR
    supplier_joining: Joining = Joining.GRANTED
    distributor_joining: Joining = Joining.GRANTED
    selectable: Selectable = Selectable.READY
    instructions: Instructions = Instructions.COORDINATOR
    cycle_fees: CycleFees = CycleFees.COORDINATOR
    exchange_fees: ExchangeFees = ExchangeFees.OWN
    unticked_goods: UntickedGoods = UntickedGoods.LEAVE_LISTS
    hidden_exchanges: HiddenExchanges = HiddenExchanges.LEFT_ALONE
    absent_list: AbsentList = AbsentList.UNCHANGED
    absent_field: AbsentField = AbsentField.UNCHANGED
    coordinator_choice: CoordinatorChoice = CoordinatorChoice.MANAGED
    granting: Granting = Granting.GRANTOR
    withdrawal: Withdrawal = Withdrawal.REMOVE_NOW
    #: How fees, taxes and totals become whole minor units.
    rounding: Rounding = Rounding.HALF_UP
    #: Work done later than this after it fell due is marked late (CYC-14.9, SUB-17.4).
    punctuality: timedelta = timedelta(hours=1)

    def __attrs_post_init__(self) -> None:
        for field in attrs.fields(Profile):
            if isinstance(field.default, StrEnum):
                check_choice(field.name, getattr(self, field.name), type(field.default))

    def late_mark(self, due: datetime, now: datetime) -> datetime | None:
        """Return *now* if work that fell due at *due* is late by now, else None."""
        return now if now - due > self.punctuality else None

    def switched(self, codes: Iterable[str], *, to: "Profile") -> Self:
        """Return this profile with the policies of *codes* as *to* has them.

        Raises:
            KeyError: a code is not in `DEVIATIONS`.
        """
        named = sorted(codes)
        policies = {DEVIATIONS[code]: getattr(to, DEVIATIONS[code]) for code in named}
        return attrs.evolve(self, name="+".join((self.name, *named)), **policies)


#: The deviations register: each code with the one policy of `Profile` it is about, by the name of the field.
DEVIATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "absent-field": "absent_field",
        "absent-list": "absent_list",
        "amount-digits": "amount_digits",
        "bounds": "cycle_bounds",
        "cascade": "unticked_goods",
        "create-rights": "coordinator_choice",
        "cycle-attributes": "cycle_fees",
        "delivery-instructions": "instructions",
        "distributor-consent": "distributor_joining",
        "distributor-kind": "distributor_kind",
        "foreign-exchanges": "hidden_exchanges",
        "frozen-terms": "order_terms",
        "grant-rights": "granting",
        "item-limits": "item_limits",
        "negative-vouchers": "negative_vouchers",
        "orders-kept": "orders_kept",
        "orphan-orders": "orphan_orders",
        "outside-cycle": "outside_fees",
        "own-fees": "exchange_fees",
        "readiness": "selectable",
        "record-keys": "record_key",
        "row-level": "order_screens",
        "supplier-consent": "supplier_joining",
        "tax-calculator": "tax_calculator",
        "unset-coordinator": "unset_coordinator",
        "variant-level": "carried_goods",
        "voucher-tax": "voucher_tax",
        "weight-from-zero": "weight_from_zero",
        "weight-units": "weight_rule",
        "withdrawal": "withdrawal",
    }
)

PRODUCT: Final = Profile(name="product")
OFN: Final = Profile(
    name="ofn",
    cycle_bounds=CycleBounds.EXCLUDED,
    weight_rule=WeightRule.AS_RUN,
    weight_from_zero=WeightFromZero.KEPT,
    order_terms=OrderTerms.FOLLOWED,
    record_key=RecordKey.ROLE,
    outside_fees=OutsideFees.COORDINATOR,
    item_limits=ItemLimits.ANY,
    tax_calculator=TaxCalculator.KEPT,
    amount_digits=8,
    voucher_tax=VoucherTax.ADDED_FIRST,
    negative_vouchers=NegativeVouchers.PERCENTAGE,
    distributor_kind=DistributorKind.HUBS,
    unset_coordinator=UnsetCoordinator.OFFERED,
    orders_kept=OrdersKept.GRANTED,
    carried_goods=CarriedGoods.PRODUCTS,
    order_screens=OrderScreens.SCREENS,
    orphan_orders=OrphanOrders.SHOPS,
    supplier_joining=Joining.ANYBODY,
    distributor_joining=Joining.ANYBODY,
    selectable=Selectable.ALL,
    instructions=Instructions.ALL_WHO_SEE,
    cycle_fees=CycleFees.PARTICIPANTS,
    exchange_fees=ExchangeFees.ANY,
    unticked_goods=UntickedGoods.STAY_ON_SALE,
    hidden_exchanges=HiddenExchanges.REMOVED,
    absent_list=AbsentList.EMPTY,
    absent_field=AbsentField.CLEARED,
    coordinator_choice=CoordinatorChoice.ANYBODY,
    granting=Granting.ANY_MANAGER,
    withdrawal=Withdrawal.REMOVE_EVERYWHERE,
)

"""The fees, taxes and vouchers of random worlds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.ids import EnterpriseId
from ofncore.model.calculator import Calculator
from ofncore.model.enterprise import Address
from ofncore.model.fee import (
    ChargedPer,
    EnterpriseFee,
    FeeBase,
    FeeType,
    TaxCategory,
    TaxPlace,
    TaxRate,
    TaxZone,
    is_per_order,
)
from ofncore.model.voucher import Voucher, VoucherKind
from ofncore.testing import worlds
from ofncore.testing.chance import Chance

#: The tax categories of goods, and of fees and methods.
FOOD: Final = "food"
SERVICE: Final = "service"

_HOME: Final = "home"
_ABROAD: Final = "abroad"
#: Whether rates are included in prices, for each way to tax.
_TAXES: Final[tuple[tuple[bool, ...], ...]] = ((), (True,), (False,), (True, False))
_ADDRESSES: Final = (Address(country="FR"), Address(country="FR", state="BRE"), Address(country="ES"), Address())

#: Calculators and their settings.
_CALCULATORS: Final[dict[str, tuple[str, ...]]] = {
    "flat_percent_per_item": ("flat_percent",),
    "flat_percent_item_total": ("flat_percent",),
    "flat_rate": ("amount",),
    "per_item": ("amount",),
    "flexi_rate": ("first_item", "additional_item", "max_items"),
    "price_sack": ("minimal_amount", "normal_amount", "discount_amount"),
    "weight": ("unit_from_list", "per_unit"),
    "none": (),
}


class RandomMoney:
    """Makes what a world charges, in one currency."""

    def __init__(self, chance: Chance, currency: str) -> None:
        self._chance, self._currency = chance, currency
        self._taxes = chance.one(_TAXES)
        self._has_zones = chance.once_in(2)
        self._has_default = chance.once_in(2)

    # taxes

    @property
    def tax_categories(self) -> tuple[TaxCategory, ...]:
        """That of goods, which may be the default, and that of services."""
        return worlds.tax_category(FOOD, is_default=self._has_default), worlds.tax_category(SERVICE)

    @property
    def tax_zones(self) -> tuple[TaxZone, ...]:
        """None; or that of the prices and one abroad."""
        if not self._has_zones:
            return ()
        return worlds.tax_zone(_HOME, is_default=True), worlds.tax_zone(_ABROAD, members=(TaxPlace("ES"),))

    def tax_rates(self) -> Iterator[TaxRate]:
        """Yield the rates: of each category as many as the world has, in each zone if there are zones."""
        for category in (FOOD, SERVICE):
            for zone in [each.id for each in self.tax_zones] if self._has_zones else [None]:
                for included in self._taxes:
                    yield worlds.tax_rate(
                        f"{category}-{'included' if included else 'added'}-{zone or 'everywhere'}",
                        tax_category=category,
                        amount=Decimal(self._chance.number(1, 2500)) / 10000,
                        included_in_price=included,
                        zone=zone,
                    )

    def address(self) -> Address:
        """Return an address at home, abroad or nowhere."""
        return self._chance.one(_ADDRESSES)

    # fees

    def fee(self, number: int, owner: EnterpriseId, beginning: datetime) -> EnterpriseFee:
        """Return a fee of *owner*; one of dates begins or ends in the two weeks after *beginning*."""
        chance, calculator = self._chance, self._calculator()
        charged_per = ChargedPer.CALCULATOR if chance.once_in(2) else chance.one(list(ChargedPer))
        inherits = not is_per_order(calculator, charged_per) and chance.once_in(3)
        turn = beginning + timedelta(hours=chance.number(1, 300))
        return worlds.fee(
            f"fee-{number}",
            enterprise=owner,
            fee_type=chance.one(list(FeeType)),
            calculator=calculator,
            inherits_tax_category=inherits,
            tax_category=None if inherits or chance.once_in(2) else SERVICE,
            base=FeeBase.PRODUCER_PRICE if chance.once_in(2) else chance.one(list(FeeBase)),
            charged_per=charged_per,
            at_least=self._amount(chance.number(-200, 100)) if chance.once_in(5) else None,
            at_most=self._amount(chance.number(100, 900)) if chance.once_in(5) else None,
            valid_from=turn if chance.once_in(6) else None,
            valid_until=turn + timedelta(days=2) if chance.once_in(6) else None,
            tags=chance.some(["handling"]),
            only_for=("guest",) if chance.once_in(8) else (),
            never_for=("member",) if chance.once_in(8) else (),
            deleted=chance.once_in(12),
        )

    def calculator_of_method(self) -> Calculator:
        """Return what a way to get or to pay costs: nothing, every other time."""
        return worlds.calculator() if self._chance.once_in(2) else self._calculator()

    def _calculator(self) -> Calculator:
        kind = self._chance.one(sorted(_CALCULATORS))
        return worlds.calculator(kind, **{name: self._setting(name) for name in _CALCULATORS[kind]})

    def _setting(self, name: str) -> object:
        if name == "max_items":
            return self._chance.number(0, 5)
        if name == "unit_from_list":
            return self._chance.one(["kg", "lb"])
        amount = self._chance.number(-80, 300)
        if name == "flat_percent":
            return Decimal(amount) / 10
        return self._amount(amount)

    def _amount(self, number: int) -> Decimal:
        """Return *number* in hundredths of the currency, or in whole units if that has none."""
        return Decimal(number) / (100 if minor_digits(self._currency) else 1)

    # vouchers

    def voucher(self, shop: EnterpriseId) -> Voucher:
        """Return the voucher of *shop*, whose code is ``FOR-`` and the shop's id."""
        chance = self._chance
        kind = chance.one(list(VoucherKind))
        value = Decimal(chance.number(0, 60))
        return worlds.voucher(
            f"for-{shop}", enterprise=shop, code=voucher_code(shop), kind=kind, value=value, deleted=chance.once_in(6)
        )


def voucher_code(shop: EnterpriseId) -> str:
    """Return the code of the voucher of *shop*."""
    return f"FOR-{shop}"

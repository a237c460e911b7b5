"""What the adjustments of an order are called, in the reader's language.

Source:
    FEE-7 (labels of fees), FEE-8 (of taxes), FEE-9, FEE-10.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from ofncore.fees.adjustments import Adjustment
from ofncore.fees.tax_labels import tax_label, voucher_label
from ofncore.kernel.catalogue import DEFAULT_LANGUAGE, text
from ofncore.kernel.ids import EnterpriseId, TaxCategoryId, TaxRateId
from ofncore.kernel.refusals import Parameters
from ofncore.model.fee import FeeRole, TaxRate
from ofncore.model.order import Discount, FeeCharge, ManualAdjustment, OrderLine, TaxCharge

_LONGEST: Final = 255
_CUT: Final = "..."


@attrs.frozen(kw_only=True)
class Names:
    """What labels call things by; what is missing is called by its id, and a tax without its percentage."""

    enterprises: Mapping[EnterpriseId, str] = MappingProxyType({})
    tax_rates: Mapping[TaxRateId, TaxRate] = MappingProxyType({})
    tax_categories: Mapping[TaxCategoryId, str] = MappingProxyType({})


def adjustment_label(adjustment: Adjustment, names: Names, locale: str = DEFAULT_LANGUAGE) -> str:
    """Return the label of *adjustment* in the language of *locale*.

    Shipping, payment and manual adjustments are called as on the order; fees, taxes and vouchers by their rules.
    """
    match adjustment.source:
        case FeeCharge() as charge:
            return _fee_label(charge, adjustment.line, names, locale)
        case TaxCharge() as charge:
            rate = names.tax_rates.get(charge.rate)
            category = "" if rate is None else names.tax_categories.get(rate.tax_category, rate.tax_category)
            return tax_label(charge, rate, category=category, locale=locale)
        case Discount() as discount:
            return voucher_label(discount, locale=locale)
        case ManualAdjustment() as manual:
            return manual.label
        case method:
            return method.name


def _fee_label(charge: FeeCharge, line: OrderLine | None, names: Names, locale: str) -> str:
    owner = names.enterprises.get(charge.enterprise, charge.enterprise)
    if line is None:
        return order_fee_label(charge.name, charge.role, owner, locale)
    return line_fee_label(line.product_name, charge.name, charge.role, owner, locale)


def line_fee_label(product: str, fee: str, role: FeeRole, owner: str, locale: str = DEFAULT_LANGUAGE) -> str:
    """Return the label of a fee on a line: by the names of the product, of the fee and of the enterprise it pays."""
    named = Parameters.of(product=product, fee=fee, role=role, owner=owner)
    return _cut(text("fee_label.line", locale, named))


def order_fee_label(fee: str, role: FeeRole, owner: str, locale: str = DEFAULT_LANGUAGE) -> str:
    """Return the label of a fee on a whole order."""
    return _cut(text("fee_label.order", locale, Parameters.of(fee=fee, role=role, owner=owner)))


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - len(_CUT)] + _CUT

"""Vouchers: what a customer may take off one order."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from ofncore.kernel import exact_numbers
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, VoucherId

_HUNDRED: Final = 100


class VoucherKind(StrEnum):
    """What the value of a voucher is (FEE-10)."""

    #: An amount in major units of the shop's currency.
    FLAT = "flat"
    #: A part of the order: 12.5 is 12.5 %.
    PERCENT = "percent"


@attrs.frozen(kw_only=True)
class Voucher:
    """What one shop takes off an order for who tells its code."""

    id: VoucherId
    #: The shop that accepts it.
    enterprise: EnterpriseId
    #: What the customer tells; one shop's vouchers have distinct codes.
    code: str = attrs.field(validator=attrs.validators.min_len(1))
    kind: VoucherKind = attrs.field(validator=choice_of(VoucherKind))
    value: Decimal = attrs.field(validator=exact_numbers.not_negative)
    #: Withdrawn; stays on old orders.
    deleted: bool = False

    @value.validator
    def _check_value(self, _attribute: object, value: Decimal) -> None:
        if self.kind is VoucherKind.PERCENT and value > _HUNDRED:
            message = f"a voucher takes 0 to 100 percent off an order, not {value}"
            raise ValueError(message)

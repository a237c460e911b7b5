"""Fees and taxes in euros, as they stand on an order."""

from ofncore.kernel.ids import EnterpriseId, FeeId, TaxRateId
from ofncore.model.fee import FeeRole, FeeType
from ofncore.model.order import FeeCharge, TaxCharge
from ofncore.testing.worlds import euros


def fee_charge(amount: str, *, name: str = "Transport", taxes: tuple[TaxCharge, ...] = ()) -> FeeCharge:
    """Return a fee of *amount*."""
    return FeeCharge(
        fee=FeeId("fee"),
        name=name,
        fee_type=FeeType.TRANSPORT,
        role=FeeRole.COORDINATOR,
        enterprise=EnterpriseId("hub"),
        amount=euros(amount),
        taxes=taxes,
    )


def tax_charge(amount: str, *, included: bool, rate: str = "low") -> TaxCharge:
    """Return a tax of *amount*."""
    return TaxCharge(rate=TaxRateId(rate), name=rate, amount=euros(amount), included=included)

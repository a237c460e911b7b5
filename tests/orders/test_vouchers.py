"""Which vouchers a shop accepts (FEE-10)."""

import pytest

from ofncore.kernel.codes import Code
from ofncore.model.voucher import Voucher
from ofncore.orders.vouchers import voucher_problem
from ofncore.testing.worlds import enterprise, voucher

HUB = enterprise("hub")


def test_a_shop_accepts_its_own_voucher() -> None:
    assert voucher_problem(voucher(), "WELCOME", HUB) is None


@pytest.mark.parametrize("found", [None, voucher(deleted=True), voucher(enterprise="dairy")])
def test_no_voucher_a_withdrawn_one_and_anothers_are_refused_alike(found: Voucher | None) -> None:
    """Nobody learns which codes there once were, or are elsewhere."""
    refused = voucher_problem(found, "WELCOME", HUB)
    assert refused is not None
    assert (refused.code, refused.path) == (Code.UNKNOWN_VOUCHER, "$.voucher")
    assert dict(refused.parameters) == {"voucher": "WELCOME", "distributor": "Hub"}

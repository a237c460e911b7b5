"""Whether a shop accepts a voucher.

Source:
    FEE-10.
"""

from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.enterprise import Enterprise
from ofncore.model.voucher import Voucher


def voucher_problem(voucher: Voucher | None, code: str, shop: Enterprise, path: str = "$.voucher") -> Problem | None:
    """Return why *shop* does not accept the *voucher* that was found for *code*, None if it does.

    It accepts its own, until it withdraws them. Nobody is told which of the reasons it was.
    """
    is_accepted = voucher is not None and voucher.enterprise == shop.id and not voucher.deleted
    return None if is_accepted else unknown_voucher(code, shop, path)


def unknown_voucher(code: str, shop: Enterprise, path: str = "$.voucher") -> Problem:
    """Return the problem of a *code* of none of the vouchers that *shop* accepts."""
    return problem(Code.UNKNOWN_VOUCHER, path, voucher=code, distributor=shop.name)

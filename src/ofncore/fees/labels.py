"""What a fee on an order is called, in the reader's language.

Source:
    FEE-7 (labels).
"""

from typing import Final

from ofncore.kernel.catalogue import DEFAULT_LANGUAGE, text
from ofncore.kernel.refusals import Parameters
from ofncore.model.fee import FeeRole

_LONGEST: Final = 255
_CUT: Final = "..."


def line_fee_label(product: str, fee: str, role: FeeRole, owner: str, locale: str = DEFAULT_LANGUAGE) -> str:
    """Return the label of a fee on a line: by the names of the product, of the fee and of the enterprise it pays."""
    named = Parameters.of(product=product, fee=fee, role=role, owner=owner)
    return _cut(text("fee_label.line", locale, named))


def order_fee_label(fee: str, role: FeeRole, owner: str, locale: str = DEFAULT_LANGUAGE) -> str:
    """Return the label of a fee on a whole order."""
    return _cut(text("fee_label.order", locale, Parameters.of(fee=fee, role=role, owner=owner)))


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - len(_CUT)] + _CUT

"""What pricing an order anew changes, in words.

Source:
    FEE-13.16, FEE-14 (an explicit reprice whose result is a diff).
"""

from collections.abc import Iterator

from ofncore.fees.adjustments import Adjustment, AdjustmentKind, adjustments_of
from ofncore.fees.labels import Names, adjustment_label
from ofncore.fees.repricing import AdjustmentChange, Repricing
from ofncore.kernel.catalogue import text
from ofncore.kernel.refusals import Parameters
from ofncore.model.order import FeeCharge


def repricing_text(repricing: Repricing, locale: str, names: Names) -> str:
    """Return *repricing* as lines of text: each adjustment that changes, what there is to pay, and the difference.

    The changes add up to the difference, but for those of taxes inside prices, which are called so.
    """
    return "\n".join(_lines(repricing, locale, names))


def change_label(adjustment: Adjustment, names: Names, locale: str) -> str:
    """Return what an *adjustment* is called among those of an order: by its label, and by what it is on.

    A tax is on the goods of a line or on a fee there; a fee may be charged for one supplier alone.
    """
    label = adjustment_label(adjustment, names, locale)
    if adjustment.kind is AdjustmentKind.TAX and adjustment.line is not None:
        return text("repricing.tax_on", locale, Parameters.of(label=label, product=adjustment.line.product_name))
    match adjustment.source:
        case FeeCharge(supplier=supplier) if supplier is not None:
            named = Parameters.of(label=label, supplier=names.enterprises.get(supplier, supplier))
            return text("repricing.fee_of_supplier", locale, named)
        case _:
            return label


def _lines(repricing: Repricing, locale: str, names: Names) -> Iterator[str]:
    known = {each.id: each for order in (repricing.before, repricing.order) for each in adjustments_of(order)}
    for change in repricing.changes:
        yield _change(change, change_label(known[change.id], names, locale), locale)
    named = Parameters.of(before=repricing.before.total, after=repricing.order.total, amount=repricing.difference)
    yield text("repricing.total" if repricing.changes else "repricing.nothing", locale, named)
    if repricing.difference:
        yield text("repricing.difference", locale, named)


def _change(change: AdjustmentChange, label: str, locale: str) -> str:
    amounts = {"before": change.before, "after": change.after}
    told = {name: amount for name, amount in amounts.items() if amount is not None}
    key = "changed" if len(told) == len(amounts) else "gone" if change.after is None else "new"
    return text(f"repricing.{key}", locale, Parameters.of(label=label, **told))

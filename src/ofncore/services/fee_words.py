"""Words for what is known of prices, payouts and repricings, with the names that people know things by."""

from collections.abc import Iterable

from ofncore.fees.adjustments import adjustments_of
from ofncore.fees.explain import Explanation
from ofncore.fees.explain_words import explanation_text
from ofncore.fees.labels import Names
from ofncore.fees.payout_words import payout_text
from ofncore.fees.payouts import Payout
from ofncore.fees.repricing import Repricing
from ofncore.fees.repricing_words import repricing_text
from ofncore.kernel.ids import EnterpriseId
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.record_names import load_variant_names


def fee_words(unit: UnitOfWork, told: Explanation | Payout | Repricing, locale: str) -> str:
    """Return *told* as lines of text in the language of *locale*."""
    match told:
        case Explanation():
            people = {key for row in told.rows for key in (row.enterprise, row.supplier)}
            return explanation_text(told, locale, _enterprise_names(unit, people))
        case Payout(enterprise=owner):
            name = _enterprise_names(unit, [owner]).get(owner, owner)
            variants = {row.variant for row in told.rows if row.variant is not None}
            return payout_text(told, locale, name, load_variant_names(unit, variants))
        case Repricing():
            return repricing_text(told, locale, _label_names(unit, told))


def _label_names(unit: UnitOfWork, repricing: Repricing) -> Names:
    orders = (repricing.before, repricing.order)
    owners = {each.beneficiary for order in orders for each in adjustments_of(order)}
    suppliers = {fee.supplier for order in orders for fee in order.fee_charges()}
    return Names(
        enterprises=_enterprise_names(unit, owners | suppliers),
        tax_rates={each.id: each for each in unit.tax_rates.all()},
        tax_categories={each.id: each.name for each in unit.tax_categories.all()},
    )


def _enterprise_names(unit: UnitOfWork, keys: Iterable[EnterpriseId | None]) -> dict[EnterpriseId, str]:
    return {each.id: each.name for each in unit.enterprises.get_many({key for key in keys if key is not None})}

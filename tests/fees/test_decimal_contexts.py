"""What comes out does not depend on the decimal context of the host."""

from collections.abc import Iterator
from decimal import Context, Decimal, localcontext

import attrs
import pytest

from ofncore.fees.calculators import FlatPercentPerItem, Weight
from ofncore.fees.lives import resized, with_lines
from ofncore.fees.tariff import Tariff
from ofncore.fees.tax_labels import tax_label
from ofncore.fees.terms import PricingTerms
from ofncore.fees.vouchers import with_voucher
from ofncore.fees.weights import first_final_weight, scaled_final_weight
from ofncore.kernel.catalogue import LANGUAGES, shown
from ofncore.kernel.ids import FeeId
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.kernel.refusals import ParameterValue
from ofncore.model.order import Order, OrderState, TaxCharge
from ofncore.model.product import Measure
from ofncore.model.voucher import VoucherKind
from ofncore.testing import worlds
from ofncore.testing.worlds import euros

NARROW = Context(prec=3)
GOODS = worlds.variant("eggs", measure=Measure.WEIGHT, unit_value=Decimal("1234.56"))
RATE = worlds.tax_rate(amount=Decimal("0.08875"))


def life(profile: Profile) -> Iterator[Order]:
    """Yield an order as it is made, weighed, raised and given a voucher."""
    fees = {
        FeeId("weight"): worlds.fee("weight", calculator=Weight(per_unit=Decimal("12.34"))),
        FeeId("share"): worlds.fee("share", calculator=FlatPercentPerItem(flat_percent=Decimal("12.34"))),
    }
    terms = PricingTerms(
        cycle=worlds.order_cycle(coordinator_fees=tuple(fees)),
        distributor=worlds.enterprise("hub"),
        fees=fees,
        tax_rates=(RATE,),
        profile=profile,
    )
    tariff = Tariff(
        terms=terms,
        variants={GOODS.id: GOODS},
        shipping=worlds.shipping_method(),
        payment=worlds.payment_method(),
    )
    line = worlds.order_line(GOODS.id, quantity=7, price=euros("1234.56"), final_weight=first_final_weight(GOODS, 7))
    order = with_lines(worlds.order(state=OrderState.DRAFT), [line], tariff)
    yield order
    order = with_lines(order, [resized(each, 3) for each in order.lines], tariff)
    yield order
    yield with_voucher(order, worlds.voucher(kind=VoucherKind.PERCENT, value=Decimal("12.34")), profile)


@pytest.mark.parametrize("profile", [PRODUCT, OFN], ids=lambda each: each.name)
def test_a_life_is_the_same_in_a_narrow_context(profile: Profile) -> None:
    wide = list(life(profile))
    with localcontext(NARROW):
        narrow = list(life(profile))
        assert [each.total for each in narrow] == [each.total for each in wide]
    assert [attrs.asdict(each) for each in narrow] == [attrs.asdict(each) for each in wide]


def test_weights_keep_all_their_digits() -> None:
    with localcontext(NARROW):
        found = first_final_weight(GOODS, 7), scaled_final_weight(Decimal("8641.92"), before=7, after=3)
    assert found == (Decimal("8641.92"), Decimal("3703.68"))


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("value", [euros("1234567.89"), Decimal("1234567.891"), 1234567], ids=repr)
def test_a_letter_shows_all_digits(locale: str, value: ParameterValue) -> None:
    wide = shown(value, locale)
    with localcontext(NARROW):
        assert shown(value, locale) == wide
    assert "567" in wide


def test_a_percentage_shows_all_digits() -> None:
    charge = TaxCharge(rate=RATE.id, name="VAT", amount=euros("1.00"), included=True)
    wide = tax_label(charge, RATE)
    with localcontext(NARROW):
        assert tax_label(charge, RATE) == wide
    assert "8.875%" in wide

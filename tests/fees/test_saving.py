"""Saving a fee (FEE-4, FEE-13.15)."""

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.fees.calculators import FlatRate, PerItem
from ofncore.fees.saving import FeeChange, FeeDraft, SavedFee, change_fee, create_fee
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, TaxCategoryId
from ofncore.kernel.refusals import Refusal
from ofncore.model.fee import EnterpriseFee, FeeType

FOOD, SERVICE = TaxCategoryId("food"), TaxCategoryId("service")
DRAFT = FeeDraft(
    enterprise=EnterpriseId("hub"),
    name="Packing",
    fee_type="packing",
    calculator="per_item",
    preferences={"amount": "0.10"},
)


def created(**changes: Any) -> EnterpriseFee:  # noqa: ANN401 - fields of a draft
    found = create_fee(attrs.evolve(DRAFT, **changes), FeeId("fee"))
    assert isinstance(found, SavedFee)
    return found.fee


def refused(**changes: Any) -> dict[str, str]:  # noqa: ANN401 - the same
    found = create_fee(attrs.evolve(DRAFT, **changes), FeeId("fee"))
    assert isinstance(found, Refusal)
    return {each.path: each.code for each in found.problems}


def changed(fee: EnterpriseFee, change: FeeChange) -> EnterpriseFee:
    found = change_fee(fee, change)
    assert isinstance(found, SavedFee)
    return found.fee


@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        ({"enterprise": None}, ("$.enterprise", Code.MISSING_KEY)),
        ({"name": None}, ("$.name", Code.BAD_LENGTH)),
        ({"name": " "}, ("$.name", Code.BAD_LENGTH)),
        ({"name": "x" * 256}, ("$.name", Code.BAD_LENGTH)),
        ({"fee_type": None}, ("$.fee_type", Code.NOT_ACCEPTED)),
        ({"fee_type": "Admin"}, ("$.fee_type", Code.NOT_ACCEPTED)),
        ({"fee_type": "shipping"}, ("$.fee_type", Code.NOT_ACCEPTED)),
        ({"calculator": None}, ("$.calculator", Code.MISSING_KEY)),
        ({"calculator": "guess"}, ("$.calculator", Code.NOT_ACCEPTED)),
        ({"preferences": {"amount": "12%"}}, ("$.preferences.amount", Code.BAD_DECIMAL)),
    ],
)
def test_what_a_fee_needs(missing: dict[str, object], problem: tuple[str, str]) -> None:
    assert refused(**missing) == dict([problem])


def test_every_reason_is_told_at_once() -> None:
    found = refused(enterprise=None, name="", fee_type="x", calculator="flat_rate", inherits_tax_category=True)
    assert set(found) == {"$.enterprise", "$.name", "$.fee_type", "$.inherits_tax_category"}


def test_a_fee_per_order_cannot_inherit_tax_categories() -> None:
    assert refused(calculator="flat_rate", inherits_tax_category=True) == {
        "$.inherits_tax_category": Code.ORDER_FEE_INHERITS_TAX
    }


def test_an_own_category_excludes_inheriting_also_for_a_fee_per_order() -> None:
    fee = created(calculator="flat_rate", tax_category=FOOD, inherits_tax_category=True)
    assert (fee.tax_category, fee.inherits_tax_category) == (FOOD, False)


def test_a_saved_fee_is_what_was_typed() -> None:
    fee = created(name=" Packing ", preferences={"amount": "0.125"})
    assert (fee.name, fee.fee_type) == ("Packing", FeeType.PACKING)
    assert fee.calculator == PerItem(amount=Decimal("0.13"))


def test_what_was_rounded_is_told() -> None:
    found = create_fee(attrs.evolve(DRAFT, preferences={"amount": "0.125"}), FeeId("fee"))
    assert isinstance(found, SavedFee)
    assert [each.path for each in found.warnings] == ["$.preferences.amount"]


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ((FOOD, False), {"inherits_tax_category": True}, (None, True)),
        ((None, True), {"tax_category": SERVICE}, (SERVICE, False)),
        ((None, True), {"tax_category": SERVICE, "inherits_tax_category": True}, (SERVICE, False)),
        ((None, True), {"tax_category": None}, (None, True)),
        ((None, True), {"inherits_tax_category": False}, (None, False)),
        ((FOOD, False), {"tax_category": None}, (None, False)),
        ((FOOD, False), {"name": "Other"}, (FOOD, False)),
    ],
)
def test_tax_settings_after_a_change(
    before: tuple[TaxCategoryId | None, bool], change: dict[str, object], after: tuple[TaxCategoryId | None, bool]
) -> None:
    fee = created(tax_category=before[0], inherits_tax_category=before[1])
    found = changed(fee, FeeChange(**change))  # type: ignore[arg-type]
    assert (found.tax_category, found.inherits_tax_category) == after


def test_a_refused_change_of_calculator_changes_nothing() -> None:
    """FEE-13.15: the original has replaced the calculator by then."""
    fee = created(inherits_tax_category=True)
    found = change_fee(fee, FeeChange(calculator="flat_rate", name="Other"))
    assert isinstance(found, Refusal)
    assert found.codes == {Code.ORDER_FEE_INHERITS_TAX}
    assert fee == created(inherits_tax_category=True)


def test_another_calculator_has_its_own_settings_alone() -> None:
    assert changed(created(), FeeChange(calculator="flat_rate")).calculator == FlatRate()


def test_settings_that_are_not_named_stay() -> None:
    fee = created(calculator="flexi_rate", preferences={"first_item": "3", "max_items": "4"})
    found = changed(fee, FeeChange(preferences={"first_item": "5"}))
    assert found == created(calculator="flexi_rate", preferences={"first_item": "5", "max_items": "4"})


@given(st.sampled_from([None, FOOD]), st.booleans())
def test_a_change_that_names_nothing_changes_nothing(category: TaxCategoryId | None, inherits: bool) -> None:  # noqa: FBT001 - drawn
    fee = created(tax_category=category, inherits_tax_category=inherits)
    assert changed(fee, FeeChange()) == fee

"""Orders with tax, vouchers and manual adjustments are those of Open Food Network, stage by stage (FEE-8 to FEE-11)."""

from copy import deepcopy
from typing import Any

import pytest

from fees.vectors import cases
from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.testing.conformance import differences
from ofncore.testing.conformance.cases import Side
from ofncore.testing.conformance.fees_tax import TAX

CASES = cases("tax-1", "tax-2")


def found_differences(case: Any, profile: Profile) -> list[str]:  # noqa: ANN401 - JSON
    return [each.path for each in differences(TAX.expect(case, Side.OFN), TAX.run(case, profile))]


def case_of(name: str) -> Any:  # noqa: ANN401 - JSON
    return deepcopy(next(case for case in CASES if case["id"] == name))


def test_every_case_is_equal_in_the_profile_of_the_original() -> None:
    assert len(CASES) == 210
    assert {case["id"]: found for case in CASES if (found := found_differences(case, OFN))} == {}


def test_the_product_differs_only_in_the_included_tax_of_a_voucher_beside_added_tax() -> None:
    """FEE-13.18."""
    assert {case["id"]: found for case in CASES if (found := found_differences(case, PRODUCT))} == {
        "tax-s-0007": [
            "$.after_voucher.voucher[1].included_tax",
            "$.after_voucher.shown_tax_total",
        ]
    }


@pytest.mark.parametrize(
    "path",
    [
        ("before_voucher", "total"),
        ("before_voucher", "tax_zone"),
        ("before_voucher", "matching_rates", 0),
        ("before_voucher", "enterprise_fee_tax"),
        ("before_voucher", "lines", 0, "taxes", 0, "label"),
        ("before_voucher", "lines", 0, "taxes", 0, "included"),
        ("before_voucher", "lines", 0, "fees", 0, "tax_category"),
        ("before_voucher", "shipping", "cost"),
        ("before_voucher", "shipping", "fee"),
        ("after_voucher", "voucher", 0, "amount"),
        ("after_voucher", "voucher", 0, "is_tax_part"),
        ("after_voucher", "voucher_rate"),
        ("after_voucher", "pre_discount_total"),
        ("after_payment", "payment_fee"),
        ("after_payment", "payment_amount"),
        ("after_admin_adjustments", "admin_adjustments", 0, "amount"),
        ("after_admin_adjustments", "shown_tax_total"),
    ],
)
def test_a_changed_figure_is_noticed(path: tuple[str | int, ...]) -> None:
    """Some case holds each of these, and does not pass with another value there."""
    changed = next(filter(None, (with_other(case, path) for case in CASES)))
    assert found_differences(changed, OFN) != []


def with_other(case: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - JSON
    other = deepcopy(case)
    place = other["expect"]
    try:
        for step in path[:-1]:
            place = place[step]
        before = place[path[-1]]
    except (KeyError, IndexError):
        return None
    place[path[-1]] = (not before) if isinstance(before, bool) else "99.99"
    return other


def test_where_the_original_writes_what_is_no_number_nothing_is_taken_off() -> None:
    """FEE-13.17: a flat voucher on an order of nothing."""
    case = case_of("tax-s-0015")
    case["given"]["order"]["voucher"] = {"type": "flat", "amount": "5"}
    assert found_differences(case, OFN) == ["$.after_voucher.voucher_rate"]
    stage = case["expect"]["after_voucher"]
    stage |= {"voucher_rate": "NaN", "total": "NaN", "adjustment_total": "NaN", "shown_tax_total": "NaN"}
    stage["voucher"][0] |= {"amount": "NaN", "included_tax": "NaN"}
    for profile in (OFN, PRODUCT):
        assert found_differences(case, profile) == []


def test_where_the_original_raises_nothing_is_taken_off() -> None:
    """FEE-13.17: a flat voucher on an order of less than nothing."""
    case = case_of("tax-s-0028")
    assert case["expect"].keys() == {"error"}
    assert found_differences(case, PRODUCT) == []
    case["given"]["order"]["voucher"] = {"type": "percent", "amount": "50"}
    assert found_differences(case, OFN) == ["$.after_voucher.voucher_total", "$.after_voucher.voucher_rate"]


def test_a_rate_that_the_original_refuses_must_be_refused() -> None:
    case = case_of("tax-s-0136")
    rate = next(rate for rate in case["given"]["tax"]["rates"].values() if "rejected" in rate)
    del rate["rejected"]
    assert "$.rejected_rates" in found_differences(case, OFN)


def test_codes_follow_from_what_a_case_holds() -> None:
    plain = next(case for case in CASES if not case["given"]["order"].get("voucher") and "marks" not in case)
    assert set(TAX.codes(plain)) == {"amount-digits"}
    weighed = next(case for case in CASES if "marks" in case and case["given"]["order"].get("voucher"))
    assert set(TAX.codes(weighed)) == {"amount-digits", "weight-units", "voucher-tax", "negative-vouchers"}
    assert all(("weight-units" in TAX.codes(case)) is ("marks" in case) for case in CASES)

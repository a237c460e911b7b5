"""Open Food Network's fee cases, in both profiles."""

import copy
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ofncore.kernel.policies import OFN
from ofncore.testing.conformance import ConformanceReport, Outcome, SchemaSupport, Side, differences, run_conformance
from ofncore.testing.conformance.fees_lives import LIVES
from ofncore.testing.conformance.schemas import SUPPORTED

FOLDER = Path(__file__).parent / "fees"

#: File, number of its cases, number of those that deviate in the profile of the specification.
FILES = [
    ("calculators.json.gz", 1239, 70),
    ("cycles-1.json.gz", 120, 37),
    ("cycles-2.json.gz", 120, 39),
    ("fee_settings.json.gz", 46, 4),
    ("lifecycle.json.gz", 90, 15),
    ("tax-1.json.gz", 105, 1),
    ("tax-2.json.gz", 105, 0),
    ("unit_prices.json.gz", 220, 0),
]


@pytest.fixture(scope="module")
def report() -> ConformanceReport:
    return run_conformance(FOLDER)


def test_every_file_is_run_whole_in_both_profiles(report: ConformanceReport) -> None:
    found = [(each.path, each.profile, sum(map(each.count, Outcome))) for each in report.files]
    assert found == [(path, profile, cases) for path, cases, _ in FILES for profile in ("ofn", "product")]


def test_nothing_fails_and_nothing_is_unsupported(report: ConformanceReport) -> None:
    unlike = "\n".join(report.lines())
    assert (report.count(Outcome.FAILED), report.count(Outcome.UNSUPPORTED)) == (0, 0), unlike
    assert report.conforms


@pytest.mark.parametrize(("path", "cases", "deviated"), FILES)
def test_the_original_is_met_to_the_cent_and_the_specification_deviates_so_often(
    report: ConformanceReport, path: str, cases: int, deviated: int
) -> None:
    passed = {each.profile: each.count(Outcome.PASSED) for each in report.files if each.path == path}
    assert passed == {"ofn": cases, "product": cases - deviated}


def test_deviations_by_code(report: ConformanceReport) -> None:
    """FEE-13: what the specification decides in another way, and no more."""
    assert report.deviations == {
        "amount-digits": 1,
        "frozen-terms": 7,
        "item-limits": 26,
        "outside-cycle": 41,
        "record-keys": 1,
        "tax-calculator": 4,
        "voucher-tax": 1,
        "weight-units": 91,
    }


# ---------------------------------------------------------------- nothing is left uncompared

#: Where a case tells what must come of it.
RESULTS = ("expect", "expect_after_change", "start", "steps")
#: Cases of each file that are spoilt, value by value.
SPOILT = 4


def document(path: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(gzip.decompress((FOLDER / path).read_bytes()))


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """Yield the path of every single value, and of every empty list."""
    if tree and isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from places(value, (*path, key))
    elif not isinstance(tree, dict):
        yield path


def spoilt(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case None:
            return "something"
        case list():
            return [{"fee": "f99", "role": "supplier", "amount": "1.00"}]
        case _:
            return f"1{value}" if re.fullmatch(r"[0-9.]+", value) else f"{value}x"


def with_spoilt(case: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - JSON
    changed = copy.deepcopy(case)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = spoilt(inner[path[-1]])
    return changed


def tells(case: Any, path: tuple[Any, ...]) -> bool:  # noqa: ANN401 - JSON
    """Whether a value is a result: not a step itself, a remark on a number, or the noise of a binary one."""
    if path[0] == "steps":
        return bool(path[2] == "after")
    return (
        path[0] in RESULTS
        and path != ("expect", "number")
        and (path != ("expect", "amount") or case["expect"]["number"] != "float")
    )


def is_noticed(support: SchemaSupport, case: Any, got: Any) -> bool:  # noqa: ANN401 - JSON
    try:
        return bool(differences(support.expect(case, Side.OFN), got))
    except (ValueError, ArithmeticError):
        return True


@pytest.mark.parametrize("path", [path for path, _, _ in FILES if not path.startswith("tax")])
def test_every_single_value_of_a_result_counts(path: str) -> None:
    content = document(path)
    (support,) = (each for each in SUPPORTED if each.recognises(content))
    sound = [case for case in content["cases"] if "known_defect" not in case and not case.get("rejected_on_save")]
    for case in sound[:: len(sound) // SPOILT]:
        got = support.run(case, OFN)
        assert not is_noticed(support, case, got)
        for place in places(case):
            if tells(case, place):
                assert is_noticed(support, with_spoilt(case, place), got), (case["id"], place)


# ---------------------------------------------------------------- lives: defects, and steps that the files lack

VARIANT = {
    "supplier": "e2",
    "product_name": "Eggs",
    "price": "10.00",
    "tax_category": None,
    "variant_unit": "items",
    "variant_unit_name": "piece",
    "unit_value": "1",
    "weight_kg": "0",
}
FEE = {
    "enterprise": "e1",
    "fee_type": "admin",
    "name": "Upkeep",
    "calculator": "per_item",
    "preferences": {"amount": "1"},
    "tax_category": None,
    "inherits_tax_category": False,
}


def life(*steps: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a case: two eggs and a cheese, each with one euro for the coordinator."""
    variants = ["v1", "v2"]
    given = {
        "enterprises": {key: {"name": key} for key in ("e1", "e2")},
        "variants": dict.fromkeys(variants, VARIANT),
        "fees": {"f1": FEE},
        "cycle": {
            "coordinator": "e1",
            "coordinator_fees": ["f1"],
            "incoming": [{"supplier": "e2", "variants": variants, "fees": []}],
            "outgoing": [{"distributor": "e1", "variants": variants, "fees": []}],
        },
        "order": {"distributor": "e1", "lines": [{"variant": "v1", "quantity": 2}, {"variant": "v2", "quantity": 1}]},
    }
    start = state(line("v1", 2, "2.00"), line("v2", 1, "1.00"), totals=("30.00", "3.00", "33.00"))
    return {"id": "planted", "given": given, "start": start, "steps": list(steps)}


def line(variant: str, quantity: int, fee: str | None) -> Any:  # noqa: ANN401 - JSON
    row = {"fee": "f1", "role": "coordinator", "amount": fee, "state": "closed", "tax_category": None}
    return {
        "variant": variant,
        "quantity": quantity,
        "price": "10.00",
        "final_weight_volume": str(quantity),
        "fees": [] if fee is None else [row],
    }


def state(*lines: Any, totals: tuple[str, str, str], order_fees: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401 - JSON
    names = ("item_total", "adjustment_total", "total")
    found = dict(zip(names, totals, strict=True))
    return {"order_state": "cart", "lines": list(lines), "order_fees": list(order_fees), **found}


def compared(case: Any) -> list[str]:  # noqa: ANN401 - JSON
    return [each.path for each in differences(LIVES.expect(case, Side.OFN), LIVES.run(case, OFN))]


def test_a_line_that_is_removed_takes_its_fees_along() -> None:
    after = state(line("v2", 1, "1.00"), totals=("10.00", "1.00", "11.00"))
    assert compared(life({"step": {"op": "remove_line", "variant": "v1"}, "after": after})) == []


def test_a_fee_whose_calculator_changes_moves_to_the_order_at_the_next_computation() -> None:
    same = life()["start"]
    moved = state(
        line("v1", 2, None),
        line("v2", 1, None),
        totals=("30.00", "4.00", "34.00"),
        order_fees=({"fee": "f1", "role": "coordinator", "amount": "4.00", "state": "closed", "tax_category": None},),
    )
    change = {"op": "change_calculator", "fee": "f1", "calculator": "flat_rate", "preferences": {"amount": "4"}}
    assert compared(life({"step": change, "after": same}, {"step": {"op": "recompute"}, "after": moved})) == []


def defect_of_a_deleted_fee(**changes: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the life in which the original raises: a line is edited after its fee was deleted (FEE-13.14)."""
    same = life()["start"]
    edit = {"op": "manager_edit_line", "variant": "v1", "quantity": 9, "final_weight_volume": "9"}
    return life(
        {"step": {"op": "delete_fee", "fee": "f1"}, "after": same},
        {"step": edit, "after": {**same, **changes}, "error": "NoMethodError", "known_defect": "raises"},
        {"step": {"op": "recompute"}, "after": same},
    )


def test_where_the_original_raises_the_rest_is_compared_and_what_follows_is_not() -> None:
    assert compared(defect_of_a_deleted_fee()) == []
    other = [line("v1", 2, "2.00"), line("v2", 1, "7.00")]
    assert compared(defect_of_a_deleted_fee(lines=other)) == ["$.steps[1].lines.v2.fees.f1[0].amount"]
    assert compared(defect_of_a_deleted_fee(order_state="complete")) == ["$.steps[1].order_state"]


def test_a_record_that_the_original_forgot_must_be_gone_and_the_rest_is_compared() -> None:
    """FEE-13.13."""
    same = life()["start"]
    detach = {"step": {"op": "detach_fee", "fee": "f1", "from": "coordinator"}, "after": same}
    forgotten = {"step": {"op": "recompute"}, "after": same, "known_defect": "still there"}
    assert compared(life(detach, forgotten)) == []
    wrong = {**forgotten, "after": {**same, "item_total": "31.00"}}
    assert compared(life(detach, wrong)) == ["$.steps[1].item_total"]


# ---------------------------------------------------------------- made-up cases: codes follow from what a case holds


def outcomes(folder: Path, schema: str, *cases: Any) -> list[tuple[str, Outcome, tuple[str, ...]]]:  # noqa: ANN401 - JSON
    text = json.dumps({"schema": schema, "count": len(cases), "cases": cases})
    (folder / "made-up.json").write_text(text, "utf-8")
    report = run_conformance(folder)
    return [(file.profile, each.outcome, each.codes) for file in report.files for each in file.results]


def shipped_for_nothing() -> Any:  # noqa: ANN401 - JSON
    """Return a tax case of an order without fees that costs nothing, shipping included."""
    return copy.deepcopy(next(each for each in document("tax-1.json.gz")["cases"] if each["id"] == "tax-s-0056"))


def test_a_tax_case_with_a_negative_limit_of_items_deviates(tmp_path: Path) -> None:
    """FEE-13.4: 5.00 for the first, and less three times 1.00; with 8.875 % of tax."""
    case = shipped_for_nothing()
    preferences = {"first_item": "5", "additional_item": "1", "max_items": "-2"}
    case["given"]["order"]["shipping"] |= {"calculator": "flexi_rate", "preferences": preferences}
    tax = {"rate": "r1", "amount": "0.18", "included": False, "label": "standard home 8.875%"}
    case["expect"]["before_voucher"] |= {
        "shipping": {"cost": "2.00", "fee": "2.00", "tax_category": "standard", "taxes": [tax]},
        "adjustment_total": "2.18",
        "additional_tax_total": "0.18",
        "total": "2.18",
        "tax_by_rate": {"r1": "0.18"},
        "shipping_tax": "0.18",
    }
    assert outcomes(tmp_path, "ofn-fees/tax/1", case) == [
        ("ofn", Outcome.PASSED, ()),
        ("product", Outcome.DEVIATED, ("item-limits",)),
    ]


def test_a_tax_case_with_the_calculator_of_tax_rates_deviates(tmp_path: Path) -> None:
    """FEE-4."""
    case = shipped_for_nothing()
    case["given"]["order"]["shipping"] |= {"calculator": "default_tax", "preferences": {}}
    assert outcomes(tmp_path, "ofn-fees/tax/1", case) == [
        ("ofn", Outcome.PASSED, ()),
        ("product", Outcome.DEVIATED, ("tax-calculator",)),
    ]


@pytest.mark.parametrize("path", ["cycles-1.json.gz", "lifecycle.json.gz", "tax-1.json.gz", "calculators.json.gz"])
def test_a_case_may_deviate_by_what_its_calculators_are_and_by_no_other(path: str) -> None:
    content = document(path)
    [support] = [each for each in SUPPORTED if each.recognises(content)]
    codes_of = {"weight": "weight-units", "flexi_rate": "item-limits", "default_tax": "tax-calculator"}
    for case in content["cases"]:
        text = json.dumps(case)
        held = {code for kind, code in codes_of.items() if f'"calculator": "{kind}"' in text}
        assert set(support.codes(case)) & set(codes_of.values()) == held, case["id"]


def raised_from_nothing() -> Any:  # noqa: ANN401 - JSON
    """Return a case of two pieces taken out of a cart and three put in again."""
    case = copy.deepcopy(document("lifecycle.json.gz")["cases"][0])
    case["given"]["fees"], cycle = {}, case["given"]["cycle"]
    for place in (cycle, *cycle["incoming"], *cycle["outgoing"]):
        place |= {name: [] for name in ("coordinator_fees", "fees") if name in place}
    totals = {"order_fees": [], "adjustment_total": "0.00"}
    line = {"variant": "v1", "price": "10.00", "fees": []}

    def state(quantity: int, weight: str) -> Any:  # noqa: ANN401 - JSON
        total = f"{10 * quantity}.00"
        lines = [{**line, "quantity": quantity, "final_weight_volume": weight}]
        return {"order_state": "cart", "lines": lines, "item_total": total, "total": total, **totals}

    def step(quantity: int, weight: str) -> Any:  # noqa: ANN401 - JSON
        return {
            "step": {"op": "cart_quantity", "variant": "v1", "quantity": quantity},
            "after": state(quantity, weight),
        }

    return {**case, "start": state(2, "2"), "steps": [step(0, "0.00"), step(3, "0.00")]}


def test_a_line_raised_from_nothing_deviates(tmp_path: Path) -> None:
    """FEE-3, ORD-O27."""
    case = raised_from_nothing()
    assert outcomes(tmp_path, "ofn-fees/lifecycle/1", case) == [
        ("ofn", Outcome.PASSED, ()),
        ("product", Outcome.DEVIATED, ("weight-from-zero",)),
    ]
    assert "weight-from-zero" in LIVES.codes(case)
    case["steps"][0] = case["steps"][1]
    assert "weight-from-zero" not in LIVES.codes(case)

"""Open Food Network's permission cases about changes: edits, grants, new enterprises, checkout options."""

import gzip
import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from ofncore.kernel.policies import DEVIATIONS, OFN, PRODUCT, Profile
from ofncore.testing.conformance import SchemaSupport, Side, differences, run_conformance
from ofncore.testing.conformance.permissions_checkout import CHECKOUT
from ofncore.testing.conformance.permissions_edits import EDITS
from ofncore.testing.conformance.permissions_new_enterprises import NEW_ENTERPRISES
from ofncore.testing.conformance.permissions_relationships import RELATIONSHIPS

FOLDER = Path(__file__).parent / "permissions"
#: File, kind of its cases, how they are run, how many there are.
FILES = [
    ("edits", "edit", EDITS, 100),
    ("relationships", "relationship", RELATIONSHIPS, 70),
    ("new_enterprises", "creation", NEW_ENTERPRISES, 24),
    ("checkout_options", "checkout", CHECKOUT, 40),
    ("examples", "edit", EDITS, 8),
    ("examples", "relationship", RELATIONSHIPS, 2),
]
each_file = pytest.mark.parametrize(
    ("name", "kind", "support", "count"), FILES, ids=[f"{name}-{kind}" for name, kind, *_ in FILES]
)
each_profile = pytest.mark.parametrize(("side", "profile"), [(Side.OFN, OFN), (Side.PRODUCT, PRODUCT)])


def cases(name: str, kind: str) -> list[Any]:
    content = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    return [case for case in content["cases"] if case["kind"] == kind]


def unlike(support: SchemaSupport, case: Any, side: Side, profile: Profile) -> list[str]:  # noqa: ANN401 - JSON
    return [str(each) for each in differences(support.expect(case, side), support.run(case, profile))]


@each_file
def test_no_case_is_left_out(name: str, kind: str, support: SchemaSupport, count: int) -> None:
    assert len(cases(name, kind)) == count
    if name != "examples":
        document = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
        assert support.recognises(document)
        assert len(support.cases(document)) == count


@each_file
@each_profile
def test_every_case_comes_to_what_is_expected(
    name: str, kind: str, support: SchemaSupport, count: int, side: Side, profile: Profile
) -> None:
    found = {case["id"]: unlike(support, case, side, profile) for case in cases(name, kind)}
    assert {key: each for key, each in found.items() if each} == {}


def alone(case: Any, edit: Any) -> Any:  # noqa: ANN401 - JSON
    return {**case, "edits": [edit]}


def explained(codes: Collection[str]) -> set[str]:
    """Return the codes that have a policy; defects have none."""
    return {code for code in codes if code in DEVIATIONS}


EACH_EDIT = [
    pytest.param(alone(case, edit), id=f"{case['id']}-{number}")
    for name in ("edits", "examples")
    for case in cases(name, "edit")
    for number, edit in enumerate(case["edits"])
    if "product" in edit
]


@pytest.mark.parametrize("case", EACH_EDIT)
def test_the_codes_of_an_overlay_explain_it(case: Any) -> None:  # noqa: ANN401 - JSON
    """PERM-10: with the policies of its codes the product gives the original's result.

    An overlay without `own-fees` may be silent about the fees of somebody who cannot join.
    """
    codes = explained(EDITS.codes(case))
    assert not unlike(EDITS, case, Side.OFN, PRODUCT.switched(codes | {"own-fees"}, to=OFN))
    if codes:
        assert unlike(EDITS, case, Side.OFN, PRODUCT)


def test_an_unsaved_edit_leaves_the_coordinators_fees_as_they_were() -> None:
    """PERM-10 `all-or-nothing`: the original replaces them although it saves nothing; no profile does."""
    every: list[Any] = [each for edit in EACH_EDIT for each in edit.values]
    spoilt = [case for case in every if "all-or-nothing" in EDITS.codes(case)]
    assert spoilt
    for case in spoilt:
        [edit] = case["edits"]
        assert edit["result"]["cycle"] != edit["product"]["result"]["cycle"]
        for profile in (OFN, PRODUCT):
            [got] = EDITS.run(case, profile)
            assert got["cycle"]["coordinator_fees"] == edit["product"]["result"]["cycle"]["coordinator_fees"]


def test_half_done_saves_are_told_as_a_deviation_and_only_they_are_set_right() -> None:
    """PERM-13: the defect counts as deviated; what else a refused save is said to leave behind is compared."""
    every = [alone(case, edit) for case in cases("edits", "edit") for edit in case["edits"]]
    for case in every:
        [edit] = case["edits"]
        half_saved = "all-or-nothing" in EDITS.codes(case) and not edit["result"]["saved"]
        assert set(EDITS.defects(case)) == ({"all-or-nothing"} if half_saved else set())
        refused = not edit["result"]["saved"] and edit["result"]["cycle"] is not None
        if refused and not half_saved:
            changed = edit["result"] | {"cycle": edit["result"]["cycle"] | {"coordinator_fees": [991]}}
            assert unlike(EDITS, {**case, "edits": [{**edit, "result": changed}]}, Side.OFN, OFN)


SPOILERS: list[Callable[[Any], Any]] = [
    lambda result: result | {"saved": not result["saved"]},
    lambda result: result | {"authorized": not result["authorized"]},
    lambda result: result | {"cycle": result["cycle"] | {"name": "another"}},
    lambda result: result | {"cycle": result["cycle"] | {"coordinator_fees": [99]}},
    lambda result: result | {"cycle": result["cycle"] | {"incoming": result["cycle"]["incoming"][1:]}},
    lambda result: result | {"cycle": result["cycle"] | {"outgoing": result["cycle"]["outgoing"][1:]}},
]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_every_part_of_a_result_counts(spoil: Callable[[Any], Any]) -> None:
    case = next(
        alone(case, edit)
        for case in cases("edits", "edit")
        for edit in case["edits"]
        if edit["result"]["saved"] and edit["result"]["cycle"]["incoming"] and edit["result"]["cycle"]["outgoing"]
    )
    [edit] = case["edits"]
    assert not unlike(EDITS, case, Side.OFN, OFN)
    assert unlike(EDITS, alone(case, edit | {"result": spoil(edit["result"])}), Side.OFN, OFN)


def test_every_code_of_an_overlay_is_in_the_register() -> None:
    """PERM-10: as a policy, or among the defects that no profile copies."""
    page = (FOLDER.parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    found = run_conformance(FOLDER).overlays
    assert len(found) > 15
    for code in found:
        assert code in DEVIATIONS or f"| `{code}` |" in page, code

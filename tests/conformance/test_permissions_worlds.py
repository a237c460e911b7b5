"""Open Food Network's permission cases about whole worlds, in both profiles."""

import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ofncore.kernel.policies import OFN, PRODUCT, Profile
from ofncore.testing.conformance import Side, differences
from ofncore.testing.conformance.permissions_worlds import expect_world, overlay_codes, run_world

FOLDER = Path(__file__).parent / "permissions"
FILES = {"worlds_01": 85, "worlds_02": 85, "worlds_03": 80, "examples": 7}

each_file = pytest.mark.parametrize("name", FILES)
each_profile = pytest.mark.parametrize(("side", "profile"), [(Side.OFN, OFN), (Side.PRODUCT, PRODUCT)])


def worlds(name: str) -> list[Any]:
    content = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    return [case for case in content["cases"] if case["kind"] == "world"]


def unlike(case: Any, side: Side, profile: Profile) -> list[str]:  # noqa: ANN401 - JSON
    return [str(each) for each in differences(expect_world(case, side), run_world(case, profile))]


@each_file
def test_no_world_is_left_out(name: str) -> None:
    assert len(worlds(name)) == FILES[name]


@each_file
@each_profile
def test_every_answer_is_the_expected_one(name: str, side: Side, profile: Profile) -> None:
    found = {case["id"]: unlike(case, side, profile) for case in worlds(name)}
    assert {key: each for key, each in found.items() if each} == {}


@each_file
def test_the_specification_answers_otherwise_exactly_where_an_overlay_says_so(name: str) -> None:
    """PERM-10: held against the original's answers, the codes of the overlay explain every difference."""
    for case in worlds(name):
        codes = overlay_codes(case)
        assert bool(unlike(case, Side.OFN, PRODUCT)) == bool(codes - {"index-error"}), case["id"]
        assert not unlike(case, Side.OFN, PRODUCT.switched(codes - {"index-error"}, to=OFN)), case["id"]


# ---------------------------------------------------------------- nothing is left uncompared


def places(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - JSON
    if isinstance(tree, dict) and tree:
        for key, value in tree.items():
            yield from places(value, (*path, key))
    else:
        yield path


def spoilt(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case bool():
            return not value
        case list():
            return [*value, 99]
        case dict():
            return {"99": [99]}
        case _:
            return f"{value}x"


def with_spoilt(case: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    changed = copy.deepcopy(case)
    inner = changed["expected"]
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = spoilt(inner[path[-1]])
    return changed


def test_every_single_answer_counts() -> None:
    case = next(each for each in worlds("examples") if each["id"] == "w-orders-names")
    got = run_world(case, OFN)
    for place in places(case["expected"]):
        if place[-1] not in ("sections", "reports"):
            assert differences(expect_world(with_spoilt(case, place), Side.OFN), got), place

"""Each broken world is refused with the problems that its README names, and with no others."""

from collections import defaultdict

import pytest

from examples.example_files import BROKEN, table
from ofncore.formats.world import read_world
from ofncore.kernel.refusals import Refusal

FILES = sorted(path.name for path in BROKEN.glob("*.json"))
NAMED: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
for _name, _, _path, _code in table(BROKEN / "README.md", "Broken worlds"):
    NAMED[_name].append((_path, _code))


def test_the_readme_names_every_file_and_no_other() -> None:
    assert sorted(NAMED) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_broken_world_has_exactly_the_problems_that_the_readme_names(name: str) -> None:
    found = read_world((BROKEN / name).read_bytes())
    assert isinstance(found, Refusal)
    assert [(each.path, each.code) for each in found.problems] == NAMED[name]


def test_all_mistakes_of_one_file_are_reported_at_once() -> None:
    codes = [code for _, code in NAMED["several-problems.json"]]
    assert len(set(codes)) == 8

"""Each import contract of pyproject.toml is kept, and each fires on a planted breach."""

from itertools import combinations

import pytest

from architecture.trees import RULE_PACKAGES, Tree, contract, contracts

#: Contract, package, what it must not import.
BREACHES = [
    ("floors", "ofncore.kernel", "ofncore.model"),
    ("floors", "ofncore.fees", "ofncore.permissions"),
    ("floors", "ofncore.permissions", "ofncore.fees"),
    ("floors", "ofncore.testing", "ofncore.cli"),
    ("services-adapters", "ofncore.services", "ofncore.adapters.memory"),
    ("services-adapters", "ofncore.adapters", "ofncore.services"),
    ("adapters-apart", "ofncore.adapters.memory", "ofncore.adapters.sql"),
    ("adapters-apart", "ofncore.adapters.sql", "ofncore.adapters.memory"),
    *(("purity", package, "random") for package in RULE_PACKAGES),
    ("only-sql-uses-sqlalchemy", "ofncore.adapters.memory", "sqlalchemy"),
    ("only-sql-uses-sqlalchemy", "ofncore.services", "sqlalchemy"),
    ("only-cli-renders", "ofncore.formats", "jinja2"),
    ("only-cli-renders", "ofncore.network", "rich"),
    ("only-testing-uses-test-tools", "ofncore.services", "hypothesis"),
    ("only-testing-uses-test-tools", "ofncore.adapters", "pytest"),
]


def floors() -> list[list[str]]:
    """Return the packages of each floor, from top to bottom."""
    layers = contract("floors")["layers"]
    return [[f"ofncore.{name.strip()}" for name in layer.split("|")] for layer in layers]


def test_the_project_keeps_every_contract(tree: Tree) -> None:
    code, report = tree.lint()
    assert code == 0, report


@pytest.mark.parametrize(("identifier", "package", "imported"), BREACHES)
def test_a_planted_import_breaks_its_contract(tree: Tree, identifier: str, package: str, imported: str) -> None:
    planted = tree.plant(package, f"def late() -> None:\n    import {imported}")
    code, report = tree.lint(identifier)
    assert code == 1, report
    assert f"{contract(identifier)['name']} BROKEN" in report
    assert f"{planted} -> {imported}" in report


def test_no_floor_imports_a_higher_one(tree: Tree) -> None:
    pairs = [(lower, higher) for above, below in combinations(floors(), 2) for higher in above for lower in below]
    for package in {lower for lower, _ in pairs}:
        imports = [f"import {higher}" for lower, higher in pairs if lower == package]
        tree.plant(package, "\n".join(imports))
    _, report = tree.lint("floors")
    missed = [pair for pair in pairs if "{} is not allowed to import {}".format(*pair) not in report]
    assert not missed, report


def test_a_package_without_a_floor_is_refused(tree: Tree) -> None:
    tree.plant("ofncore.newcomer", "crates = 12")
    code, report = tree.lint("floors")
    assert code == 1
    assert "newcomer" in report


def test_every_module_banned_from_the_rules_is_noticed(tree: Tree) -> None:
    banned = contract("purity")["forbidden_modules"]
    planted = tree.plant("ofncore.fees", "\n".join(f"import {name}" for name in banned))
    _, report = tree.lint("purity")
    missed = [name for name in banned if f"{planted} -> {name} " not in report]
    assert not missed, report


def test_every_contract_has_a_planted_breach() -> None:
    assert {identifier for identifier, _, _ in BREACHES} == {each["id"] for each in contracts()}

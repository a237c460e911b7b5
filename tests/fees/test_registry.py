"""Calculators are found by kind; hosts add theirs."""

import sys
from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module, reload
from pathlib import Path
from runpy import run_path
from typing import Any, ClassVar

import attrs
import pytest

from fees.strategies import ALL_MAKERS
from ofncore.fees import registry
from ofncore.fees.registry import calculator_class, calculator_kinds, register_calculator
from ofncore.kernel.errors import NotFoundError
from ofncore.model.calculator import Calculator, ChargeableLine

HOST_MODULE = """
from fractions import Fraction

import attrs

from ofncore.fees.registry import calculator_kinds, register_calculator
from ofncore.model.calculator import Calculator


class _OneCent(Calculator):
    per_order = True

    def charge(self, lines, *, minor_per_unit):
        return Fraction(1)


@register_calculator
@attrs.frozen
class ByDecorator(_OneCent):
    kind = "by_decorator"


@attrs.frozen
class ByEntryPoint(_OneCent):
    kind = "by_entry_point"


NOT_A_CALCULATOR = 1
# A host may ask what there is while it is loaded.
calculator_kinds()
"""


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave the registry as it was found."""
    registry.calculator_kinds()
    monkeypatch.setattr(registry, "_classes", dict(registry._classes))
    yield
    registry._load_host_calculators.cache_clear()


def install_host(folder: Path, monkeypatch: pytest.MonkeyPatch, *entry_points: str) -> None:
    """Make a host with *entry_points* importable, as if it had been installed."""
    (folder / "host_calculators.py").write_text(HOST_MODULE, encoding="utf-8")
    metadata = folder / "host-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: host\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("\n".join(["[ofncore.calculators]", *entry_points]), encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "host_calculators", raising=False)
    registry._load_host_calculators.cache_clear()


class Doubled(Calculator):
    """Something to subclass: charges twice the prices."""

    per_order = False

    def charge(self, lines: Any, *, minor_per_unit: int) -> Fraction:  # noqa: ANN401, ARG002 - a sketch
        return Fraction(2 * sum(line.price * line.quantity for line in lines))


def test_the_kinds_of_open_food_network_are_there_and_some_beyond() -> None:
    assert {kind: calculator_class(kind) for kind in calculator_kinds()} == {each.kind: each for each in ALL_MAKERS}


def test_kinds_are_sorted() -> None:
    assert list(calculator_kinds()) == sorted(calculator_kinds())


def test_a_registered_class_is_found_by_its_kind() -> None:
    @register_calculator
    @attrs.frozen
    class Twice(Doubled):
        kind = "twice"

    assert calculator_class("twice") is Twice
    assert "twice" in calculator_kinds()
    assert Twice().charge([ChargeableLine(5, 3)], minor_per_unit=100) == 30


def test_registering_again_changes_nothing() -> None:
    found = calculator_class("flat_rate")
    assert register_calculator(found) is found
    assert calculator_class("flat_rate") is found


def test_a_kind_belongs_to_one_class() -> None:
    @attrs.frozen
    class OtherFlatRate(Doubled):
        kind = "flat_rate"

    with pytest.raises(ValueError, match=r"'flat_rate' is taken by .*FlatRate.*; choose another for .*OtherFlatRate"):
        register_calculator(OtherFlatRate)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(NotFoundError, match="there is no calculator 'by_moonlight'"):
        calculator_class("by_moonlight")


def test_a_class_before_attrs_has_made_it_is_refused() -> None:
    class Unfinished(Doubled):
        kind = "unfinished"

    with pytest.raises(TypeError, match=r"write @register_calculator above @attrs\.frozen"):
        register_calculator(Unfinished)


def test_a_class_that_cannot_charge_is_refused() -> None:
    @attrs.frozen
    class Idle(Calculator):
        kind = "idle"
        per_order = False

    abstract: Any = Idle
    with pytest.raises(TypeError, match="is no finished attrs class"):
        register_calculator(abstract)


def test_a_class_without_a_kind_is_refused() -> None:
    @attrs.frozen
    class Nameless(Doubled):
        pass

    with pytest.raises(TypeError, match="needs a class variable kind of type str"):
        register_calculator(Nameless)


def test_a_class_that_does_not_tell_whether_it_is_charged_per_order_is_refused() -> None:
    @attrs.frozen
    class Undecided(Doubled):
        kind = "undecided"
        per_order: ClassVar[Any] = None

    with pytest.raises(TypeError, match="needs a class variable per_order of type bool"):
        register_calculator(Undecided)


@pytest.mark.parametrize("target", ["host_calculators", "host_calculators:ByDecorator"])
def test_an_entry_point_brings_the_calculators_of_a_host(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_host(tmp_path, monkeypatch, f"host = {target}")
    assert "by_decorator" in calculator_kinds()


def test_an_entry_point_may_name_a_class_that_is_not_registered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_host(tmp_path, monkeypatch, "host = host_calculators:ByEntryPoint")
    assert calculator_class("by_entry_point").__name__ == "ByEntryPoint"


def test_an_entry_point_that_names_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_host(tmp_path, monkeypatch, "host = host_calculators:NOT_A_CALCULATOR")
    with pytest.raises(TypeError, match=r"entry point 'host' of ofncore\.calculators must name a calculator class"):
        calculator_kinds()


@pytest.mark.parametrize("kind", ["", "Round up", "round-up", "roundUp", "2up", "_up", "up\n", "\u00fcp"])
def test_a_kind_is_a_plain_name(kind: str) -> None:
    named: Any = attrs.frozen(type("Named", (Doubled,), {"kind": kind}))
    with pytest.raises(ValueError, match="a kind is a plain name such as 'round_up', in small letters, not "):
        register_calculator(named)


@pytest.mark.parametrize("kind", ["up", "u", "round_up_2"])
def test_small_letters_digits_and_underscores_make_a_kind(kind: str) -> None:
    named: Any = attrs.frozen(type("Named", (Doubled,), {"kind": kind}))
    assert register_calculator(named) is calculator_class(kind)


@pytest.mark.parametrize(
    "make", [attrs.define, attrs.mutable, attrs.define(on_setattr=[])], ids=["define", "mutable", "plain"]
)
def test_a_class_whose_settings_can_change_is_refused(make: Any) -> None:  # noqa: ANN401 - a decorator
    with pytest.raises(TypeError, match=r"is not frozen: .*; use @attrs\.frozen"):
        register_calculator(make(type("Changing", (Doubled,), {"kind": "changing"})))


def test_a_module_that_is_run_twice_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_host(tmp_path, monkeypatch)
    import_module("host_calculators")
    with pytest.raises(ValueError, match=r"taken by host_calculators\.ByDecorator, and now comes again from __main__"):
        run_path(str(tmp_path / "host_calculators.py"), run_name="__main__")
    with pytest.raises(ValueError, match="Import it under one name, and neither reload it nor run it as a script"):
        reload(sys.modules["host_calculators"])

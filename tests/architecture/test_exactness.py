"""No float begins in a rule: money, weights and rates are whole numbers, decimals and fractions (FEE-2.1)."""

from pathlib import Path

import pytest

from architecture.exactness import float_breaches
from architecture.trees import ROOT, RULE_PACKAGES

FLOATS = [
    ("rate = 0.055", "0.055"),
    ("phase = 1j", "1j"),
    ("def pay(amount):\n    return float(amount)", "float"),
    ("def pay(amount: float):\n    return amount", "float"),
    ("def half(price: int) -> int:\n    return price / 2", "price / 2"),
    ("def mean(line):\n    return line.amount.minor / line.quantity", "line.amount.minor / line.quantity"),
    ("def halve(price):\n    price /= 2\n    return price", "price /= 2"),
    ("from math import sqrt", "math.sqrt"),
    ("import math", "math"),
    ("from statistics import mean", "statistics.mean"),
]

EXACT = [
    "from fractions import Fraction\n\ndef half(price):\n    return Fraction(price) / 2",
    "from fractions import Fraction\n\ndef half(price: Fraction):\n    return price / 2",
    "from fractions import Fraction\n\nPOUND = Fraction('0.4536')\n\ndef pounds(kg):\n    return kg / POUND",
    "def half(price: int) -> int:\n    return price // 2",
    "from math import floor, gcd, lcm",
    "def shown(price: str):\n    return f'{price}: 0.50'",
]


def found_in(folder: Path, source: str) -> list[str]:
    """Return what is found in a package of rules with this one module."""
    module = folder / "rules" / "prices.py"
    module.parent.mkdir()
    module.write_text(source, encoding="utf-8")
    return [each.name for each in float_breaches(folder, ["rules"])]


def test_no_float_begins_in_a_rule() -> None:
    assert float_breaches(ROOT / "src", RULE_PACKAGES) == []


@pytest.mark.parametrize(("source", "found"), FLOATS)
def test_a_float_is_found_where_it_begins(tmp_path: Path, source: str, found: str) -> None:
    assert found_in(tmp_path, source) == [found]


@pytest.mark.parametrize("source", EXACT)
def test_exact_arithmetic_is_left_alone(tmp_path: Path, source: str) -> None:
    assert found_in(tmp_path, source) == []

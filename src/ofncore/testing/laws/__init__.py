"""The laws of calculators: a suite of property tests that every registered calculator passes.

Subclass the suite, name your class, and run pytest; no test may be overridden. A setting that only takes some values of
its type is given a strategy of its own.

    class TestPerHousehold(CalculatorLaws):
        calculator = PerHousehold
        settings = {"most_households": st.integers(1, 12)}
"""

import pytest

# Before the suite is imported, so that a failed assertion shows its values.
pytest.register_assert_rewrite("ofncore.testing.laws.calculators")

from ofncore.testing.laws.calculators import CalculatorLaws  # noqa: E402 - see above

__all__ = ["CalculatorLaws"]

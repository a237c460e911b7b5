"""What prices are made of: calculators, which fees apply, the price book, tax, and the charges of an order."""

# The library's own calculators register themselves when they are imported.
from ofncore.fees import calculators, margins, tiers

__all__ = ["calculators", "margins", "tiers"]

"""Profiles: which of two defensible rules applies, as values.

A rule asks its policy, never "which profile". `PRODUCT` is the specification and the default. `OFN` holds what Open
Food Network does wherever its behaviour is a rule somebody could rely on. Defects are in neither.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import attrs

from ofncore.kernel.money import Rounding


class CycleBounds(StrEnum):
    """Whether an order cycle is open at the exact instants of its opening and closing (CYC-14.1, code `bounds`)."""

    #: Open from the opening to the closing, both included; no gap between the states.
    INCLUDED = "included"
    #: Open strictly between them, as the predicate of Open Food Network.
    EXCLUDED = "excluded"


@attrs.frozen(kw_only=True)
class Profile:
    """A named set of policies; recorded by name with the results it gave."""

    name: str
    cycle_bounds: CycleBounds = CycleBounds.INCLUDED
    #: How fees, taxes and totals become whole minor units.
    rounding: Rounding = Rounding.HALF_UP
    #: Work done later than this after it fell due is marked late (CYC-14.9, SUB-17.4).
    punctuality: timedelta = timedelta(hours=1)

    def late_mark(self, due: datetime, now: datetime) -> datetime | None:
        """Return *now* if work that fell due at *due* is late by now, else None."""
        return now if now - due > self.punctuality else None


PRODUCT: Final = Profile(name="product")
OFN: Final = Profile(name="ofn", cycle_bounds=CycleBounds.EXCLUDED)

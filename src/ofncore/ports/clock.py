"""The clock, for hosts that want the library to ask for the time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Only the front door asks it; rules are given `now`."""

    def now(self) -> datetime:
        """Return the present instant, with a time zone."""

"""Attempts that were refused; nothing of them is stored, so whoever made them keeps them."""

from datetime import datetime

import attrs

from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.refusals import Refusal


@attrs.frozen(kw_only=True)
class RefusedAttempt:
    """What somebody tried and may not, or cannot, do."""

    at: datetime
    #: The cycle it was about.
    order_cycle: OrderCycleId
    #: Name of the person.
    who: str
    #: What was tried, such as "ordering on the web".
    what: str
    refusal: Refusal

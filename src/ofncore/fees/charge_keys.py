"""By what a fee on a line, or on an order, is known again when it is computed again.

Source:
    FEE-7 (a record is updated by fee and role), FEE-13.12 (the exchange is part of it).
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from ofncore.kernel.ids import EnterpriseId, FeeId
from ofncore.kernel.policies import RecordKey
from ofncore.model.fee import FeeRole
from ofncore.model.order import FeeCharge

#: Fee, role, exchange, supplier, and which of several that are the same in all of these it is.
ChargeKey = tuple[FeeId, FeeRole, EnterpriseId | None, EnterpriseId | None, int]


def keyed(
    charges: Iterable[FeeCharge], record_key: RecordKey = RecordKey.EXCHANGE
) -> Iterator[tuple[ChargeKey, FeeCharge]]:
    """Yield each of *charges*, those of one line or those of one order, with its key.

    By `RecordKey.ROLE` the charges of one fee in one role have one key; otherwise no two have the same.
    """
    counted: Counter[tuple[FeeId, FeeRole, EnterpriseId | None, EnterpriseId | None]] = Counter()
    for charge in charges:
        if record_key is RecordKey.ROLE:
            yield (charge.fee, charge.role, None, None, 0), charge
        else:
            place = (charge.fee, charge.role, charge.exchange, charge.supplier)
            yield (*place, counted[place]), charge
            counted[place] += 1

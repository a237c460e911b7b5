"""A gateway that keeps its own books in a file: for demonstrations, rehearsals and crash tests.

It stands for a provider: it is outside the library's database, survives the process, and honours idempotency keys.
Which cards it declines is told by their token, as providers' test cards do.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import attrs

from ofncore.kernel.money import Money
from ofncore.ports.gateway import GatewayAnswer, GatewayOutcome, GatewayRequest

#: What card tokens hold that do not simply go through.
DECLINED: Final = "declined"
NEEDS_AUTHENTICATION: Final = "3ds"

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS movements (
    key TEXT PRIMARY KEY, minor INTEGER NOT NULL, currency TEXT NOT NULL, order_code TEXT NOT NULL,
    outcome TEXT NOT NULL, reason TEXT, refund_of TEXT
)
"""


@attrs.frozen(kw_only=True)
class LedgerEntry:
    """One request the gateway was asked for, and what it answered."""

    key: str
    #: Positive for a charge, negative for a refund.
    amount: Money
    order_code: str
    outcome: GatewayOutcome


class LedgerGateway:
    """A payment gateway over an SQLite file of its own.

    A card token with ``declined`` in it is refused, one with ``3ds`` needs its customer, and every other charge
    settles. The same key always gets the first answer.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._connection() as connection:
            connection.execute(_TABLE)

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        """Take money."""
        token = request.saved_card or ""
        if DECLINED in token:
            return self._keep(request, 1, GatewayOutcome.REFUSED, "card_declined")
        if NEEDS_AUTHENTICATION in token:
            return self._keep(request, 1, GatewayOutcome.NEEDS_CUSTOMER, "authentication_required")
        return self._keep(request, 1, GatewayOutcome.SETTLED, None)

    def refund(self, request: GatewayRequest) -> GatewayAnswer:
        """Give money back."""
        return self._keep(request, -1, GatewayOutcome.SETTLED, None)

    def look_up(self, key: str) -> GatewayAnswer | None:
        """Return the answer given for *key*; None if it was never asked for."""
        with self._connection() as connection:
            row = connection.execute("SELECT outcome, reason FROM movements WHERE key = ?", (key,)).fetchone()
        return None if row is None else GatewayAnswer(outcome=GatewayOutcome(row[0]), reference=key, reason=row[1])

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return all that was asked for, sorted by key."""
        query = "SELECT key, minor, currency, order_code, outcome FROM movements ORDER BY key"
        with self._connection() as connection:
            rows = connection.execute(query).fetchall()
        return tuple(
            LedgerEntry(key=key, amount=Money(minor, currency), order_code=code, outcome=GatewayOutcome(outcome))
            for key, minor, currency, code, outcome in rows
        )

    def _keep(self, request: GatewayRequest, sign: int, outcome: GatewayOutcome, reason: str | None) -> GatewayAnswer:
        values = (
            request.key,
            sign * request.amount.minor,
            request.amount.currency,
            request.order_code,
            outcome,
            reason,
            request.refund_of,
        )
        with self._connection() as connection:
            connection.execute("INSERT OR IGNORE INTO movements VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        answer = self.look_up(request.key)
        return answer or GatewayAnswer(outcome=GatewayOutcome.UNKNOWN)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
            yield connection

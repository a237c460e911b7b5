"""Payment gateways that need no provider."""

from ofncore.adapters.payments.ledger import LedgerGateway
from ofncore.adapters.payments.manual import ManualGateway

__all__ = ["LedgerGateway", "ManualGateway"]

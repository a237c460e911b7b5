"""The card terminal: the bank's side of a checkout.

The shopper gives the card to the bank, never to the library. A gateway request of the library therefore carries a card
only if one is saved; for a checkout the terminal adds the card that was put into it.
"""

from typing import Final

import attrs

from ofncore.adapters.payments import LedgerGateway
from ofncore.ports.gateway import GatewayAnswer, GatewayRequest

#: Cards by what the bank does with them.
GOOD_CARD: Final = "tok_good"
DECLINED_CARD: Final = "tok_declined"
CARD_TO_AUTHENTICATE: Final = "tok_3ds"


class CardTerminal:
    """A gateway in front of *bank*; `insert` a card before the charge that is to use it."""

    def __init__(self, bank: LedgerGateway) -> None:
        self._bank = bank
        self._inserted: dict[str, str] = {}

    def insert(self, order_code: str, card: str) -> None:
        """Put *card* in for the next charge of one order."""
        self._inserted[order_code] = card

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        """Take money from the inserted card, or else from the saved one."""
        card = self._inserted.pop(request.order_code, request.saved_card)
        return self._bank.charge(attrs.evolve(request, saved_card=card))

    def refund(self, request: GatewayRequest) -> GatewayAnswer:
        """Give money back to the card it came from."""
        return self._bank.refund(request)

    def look_up(self, key: str) -> GatewayAnswer | None:
        """Return what the bank answered."""
        return self._bank.look_up(key)

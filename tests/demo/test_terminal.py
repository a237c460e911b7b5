"""The card terminal: the inserted card decides, once; a repeated key gets the first answer."""

from pathlib import Path

import pytest

from ofncore.adapters.payments import LedgerGateway
from ofncore.cli.demo.terminal import CARD_TO_AUTHENTICATE, DECLINED_CARD, GOOD_CARD, CardTerminal
from ofncore.kernel.money import Money
from ofncore.ports.gateway import GatewayOutcome, GatewayRequest


def request(key: str, *, saved_card: str | None = None) -> GatewayRequest:
    return GatewayRequest(key=key, amount=Money.of("12.30", "EUR"), order_code="CREST-1", saved_card=saved_card)


@pytest.mark.parametrize(
    ("card", "outcome"),
    [
        (GOOD_CARD, GatewayOutcome.SETTLED),
        (DECLINED_CARD, GatewayOutcome.REFUSED),
        (CARD_TO_AUTHENTICATE, GatewayOutcome.NEEDS_CUSTOMER),
    ],
)
def test_the_inserted_card_decides_whatever_card_is_saved(tmp_path: Path, card: str, outcome: GatewayOutcome) -> None:
    terminal = CardTerminal(LedgerGateway(tmp_path / "bank"))
    terminal.insert("CREST-1", card)
    assert terminal.charge(request("a", saved_card="tok_visa_1")).outcome is outcome
    found = terminal.look_up("a")
    assert found is not None
    assert found.outcome is outcome


def test_a_card_is_used_once_then_the_saved_one(tmp_path: Path) -> None:
    terminal = CardTerminal(LedgerGateway(tmp_path / "bank"))
    terminal.insert("CREST-1", GOOD_CARD)
    assert terminal.charge(request("a", saved_card=DECLINED_CARD)).outcome is GatewayOutcome.SETTLED
    assert terminal.charge(request("b", saved_card=DECLINED_CARD)).outcome is GatewayOutcome.REFUSED


def test_a_repeated_key_gets_the_first_answer_with_any_card(tmp_path: Path) -> None:
    terminal = CardTerminal(LedgerGateway(tmp_path / "bank"))
    terminal.insert("CREST-1", DECLINED_CARD)
    first = terminal.charge(request("a"))
    terminal.insert("CREST-1", GOOD_CARD)
    assert terminal.charge(request("a")) == first

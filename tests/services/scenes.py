"""A network with the small world loaded, for the tests of services.

The shop ``hub`` lets customers change orders and has subscriptions. ``anna`` has an account and a card that works and
that the shop may charge, ``ben`` one that is declined, ``clara`` one whose bank asks her; all can be written to.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import attrs

from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.payments import LedgerGateway
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    OrderCycleId,
    PaymentMethodId,
    ShippingMethodId,
    VariantId,
)
from ofncore.kernel.refusals import Refusal
from ofncore.model.customer import Consent, Customer
from ofncore.model.enterprise import ShopSettings
from ofncore.model.order import Order
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from ofncore.orders.request import OrderRequest, RequestedLine
from ofncore.ports.gateway import GatewayAnswer, GatewayOutcome, GatewayRequest, PaymentGateway
from ofncore.testing.worlds import NOW, customer, enterprise, producer, small_state, user

AMELIE: Final = Actor.user("amelie")
PAUL: Final = Actor.user("paul")
STRANGER: Final = Actor.user("berta")
CYCLE: Final = OrderCycleId("week-10")
EGGS, CHEESE, CARROTS = map(VariantId, ("eggs", "cheese", "carrots"))
HUB: Final = EnterpriseId("hub")
#: Whose orders the tests take, and who acts for them.
BUYERS: Final = {"anna": Actor.user("anna"), "ben": Actor.customer("ben"), "clara": Actor.customer("clara")}
_CARDS: Final = {"anna": "tok", "ben": "tok_declined", "clara": "tok_3ds"}


def buyer(name: str) -> Customer:
    """Return one of the customers."""
    account = name if BUYERS[name] == Actor.user(name) else None
    return customer(name, email=f"{name}@example.org", user=account, consents=tuple(Consent), saved_card=_CARDS[name])


def scene(**changes: object) -> State:
    """Return the small world of these tests, with whole parts changed by name."""
    settings = ShopSettings(customers_may_change_orders=True, subscriptions_enabled=True)
    hub = enterprise("hub", shop=settings, email="hub@example.org")
    defaults: dict[str, object] = {
        "users": (*(user(name) for name in ("amelie", "anna", "berta", "paul")), user("root", is_admin=True)),
        "enterprises": (producer("dairy", owner="berta"), producer("farm"), hub),
        "customers": tuple(buyer(name) for name in BUYERS),
        "subscriptions": (),
    }
    return small_state(**(defaults | changes))


class Line:
    """A bad line to a gateway: it may lose requests, and answers.

    `lose` says what happens to the next ones: None carries them, ``request`` loses them on the way, ``answer`` loses
    only the answers.
    """

    def __init__(self, gateway: PaymentGateway) -> None:
        self._gateway = gateway
        self.lose: str | None = None

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        """Ask for a charge."""
        return _UNHEARD if self.lose == "request" else self._heard(self._gateway.charge(request))

    def refund(self, request: GatewayRequest) -> GatewayAnswer:
        """Ask for a refund."""
        return _UNHEARD if self.lose == "request" else self._heard(self._gateway.refund(request))

    def look_up(self, key: str) -> GatewayAnswer | None:
        """Ask what became of a request."""
        return _UNHEARD if self.lose is not None else self._gateway.look_up(key)

    def _heard(self, answer: GatewayAnswer) -> GatewayAnswer:
        return answer if self.lose is None else _UNHEARD


_UNHEARD: Final = GatewayAnswer(outcome=GatewayOutcome.UNKNOWN)


@attrs.frozen(kw_only=True)
class Scene:
    """A network, its storage, and the bank that really moves the money."""

    network: FoodNetwork
    storage: MemoryStorage
    bank: LedgerGateway
    line: Line

    @classmethod
    def of(cls, state: State, folder: Path) -> "Scene":
        """Load *state* into a network in memory, whose bank keeps its books in *folder*."""
        bank, storage = LedgerGateway(folder / "bank.db"), MemoryStorage()
        line = Line(bank)
        network = make_network(unit_of_work=storage, payments=line)
        assert network.worlds.load(state) is None
        return cls(network=network, storage=storage, bank=bank, line=line)

    @property
    def state(self) -> State:
        """Everything that is stored."""
        return self.network.worlds.export()

    def take(
        self,
        *lines: tuple[VariantId, int],
        who: str = "anna",
        now: datetime = NOW,
        **changes: Any,  # noqa: ANN401 - fields
    ) -> Order:
        """Take an order, which is accepted."""
        found = self.network.orders.take(request(*lines, who=who, **changes), actor=BUYERS[who], now=now)
        assert isinstance(found, Order), found
        return found

    def on_hand(self, variant: VariantId = EGGS) -> int:
        """Return how many there are of *variant*."""
        return self.network.stock.levels([variant])[variant].on_hand


def request(*lines: tuple[VariantId, int], who: str = "anna", **changes: Any) -> OrderRequest:  # noqa: ANN401 - fields
    """Return a request, by default for two boxes of eggs, paid in cash."""
    chosen = OrderRequest(
        key="order-1",
        customer=CustomerId(who),
        distributor=HUB,
        order_cycle=CYCLE,
        lines=tuple(RequestedLine(variant, quantity) for variant, quantity in lines or ((EGGS, 2),)),
        shipping_method=ShippingMethodId("pickup"),
        payment_method=PaymentMethodId("cash"),
    )
    return attrs.evolve(chosen, **changes)


def why(found: object) -> list[tuple[str, str]]:
    """Return path and code of every problem of a refusal."""
    assert isinstance(found, Refusal), found
    return [(each.path, each.code) for each in found.problems]

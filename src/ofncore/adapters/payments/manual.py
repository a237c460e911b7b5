"""A gateway for shops without a payment provider: every movement is recorded as done by hand."""

from ofncore.ports.gateway import GatewayAnswer, GatewayOutcome, GatewayRequest


class ManualGateway:
    """Answers that the money was taken, or given back, by whoever runs the shop.

    It keeps nothing: the answer depends on the key alone, so a repeat gives the same.
    """

    def charge(self, request: GatewayRequest) -> GatewayAnswer:
        """Record a charge as settled by hand."""
        return _recorded(request.key)

    def refund(self, request: GatewayRequest) -> GatewayAnswer:
        """Record a refund as settled by hand."""
        return _recorded(request.key)

    def look_up(self, key: str) -> GatewayAnswer | None:  # noqa: ARG002 - the port's signature
        """Nothing was kept, so nothing is known: the request is simply made again."""
        return None


def _recorded(key: str) -> GatewayAnswer:
    return GatewayAnswer(outcome=GatewayOutcome.SETTLED, reference=f"manual:{key}")

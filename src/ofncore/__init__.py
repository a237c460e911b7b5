"""The business rules of short food chains: order cycles, fees, permissions, subscriptions, orders and stock.

Begin with `make_network`. The names below are loaded when they are first used, so that importing one part of the
library does not import all of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ofncore.formats.state import read_document, write_state
    from ofncore.formats.world import read_world, write_world
    from ofncore.kernel.actors import ENGINE, Actor
    from ofncore.kernel.catalogue import render_problem, render_refusal
    from ofncore.kernel.money import Money
    from ofncore.kernel.policies import OFN, PRODUCT, Profile
    from ofncore.kernel.refusals import Problem, Refusal
    from ofncore.model.order import Channel
    from ofncore.model.world import State, World
    from ofncore.network import FoodNetwork, make_network
    from ofncore.orders.request import OrderRequest, RequestedLine

__version__ = "0.1.0"

__all__ = [
    "ENGINE",
    "OFN",
    "PRODUCT",
    "Actor",
    "Channel",
    "FoodNetwork",
    "Money",
    "OrderRequest",
    "Problem",
    "Profile",
    "Refusal",
    "RequestedLine",
    "State",
    "World",
    "make_network",
    "read_document",
    "read_world",
    "render_problem",
    "render_refusal",
    "write_state",
    "write_world",
]

_HOMES = {
    "ENGINE": "kernel.actors",
    "OFN": "kernel.policies",
    "PRODUCT": "kernel.policies",
    "Actor": "kernel.actors",
    "Channel": "model.order",
    "FoodNetwork": "network",
    "Money": "kernel.money",
    "OrderRequest": "orders.request",
    "Problem": "kernel.refusals",
    "Profile": "kernel.policies",
    "Refusal": "kernel.refusals",
    "RequestedLine": "orders.request",
    "State": "model.world",
    "World": "model.world",
    "make_network": "network",
    "read_document": "formats.state",
    "read_world": "formats.world",
    "render_problem": "kernel.catalogue",
    "render_refusal": "kernel.catalogue",
    "write_state": "formats.state",
    "write_world": "formats.world",
}


def __dir__() -> list[str]:
    return sorted((*__all__, "__version__"))


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

"""Worlds go in whole, and come out with all that happened."""

import attrs

from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Refusal
from ofncore.network import make_network
from services.scenes import Scene, scene


def test_an_empty_storage_exports_nothing() -> None:
    state = make_network().worlds.export()
    assert state.name == ""
    parts = [getattr(state, field.name) for field in attrs.fields(type(state)) if field.name != "name"]
    assert all(part == () for part in parts)


def test_what_was_loaded_comes_out_again(shop: Scene) -> None:
    found, expected = shop.state, scene()
    for field in attrs.fields(type(expected)):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if field.name in {"order_cycles", "subscriptions"}:
            one = tuple(attrs.evolve(each, version=0) for each in one)
        assert one == other, field.name


def test_a_second_world_is_refused_and_changes_nothing(shop: Scene) -> None:
    before = shop.state
    refused = shop.network.worlds.load(scene(name="Another"))
    assert refused == Refusal.of(Code.WORLD_EXISTS, name="A small world")
    assert shop.state == before

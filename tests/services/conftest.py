"""Fixtures of the services' tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.sql import SqlStorage
from ofncore.model.world import State
from ofncore.network import FoodNetwork, make_network
from services.scenes import Scene, scene


@pytest.fixture
def shop(tmp_path: Path) -> Scene:
    """Return the small world in a network."""
    return Scene.of(scene(), tmp_path)


@pytest.fixture(params=["memory", "sqlite"])
def network_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[State], FoodNetwork]]:
    """Load a state into a network, in memory and in a file of SQLite."""
    on_disk = SqlStorage(f"sqlite:///{tmp_path / 'hub.db'}") if request.param == "sqlite" else None
    if on_disk is not None:
        on_disk.create_schema()

    def load(state: State) -> FoodNetwork:
        network = make_network(unit_of_work=on_disk or MemoryStorage())
        assert network.worlds.load(state) is None
        return network

    yield load
    if on_disk is not None:
        on_disk.close()

"""Fixtures of the services' tests."""

from pathlib import Path

import pytest

from services.scenes import Scene, scene


@pytest.fixture
def shop(tmp_path: Path) -> Scene:
    """Return the small world in a network."""
    return Scene.of(scene(), tmp_path)

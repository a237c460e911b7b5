"""Fixtures of the architecture tests."""

from pathlib import Path

import pytest

from architecture.trees import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a fresh copy of the project's sources."""
    return Tree.copied_to(tmp_path)

"""One demo of two weeks, looked at by many tests."""

import pytest

from demo.runs import Run, run_demo
from ofncore.cli.report.figures.books import Books
from ofncore.formats.state import read_state
from ofncore.model.world import State


@pytest.fixture(scope="session")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a demo of two weeks."""
    return run_demo(tmp_path_factory.mktemp("two-weeks") / "demo", "--weeks", "2")


@pytest.fixture(scope="session")
def books(two_weeks: Run) -> Books:
    """Return the books of its export; what was refused is not in it."""
    state = read_state((two_weeks.folder / "export.json").read_bytes())
    assert isinstance(state, State)
    return Books(state=state)

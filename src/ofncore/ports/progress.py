"""Progress, for whoever watches a long task."""

from typing import Protocol


class Progress(Protocol):
    """Is told how far a long task is."""

    def step(self, task: str, done: int, total: int | None) -> None:
        """Take note that *done* of *total* parts of *task* are done; *total* is None while it is not known."""

"""Failures of single parts of the work, kept until the rest of it is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from ofncore.kernel.errors import OfncoreError, UnfinishedWorkError


class Unfinished:
    """Gathers what failed, each failure once."""

    def __init__(self) -> None:
        self._errors: dict[tuple[str, ...], Exception] = {}

    @contextmanager
    def noting(self, subject: str) -> Iterator[None]:
        """Go on after an exception inside, and keep it with a note that it is about *subject*."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, the others need not wait for it
            self.note(error, subject)

    @contextmanager
    def gathering(self, subject: str) -> Iterator[None]:
        """Take over what a part of the work could not finish, or what ended all of it with a note on *subject*."""
        try:
            yield
        except UnfinishedWorkError as error:
            for each in error.exceptions:
                self._keep(each)
        except OfncoreError as error:
            self.note(error, subject)

    def note(self, error: Exception, subject: str) -> None:
        """Keep *error*, which is about *subject*."""
        error.add_note(subject)
        self._keep(error)

    def raise_all(self) -> None:
        """Raise what was kept, if anything was.

        Raises:
            UnfinishedWorkError: something was.
        """
        if self._errors:
            message = "parts of the work could not be finished"
            raise UnfinishedWorkError(message, list(self._errors.values()))

    def _keep(self, error: Exception) -> None:
        self._errors.setdefault((*error.__notes__[-1:], type(error).__name__, str(error)), error)

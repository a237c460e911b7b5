"""The screen: lines as things happen, a bar on a terminal, and tables at the end."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ofncore.cli.report.wording import day

#: Lines are as long as this where nobody tells how wide the screen is.
_WIDTH_ELSEWHERE = 110


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Leave it to the program to say that nobody reads any more."""
        raise BrokenPipeError


class Screen:
    """Standard output for people; silent if what is written there is for programs."""

    def __init__(self, *, silent: bool) -> None:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            # A screen without the sign of the euro shows its number instead.
            reconfigure(errors="backslashreplace")
        width = None if sys.stdout.isatty() else _WIDTH_ELSEWHERE
        self._console = _Console(quiet=silent, width=width, highlight=False, markup=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=silent or not sys.stdout.isatty(),
        )

    def say(self, line: str) -> None:
        """Write one line, above the bar if there is one."""
        self._console.print(line, soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write a table; columns whose name begins with ``>`` hold numbers."""
        table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
        for column in columns:
            table.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left")
        for row in rows:
            table.add_row(*row)
        self._console.print()
        self._console.print(table)

    @contextmanager
    def progress(self, first: datetime, last: datetime, *, zone: str) -> Iterator[Callable[[datetime], None]]:
        """Show a bar meanwhile; what is returned moves it, to an instant between *first* and *last*."""
        task = self._bar.add_task("", total=(last - first).total_seconds())

        def move(at: datetime) -> None:
            done = (at - first).total_seconds()
            self._bar.update(task, completed=done, description=day(at, zone))

        with self._bar:
            yield move

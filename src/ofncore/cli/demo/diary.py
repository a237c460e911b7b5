"""The diary of a demo: what was tried and refused, which leaves no trace in a network's own records."""

from collections.abc import Callable
from datetime import datetime

from ofncore.cli.report.attempts import RefusedAttempt
from ofncore.kernel.catalogue import language_of, render_problem
from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.refusals import Refusal


class Diary:
    """Takes notes, and tells whoever watches."""

    def __init__(self, tell: Callable[[str], None], *, language: str) -> None:
        self._tell = tell
        #: Reasons are told in the reader's language, and in that of the hub.
        self._languages = tuple(dict.fromkeys((language_of(language), "fr")))
        self.refused: list[RefusedAttempt] = []
        #: Requests that were sent a second time and changed nothing.
        self.repeats = 0

    def say(self, line: str) -> None:
        """Tell one line."""
        self._tell(line)

    def tell_attempt(self, attempt: RefusedAttempt, zone: str) -> None:
        """Tell of a refused attempt, with its first reason in words."""
        self.say(f"  refused: {attempt.who}, {attempt.what}")
        for locale in self._languages:
            self.say(f"    {locale}: {render_problem(attempt.refusal.problems[0], locale, zone)}")

    def note(self, order_cycle: OrderCycleId, who: str, what: str, refusal: Refusal, *, at: datetime) -> RefusedAttempt:
        """Take note that *who* tried *what* and was refused."""
        attempt = RefusedAttempt(at=at, order_cycle=order_cycle, who=who, what=what, refusal=refusal)
        self.refused.append(attempt)
        return attempt

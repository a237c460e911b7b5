"""What was refused, and why."""

from collections.abc import Sequence
from typing import Final

import attrs

from ofncore.cli.report.attempts import RefusedAttempt
from ofncore.cli.report.figures.books import Books
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem

#: What each reason is called in a list; others go by their code.
_NAMES: Final[dict[str, str]] = {
    Code.INSUFFICIENT_STOCK: "Not enough in stock",
    Code.NOT_DISTRIBUTED: "Not sold in this shop",
    Code.VARIANT_NOT_INCOMING: "No producer brings it",
    Code.CYCLE_CLOSED: "The cycle has closed",
    Code.CYCLE_UPCOMING: "The cycle is not open yet",
    Code.NEEDS_MANAGER: "Not the actor’s part to change",
    Code.NEEDS_GRANT: "The producer has not granted it",
    Code.CHANGES_NOT_ALLOWED: "The shop makes changes itself",
    Code.PRODUCER_CHANGES_NOT_ALLOWED: "The shop does not let producers change orders",
    Code.ONLY_LESS: "Customers may only lower quantities",
    Code.OVERRIDE_NEEDS_REASON: "Late orders need a reason",
    Code.SUMMARY_ALREADY_SENT: "The producer has its summary already",
    Code.CUSTOMER_OF_OTHER_SHOP: "Customer of another shop",
}


@attrs.frozen(kw_only=True)
class Reason:
    """One reason, how often it was given, and an example."""

    code: str
    name: str
    #: In how many attempts it was given.
    times: int
    attempt: RefusedAttempt
    problem: Problem


def reasons_of(books: Books) -> tuple[Reason, ...]:
    """Return the reasons of all refusals, the most frequent first; an attempt may have several."""
    found: dict[str, list[tuple[RefusedAttempt, Problem]]] = {}
    for attempt in books.attempts:
        for problem in _one_for_each_code(attempt.refusal.problems):
            found.setdefault(problem.code, []).append((attempt, problem))
    reasons = (
        Reason(code=code, name=_NAMES.get(code, code), times=len(given), attempt=given[0][0], problem=given[0][1])
        for code, given in found.items()
    )
    return tuple(sorted(reasons, key=lambda reason: (-reason.times, reason.name)))


def _one_for_each_code(problems: Sequence[Problem]) -> list[Problem]:
    return list({problem.code: problem for problem in reversed(problems)}.values())[::-1]

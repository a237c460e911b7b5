"""Letters to a shop about a run over its subscriptions: what was done, and what needs somebody.

Source:
    SUB-15 (summaries), SUB-17.6 (they are made from stored results).
"""

from collections.abc import Iterator

import attrs

from ofncore.kernel.catalogue import has_text, one_line
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.orders.letters.letter import Letter, Paragraph, Words, listed, written


@attrs.frozen(kw_only=True)
class RunIssue:
    """One subscription that did not go as it should."""

    #: A code such as ``subscription.placed_short``, or a proxy order's outcome such as ``awaiting_customer``.
    reason: str
    #: Name of the customer.
    customer: str
    #: Code of the order, if there is one.
    order_code: str | None = None
    #: More about it, such as the gateway's word for why not.
    detail: str = ""


@attrs.frozen(kw_only=True)
class RunReport:
    """What a run found at one shop."""

    #: Subscriptions looked at.
    seen: int
    #: Those without any issue.
    succeeded: int
    issues: tuple[RunIssue, ...] = ()


def placement_summary(
    report: RunReport, *, distributor: Enterprise, cycle: OrderCycle, locale: str, zone: str
) -> Letter:
    """Tell a shop what was placed for its subscriptions in *cycle*."""
    return _run_summary("placement_summary", report, distributor, cycle, Words(locale=locale, zone=zone))


def confirmation_summary(
    report: RunReport, *, distributor: Enterprise, cycle: OrderCycle, locale: str, zone: str
) -> Letter:
    """Tell a shop how its subscription orders in *cycle* were settled at the close."""
    return _run_summary("confirmation_summary", report, distributor, cycle, Words(locale=locale, zone=zone))


def _run_summary(kind: str, report: RunReport, distributor: Enterprise, cycle: OrderCycle, words: Words) -> Letter:
    names = {"cycle": cycle.name, "shop": distributor.name}
    closes = cycle.orders_close_at
    return written(
        words.say(f"{kind}.subject", **names),
        words.greeting(distributor.name),
        (words.say(f"{kind}.intro", **names), *((words.say("closes", at=closes),) if closes else ())),
        (
            words.say("run.seen", count=report.seen),
            words.say("run.succeeded", count=report.succeeded),
            words.say("run.issues", count=len(report.issues)),
        ),
        *_issues(report, words),
        () if report.issues else (words.say("run.all_well"),),
    )


def _issues(report: RunReport, words: Words) -> Iterator[Paragraph]:
    for reason in sorted({issue.reason for issue in report.issues}):
        issues = [issue for issue in report.issues if issue.reason == reason]
        heading = words.say("run.issue", what=_what(reason, words), count=len(issues))
        yield (heading, *listed(_who(issue, words) for issue in issues))


def _what(reason: str, words: Words) -> str:
    key = f"run.reason.{reason}"
    return words.say(key) if has_text(f"letter.{key}") else reason


def _who(issue: RunIssue, words: Words) -> str:
    code = f" ({issue.order_code})" if issue.order_code else ""
    who = one_line(issue.customer + code)
    return words.say("run.detail", who=who, detail=issue.detail) if issue.detail else who

"""The tables at the end of a demo."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from ofncore.cli.demo.screen import Screen
from ofncore.cli.report.figures.books import Books
from ofncore.cli.report.figures.checks import Check
from ofncore.cli.report.figures.money import Share, money_parts
from ofncore.cli.report.figures.refusals import reasons_of
from ofncore.cli.report.figures.shortages import Shortage, shortages_of
from ofncore.cli.report.figures.weeks import weeks_of
from ofncore.cli.report.wording import money, percent
from ofncore.kernel.money import Money

#: So many people are named for each good.
_NAMED: Final = 4


def show_tables(screen: Screen, books: Books, checks: Sequence[Check]) -> None:
    """Write what became of the weeks, and whether it adds up."""
    _weeks(screen, books)
    _short(screen, books)
    parts = money_parts(books, books.placed)
    producers = [row[1:] for row in _rows(books, parts.producers, parts.total)]
    screen.table("Money by producer", ("Producer", ">Amount", ">Share"), producers)
    fees = _rows(books, parts.fees, parts.total)
    screen.table("What the fees are made of", ("Fee", "Owner", ">Amount", ">Share"), fees)
    reasons = [(each.name, str(each.times)) for each in reasons_of(books)]
    screen.table("Refused, by reason", ("Reason", ">Times"), reasons)
    rows = [("ok" if each.holds else "WRONG", each.name, each.says) for each in checks]
    screen.table("Checks of the export", ("", "Check", "Figures"), rows)


def _weeks(screen: Screen, books: Books) -> None:
    weeks = weeks_of(books)
    rows = [
        (
            each.cycle.name,
            str(each.orders),
            str(each.standing),
            str(each.web),
            str(each.by_staff),
            money(each.turnover),
            money(each.fees),
            str(each.short),
            str(each.cancelled),
            str(each.refused),
        )
        for each in weeks
    ]
    sums = (">Turnover", ">Fees", ">Short", ">Cancelled", ">Refused")
    columns = ("Week", ">Orders", ">Standing", ">Web", ">Staff", *sums)
    screen.table("Week by week", columns, rows)


def _short(screen: Screen, books: Books) -> None:
    found: dict[str, list[Shortage]] = {}
    for cycle in books.lived:
        for each in shortages_of(books, cycle):
            found.setdefault(each.goods, []).append(each)
    rows = [
        (
            goods,
            str(len(shortages)),
            str(sum(each.wanted for each in shortages)),
            str(sum(each.given for each in shortages)),
            _without(books, shortages),
        )
        for goods, shortages in sorted(found.items(), key=lambda pair: (_missing(pair[1]), pair[0]))
    ]
    columns = ("Short goods", ">Weeks", ">Wanted", ">Given", "Pieces missing, by customer")
    screen.table("Who got the short stock", columns, rows)


def _missing(shortages: Iterable[Shortage]) -> int:
    return sum(each.given - each.wanted for each in shortages)


def _without(books: Books, shortages: Iterable[Shortage]) -> str:
    pieces: Counter[str] = Counter()
    for shortage in shortages:
        for each in shortage.without:
            pieces[books.customers[each.customer].name] += each.wanted - each.given
    named = ", ".join(f"{name} {number}" for name, number in pieces.most_common(_NAMED))
    others = len(pieces) - _NAMED
    return f"{named} and {others} more" if others > 0 else named


def _rows(books: Books, shares: Iterable[Share], whole: Money) -> list[tuple[str, ...]]:
    return [
        (
            share.name,
            books.enterprises[share.enterprise].name,
            money(share.amount),
            percent(share.amount.minor, whole.minor),
        )
        for share in shares
    ]

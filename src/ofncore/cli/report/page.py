"""The page: every section's figures and pictures, put into the template."""

from collections.abc import Sequence
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ofncore.cli.report import drawings, wording
from ofncore.cli.report.figures.books import Books, span
from ofncore.cli.report.figures.checks import Check
from ofncore.cli.report.figures.money import money_parts
from ofncore.cli.report.figures.prices import price_make_ups
from ofncore.cli.report.figures.refusals import Reason, reasons_of
from ofncore.cli.report.figures.rights import MatrixRow, matrix_of, rights_of
from ofncore.cli.report.figures.shortages import Shortage, shortages_of
from ofncore.cli.report.figures.stock import stock_figures
from ofncore.cli.report.figures.timeline import Mark, timeline_of
from ofncore.cli.report.figures.walk import walk_of
from ofncore.cli.report.figures.weeks import weeks_of
from ofncore.fees.shown import shown_line
from ofncore.kernel.catalogue import render_problem, text
from ofncore.kernel.money import Money

#: So many weeks are unfolded; the others unfold when asked to.
_UNFOLDED: Final = 4


def render_report(books: Books, checks: Sequence[Check], *, origin: str) -> str:
    """Return the report as one HTML page that needs nothing else.

    Args:
        books: A state in which at least one cycle opened and closed.
        checks: What was checked of it.
        origin: Where it comes from, for the foot of the page.
    """
    environment = Environment(
        loader=PackageLoader("ofncore.cli.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(money=wording.money, count=wording.counted)
    environment.globals.update(drawings=drawings, wording=wording, percent=_percent)
    return environment.get_template("report.html").render(
        books=books,
        checks=checks,
        origin=origin,
        unfolded=_UNFOLDED,
        **_sections(books),
    )


def _sections(books: Books) -> dict[str, Any]:
    return {
        "span": span(books),
        "weeks": weeks_of(books),
        "parts": money_parts(books, books.placed),
        "prices": _prices(books),
        "shortages": _shortages(books, [shortages_of(books, cycle) for cycle in books.lived]),
        "timelines": _timelines(books),
        "stock": [each for each in stock_figures(books) if _is_tight(books, each.item.variant)],
        "reasons": [(reason, _told(books, reason)) for reason in reasons_of(books)],
        "rights": rights_of(books, books.lived[-1]),
        "matrix": matrix_of(books),
        "action_text": _action_text,
        "walk": walk_of(books),
        "shown_line": shown_line,
        "marks": [(mark, drawings.symbol_of(mark)) for mark in Mark],
    }


def _action_text(row: MatrixRow) -> str:
    return text(f"action.{row.action}", wording.LOCALE)


def _percent(part: Money, whole: Money) -> str:
    return wording.percent(part.minor, whole.minor)


def _prices(books: Books) -> list[list[tuple[Any, Markup]]]:
    return [
        [
            (each, drawings.price_bar(each, key=f"price-{number}-{place}", shop=books.enterprises[each.shop].name))
            for place, each in enumerate(make_ups)
        ]
        for number, make_ups in enumerate(price_make_ups(books))
    ]


def _shortages(books: Books, weeks: Sequence[Sequence[Shortage]]) -> list[list[tuple[Shortage, Markup]]]:
    whole = max((drawings.strip_length(each) for week in weeks for each in week), default=1)
    return [
        [
            (each, drawings.shortage_strip(each, books, key=f"short-{each.cycle.id}-{number}", whole=whole))
            for number, each in enumerate(week)
        ]
        for week in weeks
    ]


def _timelines(books: Books) -> list[tuple[Any, Markup]]:
    timelines = [timeline_of(books, cycle) for cycle in books.lived]
    most = max((step.web + step.by_staff for each in timelines for step in each.steps), default=1)
    return [
        (each, drawings.timeline_picture(each, key=f"time-{each.cycle.id}", most=most, zone=books.zone))
        for each in timelines
    ]


def _is_tight(books: Books, variant: str) -> bool:
    """Whether standing orders once wanted more of a good than there was."""
    return any(each.variant == variant for cycle in books.lived for each in shortages_of(books, cycle))


def _told(books: Books, reason: Reason) -> list[tuple[str, str]]:
    """Return the example of *reason* in English and in the language of the coordinator."""
    locales = dict.fromkeys(("en", books.coordinator.locale))
    return [(locale, render_problem(reason.problem, locale, books.zone)) for locale in locales]

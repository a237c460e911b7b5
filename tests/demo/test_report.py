"""The report: one page that needs nothing else, whose parts add up."""

import re
from collections import Counter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.pages import Page
from demo.runs import Run
from ofncore.cli.report.figures.books import Books
from ofncore.cli.report.figures.checks import check_state
from ofncore.cli.report.figures.money import money_parts
from ofncore.cli.report.figures.prices import price_make_ups
from ofncore.cli.report.figures.rights import matrix_of, rights_of
from ofncore.cli.report.figures.shortages import shortages_of
from ofncore.cli.report.figures.stock import stock_figures
from ofncore.cli.report.figures.timeline import timeline_of
from ofncore.cli.report.figures.walk import walk_of
from ofncore.cli.report.figures.weeks import weeks_of
from ofncore.cli.report.page import render_report
from ofncore.cli.report.wording import money, percent, whole_percent
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import UserId, VariantId
from ofncore.kernel.money import Money
from ofncore.model.order import Channel
from ofncore.model.payment import PaymentState
from ofncore.permissions.actions import EnterpriseAction
from ofncore.permissions.asking import list_allowed
from ofncore.permissions.snapshot import Snapshot


@pytest.fixture(scope="session")
def page(two_weeks: Run) -> Page:
    return Page(two_weeks.report)


# ---------------------------------------------------------------- the page


def test_every_element_is_closed_in_its_turn(page: Page) -> None:
    assert page.wrong == []
    assert page.open == []


def test_ids_are_unique_and_links_lead_to_them(page: Page) -> None:
    assert [key for key, times in Counter(page.ids).items() if times > 1] == []
    named = {value for _, name, value in page.attributes if name == "aria-labelledby"}
    linked = {value.removeprefix("#") for tag, name, value in page.attributes if (tag, name) == ("a", "href")}
    assert {key for value in named for key in value.split()} | linked <= set(page.ids)


def test_nothing_is_fetched_from_anywhere(two_weeks: Run, page: Page) -> None:
    assert re.search(r"""https?:|["'(=]//|url\(|@import""", two_weeks.report) is None
    assert {name for _, name, _ in page.attributes} & {"src", "srcset", "data", "poster", "action"} == set()
    assert {value[0] for _, name, value in page.attributes if name == "href"} == {"#"}
    assert "<script" not in two_weeks.report


def test_every_picture_has_a_title_and_those_of_figures_a_description(page: Page) -> None:
    assert len(page.pictures) > 40
    assert all(picture.get("title") for picture in page.pictures)
    marks = {"edit", "refused", "cancelled", "override", "late"}
    assert all(picture.get("desc") for picture in page.pictures if picture["title"] not in marks)


def test_places_in_pictures_stay_inside_them(page: Page) -> None:
    places = [
        float(value[:-1]) for _, name, value in page.attributes if name in {"x", "x1", "x2", "width"} and "%" in value
    ]
    assert min(places) >= 0
    assert max(places) <= 100


def test_names_of_hostile_people_are_text(books: Books) -> None:
    customers = tuple(attrs.evolve(each, last_name="<script>{{ x }}</script>") for each in books.state.customers)
    hostile = Books(state=attrs.evolve(books.state, customers=customers))
    report = render_report(hostile, check_state(hostile), origin="<b>")
    assert "<script" not in report
    assert "&lt;script&gt;{{ x }}&lt;/script&gt;" in report


def test_the_headline_figures_are_those_of_the_export(books: Books, page: Page) -> None:
    parts = money_parts(books, books.placed)
    for amount in (parts.total, parts.included_tax, *(each.amount for each in parts.producers)):
        assert money(amount) in page.text


# ---------------------------------------------------------------- the figures


def test_all_checks_hold(books: Books) -> None:
    assert [check for check in check_state(books) if not check.holds] == []


def test_a_payment_too_few_is_found(books: Books) -> None:
    settled = [each for each in books.state.payments if each.state is PaymentState.SETTLED]
    payments = tuple(each for each in books.state.payments if each != settled[0])
    poorer = Books(state=attrs.evolve(books.state, payments=payments))
    assert {check.name for check in check_state(poorer) if not check.holds} == {
        "Money in = order totals",
        "Nothing is due",
    }


def test_a_piece_too_few_is_found(books: Books) -> None:
    first, *others = books.state.stock
    stock = (attrs.evolve(first, on_hand=first.on_hand - 1), *others)
    wrong = Books(state=attrs.evolve(books.state, stock=stock))
    assert {check.name for check in check_state(wrong) if not check.holds} == {"Stock adds up"}


def test_the_money_of_producers_fees_and_methods_is_what_buyers_pay(books: Books) -> None:
    parts = money_parts(books, books.placed)
    assert parts.parts_total == parts.total == books.sum([each.turnover for each in weeks_of(books)])
    assert books.sum(list(parts.fee_owners().values())) == books.sum([each.amount for each in parts.fees])


def test_the_parts_of_a_price_are_what_the_buyer_pays_for_one(books: Books) -> None:
    make_ups = [each for goods in price_make_ups(books) for each in goods]
    assert len({each.shop for each in make_ups}) == 2
    for each in make_ups:
        assert books.sum([part.amount for part in each.parts]) == each.total == each.price.with_fees


def test_nobody_is_given_more_than_wanted_and_the_first_are_served_first(books: Books) -> None:
    for cycle in books.lived:
        shortages = shortages_of(books, cycle)
        assert shortages
        for each in shortages:
            assert all(0 <= serving.given <= serving.wanted for serving in each.servings)
            served = [serving.given - serving.wanted for serving in each.servings]
            first_short = next(turn for turn, missing in enumerate(served) if missing)
            assert all(serving.given == 0 for serving in each.servings[first_short + 1 :])


def test_the_first_week_was_short_of_what_the_world_is_short_of(books: Books) -> None:
    found = {each.variant: (each.given, each.wanted) for each in shortages_of(books, books.lived[0])}
    assert found[VariantId("buche-cendree-180g")] == (5, 14)
    assert found[VariantId("mache-150g")] == (0, 2)


def test_the_ledger_adds_up_for_each_variant(books: Books) -> None:
    assert all(each.adds_up for each in stock_figures(books))


def test_every_web_order_is_in_one_step_of_its_timeline(books: Books) -> None:
    for cycle in books.lived:
        timeline = timeline_of(books, cycle)
        orders = Counter(order.channel for order in books.orders[cycle.id])
        assert sum(step.web for step in timeline.steps) == orders[Channel.WEB]
        assert sum(step.by_staff for step in timeline.steps) == orders[Channel.PHONE] + orders[Channel.MARKET]
        assert timeline.standing == orders[Channel.SUBSCRIPTION]
        assert 0 < timeline.opens < timeline.closes < 1000


def test_coordinators_edit_everything_and_producers_their_own_part(books: Books) -> None:
    rights = rights_of(books, books.lived[0])
    rows = {row.user.id: row for row in rights.users}
    assert all(all(answers) for answers in rows[UserId("sylvie")].answers)
    own = next(place for place, part in enumerate(rights.parts) if part.participant == "combe-brune")
    for place, answers in enumerate(rows[UserId("nadege")].answers):
        assert any(answers) is (place == own)


def test_the_matrix_counts_what_each_user_may_do(books: Books) -> None:
    matrix = matrix_of(books)
    snapshot = Snapshot.of_world(books.state, books.state.orders)
    row = next(each for each in matrix.rows if each.action == EnterpriseAction.SEE)
    for user, count in zip(matrix.users, row.counts, strict=True):
        assert count == len(list_allowed(Actor.user(user.id), EnterpriseAction.SEE, row.kind, snapshot))
    assert all(any(each.counts) for each in matrix.rows)


def test_the_matrix_is_on_the_page_in_words(two_weeks: Run, books: Books) -> None:
    _, _, table = two_weeks.report.partition('id="matrix"')
    rows = table.partition("</table>")[0].count('<th scope="row">')
    assert rows == len(matrix_of(books).rows) > 20
    assert "edit the profile of an enterprise" in table


def test_the_walk_follows_one_line_through_all_records(books: Books) -> None:
    walk = walk_of(books)
    assert walk is not None
    assert walk.movement is not None
    assert walk.letter is not None
    assert walk.movement.delta == -walk.line.quantity
    assert walk.order.code in walk.letter.body + walk.letter.subject
    settled = [each.amount for each in walk.payments if each.state is PaymentState.SETTLED]
    assert books.sum(settled) == walk.order.total
    assert walk.summary_line.quantity >= walk.line.quantity


def test_percentages_are_rounded_half_up() -> None:
    assert [percent(1, 8), percent(1, 2000), percent(0, 5), percent(3, 3), percent(1, 0)] == [
        "12.5 %",
        "0.1 %",
        "0.0 %",
        "100.0 %",
        "0.0 %",
    ]


@given(part=st.integers(min_value=0, max_value=10**6), whole=st.integers(min_value=1, max_value=10**6))
def test_a_percentage_without_decimals_is_the_nearest_one(part: int, whole: int) -> None:
    found = int(whole_percent(part, whole).removesuffix(" %"))
    assert -whole < 2 * (found * whole - 100 * part) <= whole


def test_the_label_of_a_part_is_the_percentage_that_its_tooltip_tells(two_weeks: Run) -> None:
    """In tenths of a percent; 70.9 % has the label 71 %."""
    pairs = re.findall(r"<title>[^<]*, (\d+)\.(\d) %</title></rect><text[^>]*>(\d+) %</text>", two_weeks.report)
    assert len(pairs) > 10
    assert [each for each in pairs if abs(10 * int(each[2]) - int(each[0] + each[1])) > 5] == []


def test_bars_say_what_they_are_a_share_of(page: Page) -> None:
    about = [picture.get("desc", "") for picture in page.pictures]
    assert sum(each.endswith(" % of what buyers paid") for each in about) > 10
    assert not any("longest" in each for each in about)


def test_amounts_are_written_with_their_sign() -> None:
    assert money(Money.of("1234.50", "EUR")) == "€1,234.50"

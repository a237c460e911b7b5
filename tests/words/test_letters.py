"""Every letter, in every language, about any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.catalogue import LANGUAGES, one_line, shown
from ofncore.model.message import MessageKind
from ofncore.model.order import Order
from ofncore.orders.letters import Letter
from ofncore.orders.letters.account import added_taxes, products_total, written_line
from ofncore.orders.lines import product_label
from ofncore.testing.worlds import order
from words.strategies import few, hostile_names, names, orders
from words.writers import ABOUT_ORDER, FULL, WRITERS, Case, write

languages = st.sampled_from(LANGUAGES)
cases = st.builds(Case, order=orders(), word=names, locale=languages)
hostile_cases = st.builds(Case, order=orders(texts=hostile_names), word=hostile_names, locale=languages)


def test_every_kind_of_message_has_its_letter() -> None:
    assert set(WRITERS) == set(MessageKind)


@pytest.mark.parametrize("kind", MessageKind)
@few
@given(case=cases)
def test_a_letter_leaves_no_place_open_and_no_key_without_a_text(kind: MessageKind, case: Case) -> None:
    letter = write(kind, case)
    assert "{" not in letter.subject + letter.body
    assert "letter." not in letter.subject + letter.body


@pytest.mark.parametrize("kind", MessageKind)
@few
@given(case=st.one_of(cases, hostile_cases))
def test_a_subject_is_one_line_and_a_body_is_plain_text(kind: MessageKind, case: Case) -> None:
    """ORD-T3: no name adds a line to a subject, a control character to a body, or what no mail can hold."""
    letter = write(kind, case)
    assert letter.subject == one_line(letter.subject) != ""
    assert all(line == line.rstrip("\r") and one_line(line) == line.strip() for line in letter.body.split("\n"))
    (letter.subject + letter.body).encode()


@pytest.mark.parametrize("kind", ABOUT_ORDER)
@few
@given(case=st.one_of(cases, hostile_cases))
def test_a_letter_about_an_order_names_its_code_and_its_total(kind: MessageKind, case: Case) -> None:
    letter = write(kind, case)
    assert case.order.code in letter.subject
    assert case.order.code in letter.body
    assert shown(case.order.total, case.locale) in letter.body


@pytest.mark.parametrize("kind", FULL)
@few
@given(case=st.one_of(cases, hostile_cases))
def test_a_full_letter_shows_every_product_and_every_amount_of_the_total(kind: MessageKind, case: Case) -> None:
    """FEE-6: what is shown adds up (see `test_account`), and all of it is shown."""
    body = write(kind, case).body
    amounts = [products_total(case.order), case.order.shipping.amount, case.order.total]
    amounts += [fee.amount for fee in case.order.fees]
    amounts += [tax.amount for tax in added_taxes(case.order)]
    amounts += [written_line(line).amount for line in case.order.lines if line.quantity]
    amounts += [case.order.payment.amount] if case.order.payment.amount else []
    amounts += [each.amount for each in case.order.adjustments]
    amounts += [case.order.discount_total] if case.order.discount_total else []
    assert [each for each in amounts if shown(each, case.locale) not in body] == []
    assert [line for line in case.order.lines if one_line(line.product_name) not in body] == []


@pytest.mark.parametrize(
    "kind", [MessageKind.ORDER_CANCELLED, MessageKind.ORDER_WITHDRAWN, MessageKind.SUBSCRIPTION_EMPTY]
)
@few
@given(case=cases)
def test_a_letter_about_what_will_not_come_names_it(kind: MessageKind, case: Case) -> None:
    body = write(kind, case).body
    assert [line for line in case.order.lines if line.quantity and one_line(line.product_name) not in body] == []


@few
@given(case=st.one_of(cases, hostile_cases))
def test_the_summary_for_a_producer_shows_its_goods_and_their_amounts(case: Case) -> None:
    """ORD-D2; goods of other producers are not in it."""
    body = write(MessageKind.PRODUCER_SUMMARY, case).body
    for line in case.summary.lines:
        # A product may have no name that can be printed; then nothing stands after the sign.
        assert f"{shown(line.quantity, case.locale)} ×" in body
        assert one_line(product_label(line.product_name, line.variant_name)) in body
        assert shown(line.amount, case.locale) in body
    assert shown(case.summary.total, case.locale) in body
    assert case.summary.version in body


@pytest.mark.parametrize("kind", [MessageKind.PLACEMENT_SUMMARY, MessageKind.CONFIRMATION_SUMMARY])
@few
@given(case=st.one_of(cases, hostile_cases))
def test_a_summary_for_a_shop_names_every_issue(kind: MessageKind, case: Case) -> None:
    """SUB-15: customer and order of each issue are told."""
    body = write(kind, case).body
    assert body.count(case.order.code) == len(case.report.issues)
    assert body.count("- " + one_line(f"{case.word} ({case.order.code})")) == len(case.report.issues)


@few
@given(ordered=orders(), locale=languages)
def test_a_name_like_a_template_is_printed_as_such(ordered: Order, locale: str) -> None:
    """ORD-T3: a first name made of a keyword stays just that."""
    letter = write(MessageKind.ORDER_PLACED, Case(order=ordered, word="{total} [ORDER_PAYMENTURL] %s", locale=locale))
    assert letter.body.count("{total} [ORDER_PAYMENTURL] %s") >= 3


def test_no_typed_text_can_pass_for_the_words_of_the_letter() -> None:
    """A comment of several lines stays behind its margin."""
    forged = "Total: 0\nDear customer"
    letter = write(MessageKind.ORDER_PLACED, Case(order=order(comment=forged), word=forged, locale="en"))
    assert "\n> Total: 0\n> Dear customer\n" in letter.body
    assert "\nDear customer" not in letter.body


def test_a_letter_puts_its_subject_on_one_line() -> None:
    assert Letter("Your\r\norder", "body").subject == "Your order"


@few
@given(case=st.one_of(cases, hostile_cases))
def test_a_letter_about_withdrawn_goods_names_all_that_left_a_list(case: Case) -> None:
    """PERM-12; buyers are not in it (PERM-7)."""
    body = write(MessageKind.GOODS_WITHDRAWN, case).body
    assert [line for line in case.order.lines if one_line(line.product_name) not in body] == []

"""The sums of an export, added up here from its plain text, without the library."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from demo.runs import Run


def test_the_demo_comes_to_its_end(two_weeks: Run) -> None:
    assert (two_weeks.code, two_weeks.err) == (0, "")


def amount(money: dict[str, str]) -> Decimal:
    assert money["currency"] == "EUR"
    return Decimal(money["amount"])


def lived(run: Run) -> set[str]:
    return {each["id"] for each in run.export["order_cycles"] if each["closed_at"]}


def orders(run: Run, *, cancelled: bool = False) -> list[dict[str, Any]]:
    found = [each for each in run.export["orders"] if (each["state"] == "cancelled") is cancelled]
    return [each for each in found if each["order_cycle"] in lived(run)]


def paid(run: Run) -> defaultdict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in run.export["payments"]:
        if each["state"] == "settled":
            sums[each["order"]] += amount(each["amount"])
    return sums


def test_two_cycles_were_lived(two_weeks: Run) -> None:
    assert lived(two_weeks) == {"semaine-10", "semaine-11"}


def test_settled_payments_are_the_totals_of_the_orders_that_were_not_cancelled(two_weeks: Run) -> None:
    totals = sum(amount(each["total"]) for each in orders(two_weeks))
    assert totals > 0
    assert sum(paid(two_weeks).values()) == totals


def test_each_order_is_paid_to_the_cent_and_each_cancelled_one_given_back(two_weeks: Run) -> None:
    sums = paid(two_weeks)
    assert {each["id"]: sums[each["id"]] for each in orders(two_weeks)} == {
        each["id"]: amount(each["total"]) for each in orders(two_weeks)
    }
    assert {sums[each["id"]] for each in orders(two_weeks, cancelled=True)} == {0}


def test_the_total_of_an_order_is_its_lines_fees_and_methods(two_weeks: Run) -> None:
    for each in orders(two_weeks):
        lines = sum(amount(line["price"]) * line["quantity"] for line in each["lines"])
        charges = [*each["fees"], *(fee for line in each["lines"] for fee in line["fees"])]
        fees = sum(amount(fee["amount"]) for fee in charges)
        assert lines + fees + amount(each["shipping"]["amount"]) + amount(each["payment"]["amount"]) == amount(
            each["total"]
        )


def test_stock_on_hand_is_its_opening_and_the_ledger(two_weeks: Run) -> None:
    moved: Counter[str] = Counter()
    for each in two_weeks.export["stock_movements"]:
        moved[each["variant"]] += each["delta"]
    stock = two_weeks.export["stock"]
    assert len(stock) == 151
    assert {each["variant"]: each["on_hand"] for each in stock} == {
        each["variant"]: each["opening"] + moved[each["variant"]] for each in stock
    }
    assert all(each["on_hand"] >= 0 or each["on_demand"] for each in stock)


def test_what_orders_took_from_stock_is_what_stands_on_their_lines(two_weeks: Run) -> None:
    taken: Counter[str] = Counter()
    for each in two_weeks.export["stock_movements"]:
        if each["order"] is not None:
            taken[each["variant"]] -= each["delta"]
    sold: Counter[str] = Counter()
    for each in orders(two_weeks):
        for line in each["lines"]:
            sold[line["variant"]] += line["quantity"]
    assert +taken == +sold


def test_every_kind_of_happening_is_in_the_export(two_weeks: Run) -> None:
    export = two_weeks.export
    assert {each["channel"] for each in export["orders"]} == {"subscription", "web", "phone", "market"}
    assert {each["cause"] for each in export["stock_movements"]} == {
        "placed",
        "changed",
        "cancelled",
        "supplied",
        "lost",
    }
    assert {each["purpose"] for each in export["payments"]} == {"charge", "receipt", "refund"}
    assert {each["state"] for each in export["payments"]} == {"settled", "refused", "needs_customer"}
    assert {each["kind"] for each in export["events"]} >= {
        "cycle_edited",
        "order_changed",
        "order_cancelled",
        "rule_overridden",
        "subscription_short",
        "subscription_not_placed",
    }


def test_the_mail_folder_holds_the_letters_that_were_sent(two_weeks: Run) -> None:
    states = Counter(each["state"] for each in two_weeks.export["messages"])
    assert states["pending"] == 0
    assert len(list((two_weeks.folder / "mail").glob("*.eml"))) == states["sent"] > 0

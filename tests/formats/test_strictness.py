"""The converter guesses nothing: each type has one form, and calculators and problems have theirs."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.values import ids, texts
from ofncore.fees.calculators import FlatPercentPerItem, FlatRate
from ofncore.fees.registry import calculator_kinds
from ofncore.formats.converter import make_converter
from ofncore.formats.problems import problems_of
from ofncore.formats.scalars import read_duration, write_decimal, write_duration
from ofncore.kernel.codes import Code
from ofncore.kernel.errors import InvalidDocumentError, NaiveInstantError
from ofncore.kernel.ids import UserId
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters, Problem, Refusal
from ofncore.model.calculator import Calculator
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.event import CycleEvent, Event
from ofncore.testing.worlds import enterprise

CONVERTER = make_converter()


def structured(data: object, kind: Any) -> Any:  # noqa: ANN401 - any annotation
    """Return *data* as a *kind*, which may be abstract."""
    return CONVERTER.structure(data, kind)


def refused(data: object, kind: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any annotation
    """Return code and path of each problem of *data* as a *kind*."""
    with pytest.raises(InvalidDocumentError) as caught:
        CONVERTER.structure(data, kind)
    return [(each.code, each.path) for each in problems_of(caught.value)]


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        (int, [True, 12.0, "12", None, Decimal(12)], Code.NOT_WHOLE_NUMBER),
        (int, [2**53, -(2**53)], Code.NUMBER_OUT_OF_RANGE),
        (bool, [0, 1, "true", None], Code.NOT_TRUE_OR_FALSE),
        (str, [1, None, b"x", ["x"]], Code.NOT_TEXT),
        (UserId, ["", "x" * 256], Code.BAD_LENGTH),
        (Decimal, [1, 1.5, 2**80], Code.NUMBER_NOT_TEXT),
        (Decimal, ["1e3", "NaN", "Infinity", "1.", "1 "], Code.BAD_DECIMAL),
        (Decimal, [True, None], Code.NOT_TEXT),
        (Fraction, ["1/0", "0.5", "1/-2", ""], Code.BAD_DECIMAL),
        (datetime, ["2026-03-05T18:00:00"], Code.NAIVE_INSTANT),
        (datetime, ["2026-03-05", "20260305T180000Z", "3026-03-05T18:00:00Z"], Code.BAD_INSTANT),
        (timedelta, ["1h", "PT1H", "3600", "PT.5S", ""], Code.BAD_DURATION),
        (Sells, ["ANY", 1, None], Code.NOT_ACCEPTED),
        (tuple[int, ...], ["12", {}, None, 12], Code.NOT_LIST),
        (Enterprise, [[], "hub", None], Code.NOT_OBJECT),
        (Parameters, [[], "x"], Code.NOT_OBJECT),
    ],
)
def test_nothing_else_passes_for_a_value(kind: object, values: list[object], code: Code) -> None:
    assert [refused(value, kind) for value in values] == [[(code, "$")]] * len(values)


def test_unknown_keys_are_refused_and_missing_ones_named() -> None:
    data = {"id": "hub", "name": "Hub", "owner": "amelie", "currency": "EUR", "time_zones": "Europe/Paris"}
    assert refused(data, Enterprise) == [(Code.MISSPELT_KEY, "$.time_zones"), (Code.MISSING_KEY, "$.time_zone")]


def test_a_list_tells_of_each_wrong_entry() -> None:
    assert refused([1, "2", 3, None], tuple[int, ...]) == [
        (Code.NOT_WHOLE_NUMBER, "$[1]"),
        (Code.NOT_WHOLE_NUMBER, "$[3]"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("-2.5"), "-2.5"),
    ],
)
def test_a_decimal_is_written_without_exponent(value: Decimal, text: str) -> None:
    assert CONVERTER.unstructure(value) == text


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1250, "EUR"), "12.50"),
        (Money(-5, "EUR"), "-0.05"),
        (Money(1250, "JPY"), "1250"),
        (Money(5, "KWD"), "0.005"),
    ],
)
def test_money_has_the_decimals_of_its_currency(money: Money, text: str) -> None:
    assert CONVERTER.unstructure(money) == {"amount": text, "currency": money.currency}


def test_money_may_be_read_with_fewer_decimals_but_no_finer() -> None:
    assert CONVERTER.structure({"amount": "12.5", "currency": "EUR"}, Money) == Money(1250, "EUR")
    assert CONVERTER.structure({"amount": "12.500", "currency": "EUR"}, Money) == Money(1250, "EUR")
    assert refused({"amount": "12.505", "currency": "EUR"}, Money) == [(Code.TOO_FINE, "$.amount")]
    assert refused({"amount": 1, "currency": "XXX"}, Money) == [
        (Code.NUMBER_NOT_TEXT, "$.amount"),
        (Code.BAD_CURRENCY, "$.currency"),
    ]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (Decimal("NaN"), ValueError),
        (Decimal("Infinity"), ValueError),
        (Decimal("1E+15"), ValueError),
        (Decimal("1E-31"), ValueError),
        (Fraction(1, 10**40), ValueError),
        (datetime(999, 12, 31, tzinfo=UTC), ValueError),
        (datetime(2026, 3, 5), NaiveInstantError),  # noqa: DTZ001 - that is what is refused
        (timedelta(seconds=10**9), ValueError),
    ],
)
def test_what_could_not_be_read_again_is_not_written(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        CONVERTER.unstructure(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=6))
def test_the_text_of_a_decimal_says_what_it_is(value: Decimal) -> None:
    assert Decimal(write_decimal(value)) == value
    assert "E" not in write_decimal(value).upper()


@given(st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000)))
def test_a_length_of_time_comes_back_to_the_microsecond(value: timedelta) -> None:
    assert read_duration(write_duration(value)) == value


def test_an_instant_is_kept_in_utc() -> None:
    instant = CONVERTER.structure("2026-03-29T03:30:00.25+02:00", datetime)
    assert instant == datetime(2026, 3, 29, 1, 30, 0, 250_000, tzinfo=UTC)
    assert CONVERTER.unstructure(instant) == "2026-03-29T01:30:00.250000Z"


def test_a_calculator_is_known_by_its_kind() -> None:
    data = {"kind": "flat_percent_per_item", "flat_percent": "10.00"}
    calculator = structured(data, Calculator)
    assert calculator == FlatPercentPerItem(flat_percent=Decimal(10))
    assert CONVERTER.unstructure(calculator) == data


def test_the_settings_of_a_calculator_may_be_left_out() -> None:
    assert structured({"kind": "flat_rate"}, Calculator) == FlatRate()


def test_an_unknown_kind_of_calculator_is_answered_with_those_there_are() -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        structured({"kind": "magic"}, Calculator)
    (problem,) = problems_of(caught.value)
    assert (problem.code, problem.path) == (Code.NOT_ACCEPTED, "$.kind")
    assert problem.parameters["accepted"] == calculator_kinds()


@pytest.mark.parametrize("kind", [None, 5, [], {}])
def test_a_kind_that_is_no_text_is_refused(kind: object) -> None:
    assert refused({"kind": kind}, Calculator) == [(Code.NOT_ACCEPTED, "$.kind")]
    assert refused({"kind": kind}, Event) == [(Code.NOT_ACCEPTED, "$.kind")]


def test_a_setting_that_its_calculator_refuses_is_a_problem_with_the_reason() -> None:
    """FEE-2.3: a percentage has two decimals; it is refused, not rounded."""
    with pytest.raises(InvalidDocumentError) as caught:
        structured({"kind": "flat_percent_per_item", "flat_percent": "33.333"}, Calculator)
    (problem,) = problems_of(caught.value)
    assert (problem.code, problem.path) == (Code.TOO_MANY_DECIMALS, "$.flat_percent")
    assert dict(problem.parameters) == {"found": '"33.333"', "decimals": 2}


def test_a_calculator_takes_no_setting_of_another() -> None:
    data = {"kind": "flat_rate", "flat_percent": "10.00"}
    assert refused(data, Calculator) == [(Code.UNKNOWN_KEY, "$.flat_percent")]


def test_a_class_of_events_takes_only_its_own_kinds() -> None:
    data = {"kind": "order_placed", "at": "2026-03-05T18:00:00Z"}
    assert refused(data, CycleEvent) == [(Code.NOT_ACCEPTED, "$.kind")]


def test_fields_without_a_value_are_written_as_null() -> None:
    data = CONVERTER.unstructure(enterprise())
    assert data["email"] is None
    assert list(data) == [field.name for field in Enterprise.__attrs_attrs__]


def test_a_refusal_needs_a_problem() -> None:
    assert refused({"problems": []}, Refusal) == [(Code.REFUSED_VALUE, "$.problems")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, [(Code.NOT_TEXT, "$.parameters.x")]),
        (None, [(Code.NOT_TEXT, "$.parameters.x")]),
        (["a", 1], [(Code.NOT_TEXT, "$.parameters.x[1]")]),
        ({"decimal": 1}, [(Code.NUMBER_NOT_TEXT, "$.parameters.x.decimal")]),
        ({"money": {}}, [(Code.MISSING_KEY, f"$.parameters.x.money.{key}") for key in ("amount", "currency")]),
        ({}, [(Code.MISSING_KEY, "$.parameters.x.decimal")]),
        (
            {"decimal": "1", "instant": "2026-03-05T18:00:00Z"},
            [(Code.UNKNOWN_KEY, "$.parameters.x.instant")],
        ),
    ],
)
def test_a_parameter_is_text_number_list_or_tagged(value: object, expected: list[tuple[str, str]]) -> None:
    assert refused({"code": "x", "parameters": {"x": value}}, Problem) == expected


@given(ids, texts)
def test_an_error_of_the_converter_tells_all_its_problems(key: str, text: str) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        CONVERTER.structure({"id": key, "name": 5, "owner": text, "currency": None}, Enterprise)
    assert len(problems_of(caught.value)) == (3 if text else 4)
    assert str(caught.value).startswith("the document has")


def test_every_code_of_documents_is_provoked_by_a_test() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    documents = [code for code in Code if code.value.startswith("document.")]
    assert [code.name for code in documents if not re.search(rf"\bCode\.{code.name}\b", sources)] == []


def test_json_needs_no_help_to_write_what_the_converter_gives() -> None:
    dumps: Callable[..., str] = json.dumps
    assert json.loads(dumps(CONVERTER.unstructure(enterprise())))["sells"] == "any"

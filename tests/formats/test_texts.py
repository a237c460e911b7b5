"""Text that is no document, and text that JSON parsers take without a word."""

import json
import sys
import time

import pytest

from formats.samples import busy_state, edited, problems, state_data, world_data
from ofncore.formats.state import read_document, read_state, write_state
from ofncore.formats.world import read_world, write_world
from ofncore.kernel.codes import Code
from ofncore.model.world import State, World
from ofncore.testing.worlds import small_world

TEXT = write_world(small_world())


def only(text: str | bytes) -> tuple[str, str, dict[str, object]]:
    """Return code, path and parameters of the one problem of *text*."""
    (found,) = problems(read_world(text))
    return found.code, found.path, dict(found.parameters)


def test_a_text_its_bytes_and_its_data_give_the_same_world() -> None:
    world = read_world(TEXT)
    assert isinstance(world, World)
    assert world == read_world(TEXT.encode()) == read_world(json.loads(TEXT)) == small_world()


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_world("\ufeff" + TEXT) == read_world(b"\xef\xbb\xbf" + TEXT.encode()) == small_world()


def test_text_that_is_not_json_is_refused_with_line_and_column() -> None:
    assert only('{"format":\n "ofncore-world",\n oops}') == (Code.NOT_JSON, "$", {"line": 3, "column": 2})
    assert only("") == (Code.NOT_JSON, "$", {"line": 1, "column": 1})


def test_bytes_that_are_not_utf_8_are_refused_with_their_place() -> None:
    assert only(b'{"name": "Caf\xe9"}') == (Code.NOT_UTF8, "$", {"byte": 14})


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_without_end_is_refused(opening: str) -> None:
    assert only(opening * 100_000) == (Code.TOO_DEEP, "$", {})


def test_deep_nesting_in_a_place_is_one_problem_of_that_place() -> None:
    deep = "[" * 300 + "]" * 300
    assert only(TEXT.replace('"A small world"', deep, 1)) == (Code.NOT_TEXT, "$.name", {"found": "[…]"})


@pytest.mark.parametrize("text", ["[]", "5", '"world"', "null", "true", "1.5", "NaN"])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    assert [each.code for each in problems(read_world(text))] == [Code.NOT_OBJECT]


def test_a_key_twice_in_one_object_is_a_problem_although_the_last_would_win() -> None:
    twice = TEXT.replace('"id": "eggs",', '"id": "eggs", "id": "eggs",', 1)
    assert only(twice) == (Code.DUPLICATE_KEY, "$.products[2].id", {"key": "id"})


def test_keys_that_are_no_names_are_quoted_in_paths() -> None:
    odd = TEXT.replace('"description": ""', '"a \\" key\\u0007": {"x": 1, "x": 1}, "description": ""', 1)
    assert [(each.code, each.path) for each in problems(read_world(odd))] == [
        (Code.UNKNOWN_KEY, '$.products[0]["a \\" key\\u0007"]'),
        (Code.DUPLICATE_KEY, '$.products[0]["a \\" key\\u0007"].x'),
    ]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_not_finite_are_found_wherever_they_stand(literal: str) -> None:
    assert only(TEXT.replace('"on_hand": 20', f'"on_hand": {literal}')) == (
        Code.NOT_FINITE,
        "$.stock[0].on_hand",
        {"found": literal},
    )
    unknown = TEXT.replace('"on_hand": 20', f'"on_hand": 20, "extra": [{literal}]')
    assert {(each.code, each.path) for each in problems(read_world(unknown))} == {
        (Code.UNKNOWN_KEY, "$.stock[0].extra"),
        (Code.NOT_FINITE, "$.stock[0].extra[0]"),
    }


@pytest.mark.parametrize(
    ("number", "code", "found"),
    [
        ("1e999999", Code.NOT_WHOLE_NUMBER, "1e999999"),
        ("12.0", Code.NOT_WHOLE_NUMBER, "12.0"),
        ("-0.0", Code.NOT_WHOLE_NUMBER, "-0.0"),
        ("9" * 10_000_000, Code.NUMBER_OUT_OF_RANGE, "9" * 60 + "…"),
        ("-" + "9" * 19, Code.NUMBER_OUT_OF_RANGE, "-" + "9" * 19),
        ("0." + "1" * 1_000_000, Code.NOT_WHOLE_NUMBER, "0." + "1" * 58 + "…"),
    ],
    ids=["exponent", "fraction", "minus zero", "ten million digits", "many digits", "long fraction"],
)
def test_odd_numbers_are_refused_at_once(number: str, code: Code, found: str) -> None:
    """However long a number is, nobody waits for it: it never becomes a number."""
    begun = time.perf_counter()
    result = only(TEXT.replace('"on_hand": 20', f'"on_hand": {number}'))
    assert result[:2] == (code, "$.stock[0].on_hand")
    assert result[2]["found"] == found
    assert time.perf_counter() - begun < 5


def test_huge_numbers_in_parsed_data_are_refused_at_once() -> None:
    begun = time.perf_counter()
    data = edited(world_data(), (("stock", 0, "on_hand"), 1 << 40_000_000), (("name",), 1 << 40_000_000))
    shown = [each.parameters["found"] for each in problems(read_world(data))]
    assert shown == ["~1e12041199", "~1e12041199"]
    assert time.perf_counter() - begun < 5


def test_data_that_json_does_not_know_is_refused_with_its_type() -> None:
    data = edited(world_data(), (("name",), {1, 2}), ((7,), 1), (("users", 0, "name"), b"x"))
    assert [(each.path, dict(each.parameters).get("found")) for each in problems(read_world(data))] == [
        ("$.name", "<set>"),
        ("$.users[0].name", "<bytes>"),
        ('$["7"]', None),
    ]


def test_a_document_of_many_problems_lists_all_of_them() -> None:
    """A list is cut short where it is shown, never where it is made."""
    wrong = edited(world_data(), *((("users", index), {"ids": index}) for index in range(4, 3000)))
    assert len(problems(read_world(wrong))) == 2996 * 4


def test_many_misspelt_words_do_not_take_long() -> None:
    """Guessing what was meant costs time; a hostile file cannot make that long."""
    begun = time.perf_counter()
    managers = ["amelie" + "x" * (index % 50) + str(index) for index in range(20_000)]
    keys = {"first_nam" + str(index): 1 for index in range(20_000)}
    wrong = edited(world_data(), (("enterprises", 0, "managers"), managers))
    wrong["customers"][0] |= keys
    assert len(problems(read_world(wrong))) == 40_000
    assert time.perf_counter() - begun < 20


def test_problems_stand_in_the_order_of_the_document() -> None:
    data = world_data()
    shuffled = {key: data[key] for key in reversed(data)}
    shuffled["users"][3]["name"] = 1
    shuffled["users"][0]["email"] = 2
    shuffled["customers"][1]["first_name"] = 3
    del shuffled["name"]
    assert [each.path for each in problems(read_world(shuffled))] == [
        "$.customers[1].first_name",
        "$.users[0].email",
        "$.users[3].name",
        "$.name",
    ]


def test_several_problems_of_one_record_are_told_together() -> None:
    """A field that its class refuses does not hide another that has the wrong type, nor the other way round."""
    data = edited(
        world_data(),
        (("variants", 0, "unit_value"), "0"),
        (("variants", 0, "weight_kg"), "-1"),
        (("variants", 0, "price", "amount"), 1),
        (("variants", 0, "supplier"), "nobody"),
        (("variants", 0, "colour"), "red"),
    )
    assert [(each.code, each.path) for each in problems(read_world(data))] == [
        (Code.UNKNOWN_REFERENCE, "$.variants[0].supplier"),
        (Code.NUMBER_NOT_TEXT, "$.variants[0].price.amount"),
        (Code.NOT_ABOVE_ZERO, "$.variants[0].unit_value"),
        (Code.BELOW_ZERO, "$.variants[0].weight_kg"),
        (Code.UNKNOWN_KEY, "$.variants[0].colour"),
    ]


def test_a_broken_record_does_not_make_others_wrong() -> None:
    """References to it hold, and sums that it is part of are not judged."""
    data = edited(
        state_data(),
        (("enterprises", 2, "name"), 5),
        (("payments", 0, "state"), "gone"),
        (("stock_movements", 0, "at"), "noon"),
        (("orders", 0, "channel"), "pigeon"),
    )
    assert [each.path for each in problems(read_state(data))] == [
        "$.enterprises[2].name",
        "$.orders[0].channel",
        "$.payments[0].state",
        "$.stock_movements[0].at",
    ]


def test_problems_can_be_printed_whatever_the_document_holds() -> None:
    text = TEXT.replace('"A small world"', '"\\ud800"').replace('"locale": "en"', '"loc\\udfffale\\u0000": "en"', 1)
    for each in problems(read_world(text)):
        assert str(each).encode().decode().isprintable()


def test_a_state_file_is_no_world_file() -> None:
    found = problems(read_world(write_state(busy_state())))
    assert [(each.code, each.path) for each in found] == [(Code.WRONG_FORMAT, "$.format")]


def test_a_world_file_is_a_state_in_which_nothing_happened() -> None:
    for read in (read_state, read_document):
        state = read(TEXT)
        assert isinstance(state, State)
        assert state.orders == ()
        assert state.events == ()
        assert state.enterprises == small_world().enterprises


def test_a_file_of_another_format_gets_one_problem_that_names_both() -> None:
    (found,) = problems(read_document({"format": "package", "files": []}))
    assert found.parameters["accepted"] == ("ofncore-state", "ofncore-world")


def test_the_limit_of_python_for_long_numbers_is_left_alone() -> None:
    before = sys.get_int_max_str_digits()
    read_world(TEXT.replace('"on_hand": 20', '"on_hand": ' + "9" * 5000))
    assert sys.get_int_max_str_digits() == before

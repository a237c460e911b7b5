"""Order codes: short, unique, checkable, and told apart by shop (ORD-W10, ORD-K1 to ORD-K8)."""

import gzip
import json
import re
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ofncore.orders.codes import ALPHABET, CodeVerdict, ReadCode, check_symbol, draw_codes, is_prefix, read_code

VECTORS = Path(__file__).parents[1] / "conformance" / "orders" / "order_codes.json.gz"
CHECK_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

prefixes = st.text(alphabet=ALPHABET, min_size=2, max_size=5)
keys = st.text(max_size=12)


def vectors(family: str) -> list[dict[str, Any]]:
    """Return the cases of one family, computed by independent implementations of the standards."""
    with gzip.open(VECTORS, "rt", encoding="utf-8") as file:
        found = [each for each in json.load(file)["cases"] if each["family"] == family]
    assert found
    return found


def draw(prefix: str, key: str, order: str = "order-1", turn: int = 0) -> str:
    """Return one code that an order may get."""
    return next(islice(draw_codes(prefix, key=key, order=order), turn, None))


# ---------------------------------------------------------------- the check symbol


def test_the_check_symbol_is_that_of_iso_7064() -> None:
    """ORD-K3: 61 published and computed examples."""
    found = {each["id"]: check_symbol(each["given"]["payload"]) for each in vectors("check_char")}
    assert found == {each["id"]: each["expect"]["check"] for each in vectors("check_char")}


@given(st.text(alphabet=CHECK_SYMBOLS, min_size=1, max_size=16), st.data())
def test_every_single_wrong_symbol_changes_the_check(text: str, data: st.DataObject) -> None:
    """ORD-K3: single errors are caught, all of them."""
    place = data.draw(st.integers(0, len(text) - 1))
    for other in set(CHECK_SYMBOLS) - {text[place]}:
        assert check_symbol(text[:place] + other + text[place + 1 :]) != check_symbol(text)


@given(prefixes, keys, st.data())
def test_every_single_slip_in_a_code_is_seen(prefix: str, key: str, data: st.DataObject) -> None:
    """A wrong symbol in the prefix, the body or the check symbol itself never reads as a code of the shop."""
    code = draw(prefix, key).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    for other in set(ALPHABET) - {code[place]}:
        assert read_code(code[:place] + other + code[place + 1 :], prefix=prefix).verdict is not CodeVerdict.OK


# ---------------------------------------------------------------- drawing


@given(prefixes, keys, st.text(max_size=12), st.integers(0, 5))
def test_a_drawn_code_has_the_form_and_reads_as_itself(prefix: str, key: str, order: str, turn: int) -> None:
    """ORD-K1, ORD-K2."""
    code = draw(prefix, key, order, turn)
    assert re.fullmatch(f"{prefix}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert read_code(code, prefix=prefix) == ReadCode(CodeVerdict.OK, code)


@given(prefixes, keys, st.text(max_size=12))
def test_the_same_facts_give_the_same_codes_so_a_repeat_after_a_crash_does_too(
    prefix: str, key: str, order: str
) -> None:
    one, other = (list(islice(draw_codes(prefix, key=key, order=order), 4)) for _ in range(2))
    assert one == other
    assert len(set(one)) == 4


def test_another_secret_or_another_order_gives_other_codes() -> None:
    codes = {draw("HAB", key, f"order-{n}") for key in ("one", "two") for n in range(500)}
    assert len(codes) == 1000


def test_the_random_symbols_are_spread_evenly() -> None:
    """ORD-K4: 35 bits, of which none is wasted."""
    bodies = [draw("HAB", "secret", f"order-{n}").replace("-", "")[3:10] for n in range(3200)]
    for place in range(7):
        counts = [sum(body[place] == symbol for body in bodies) for symbol in ALPHABET]
        assert min(counts) > 50
        assert max(counts) < 160


@pytest.mark.parametrize("prefix", ["", "A", "ABCDEF", "ab", "A-B", "OIL", "ÄB", "AB\n"])
def test_what_cannot_be_a_prefix_draws_nothing(prefix: str) -> None:
    """ORD-K1, ORD-K2."""
    assert not is_prefix(prefix)
    with pytest.raises(ValueError, match="2 to 5 symbols"):
        draw(prefix, "secret")


# ---------------------------------------------------------------- reading


def test_codes_are_read_as_in_the_vectors() -> None:
    """ORD-K6, ORD-K6a: 60 typed codes."""
    for each in vectors("verify"):
        found = read_code(each["given"]["raw"], prefix=each["given"]["shop_prefix"])
        expected = ReadCode(CodeVerdict(each["expect"]["verdict"]), each["expect"]["canonical"])
        assert found == expected, each["id"]


@given(prefixes, keys, st.data())
def test_case_separators_and_look_alikes_do_not_count(prefix: str, key: str, data: st.DataObject) -> None:
    code = draw(prefix, key)
    typed = "".join(
        data.draw(st.sampled_from({"0": "0Oo", "1": "1IiLl"}.get(symbol, symbol + symbol.lower())))
        + data.draw(st.sampled_from(["", " ", "-", "\u2013", ".", "_", "/", "\u2212"]))
        for symbol in code.replace("-", "")
    )
    assert read_code(f"  {typed}\n", prefix=prefix) == ReadCode(CodeVerdict.OK, code)


@given(prefixes, prefixes, keys)
def test_a_code_of_another_shop_is_told_apart_and_has_no_canonical_form(own: str, other: str, key: str) -> None:
    """ORD-K6a, ORD-K7: no prefix begins another's."""
    assume(not own.startswith(other) and not other.startswith(own))
    assert read_code(draw(other, key), prefix=own) == ReadCode(CodeVerdict.WRONG_SHOP)


@given(prefixes, keys, st.sampled_from(ALPHABET), st.data())
def test_a_code_retyped_under_a_prefix_that_differs_by_one_symbol_fails(
    prefix: str, key: str, symbol: str, data: st.DataObject
) -> None:
    """ORD-K7: the prefix is inside the checked text."""
    place = data.draw(st.integers(0, len(prefix) - 1))
    own = prefix[:place] + symbol + prefix[place + 1 :]
    assume(own != prefix)
    retyped = draw(prefix, key).replace(prefix, own, 1)
    assert read_code(retyped, prefix=own).verdict is CodeVerdict.BAD_CHECK


@given(st.text(max_size=20), prefixes)
def test_any_text_is_read_without_an_error(raw: str, prefix: str) -> None:
    found = read_code(raw, prefix=prefix)
    assert (found.canonical is not None) == (found.verdict is CodeVerdict.OK)


@pytest.mark.parametrize("raw", ["", " - ", "HAB", "HAB-7K3M-9Q2", "HAB-7K3M-9Q2XX", "HAB-7K3M-9Q2U", "HAB-7K3M-9Q2*"])
def test_what_has_another_length_or_other_symbols_is_malformed(raw: str) -> None:
    assert read_code(raw, prefix="HAB") == ReadCode(CodeVerdict.MALFORMED)

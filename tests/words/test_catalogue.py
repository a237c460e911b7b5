"""Texts in the reader's language, with values as the reader writes them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.catalogue import (
    LANGUAGES,
    format_locale,
    has_text,
    language_of,
    one_line,
    quoted,
    render_problem,
    render_refusal,
    shown,
    text,
)
from ofncore.kernel.codes import Code
from ofncore.kernel.currencies import MINOR_DIGITS
from ofncore.kernel.errors import NaiveInstantError
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters, Problem, Refusal, Withheld, problem
from words.catalogues import parameters_of_codes, texts

SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
SAMPLE = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)

locales = st.sampled_from(["en", "en_GB", "fr", "fr-CH", "ca-ES", "es_MX", "de", "de_AT", "pt-BR", "", "nonsense"])


def digits(written: str) -> str:
    return "".join(each for each in written if each.isdigit())


def squeezed(written: str) -> str:
    """Return the text without spaces, of which locales have several."""
    return written.translate(str.maketrans("", "", SPACES))


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr-CH", "fr"),
        ("fr_CA.UTF-8", "fr"),
        ("ca-ES", "ca"),
        ("ca-Latn-ES", "ca"),
        ("gl-ES", "es"),
        ("oc_FR", "fr"),
        ("nl-BE", "en"),
        ("it-CH", "en"),
        ("pt-BR", "en"),
        ("gl", "en"),
        ("", "en"),
        ("frog", "en"),
        ("../../fr", "en"),
    ],
)
def test_a_language_gives_way_to_that_of_its_country_and_then_to_english(locale: str, language: str) -> None:
    """ORD-T5: language before country; a country with several official languages decides nothing."""
    assert language_of(locale) == language


@given(st.text(max_size=20))
def test_any_locale_has_a_language_and_a_way_of_writing(locale: str) -> None:
    assert language_of(locale) in LANGUAGES
    assert format_locale(locale).language == language_of(locale)


def test_an_unknown_country_leaves_the_language() -> None:
    assert str(format_locale("fr_XX")) == "fr"


def test_a_known_country_decides_how_values_are_written() -> None:
    amount = Money.of("1234.50", "EUR")
    assert squeezed(shown(amount, "de")) != squeezed(shown(amount, "de_CH"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same_thing_in_its_own_words(language: str) -> None:
    assert text(Code.ORDER_EMPTY, language) == texts(language)[Code.ORDER_EMPTY]


def test_the_texts_of_the_languages_differ() -> None:
    assert len({text(Code.ORDER_EMPTY, language) for language in LANGUAGES}) == len(LANGUAGES)


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    "name", ["{available}", "{wanted}", "{", "}", "{}", "{0}", "%s", r"\1", r"\g<0>", "{state:state}"]
)
def test_an_inserted_value_is_never_read_again(name: str) -> None:
    """ORD-T2: a product named like a place is called just that."""
    written = text(Code.INSUFFICIENT_STOCK, "en", Parameters.of(variant=name, wanted=3, available=2))
    assert f"“{name}”: 3 wanted, 2 left" in written


def test_a_place_without_its_parameter_stays_as_typed() -> None:
    assert "{variant}" in text(Code.INSUFFICIENT_STOCK, "en", Parameters.of(wanted=3))


def test_a_parameter_without_a_place_is_left_out() -> None:
    assert text(Code.ORDER_EMPTY, "fr", Parameters.of(unused="x")) == text(Code.ORDER_EMPTY, "fr")


def test_a_machine_name_is_written_in_words() -> None:
    assert "« expédiée" in text(Code.NOT_CHANGEABLE, "fr", Parameters.of(state="shipped")).replace("\u00a0", " ")


def test_a_machine_name_without_words_is_shown_as_it_is() -> None:
    assert "“in the van”" in text(Code.NOT_CHANGEABLE, "en", Parameters.of(state="in the van"))


@given(key=st.text(max_size=30), value=st.text(max_size=30), locale=locales)
def test_a_key_without_a_text_is_shown_with_its_parameters(key: str, value: str, locale: str) -> None:
    if not has_text(key):
        written = text(key, locale, Parameters.of(value=value))
        assert written == f"{one_line(key)} (value: {one_line(value)})"


def test_a_key_without_text_or_parameters_is_shown_alone() -> None:
    assert text("host.no_van", "ca") == "host.no_van"


# ---------------------------------------------------------------- hostile text


@given(st.text(max_size=40))
def test_one_line_is_one_line_without_controls(value: str) -> None:
    line = one_line(value)
    assert len(line.splitlines()) <= 1
    assert not any(each < " " or "\x7f" <= each <= "\x9f" for each in line)
    assert one_line(line) == line
    line.encode()


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Zoé\r\nBcc: x@example.org", "Zoé Bcc: x@example.org"),
        (" \x1b[31mred\x00 ", "[31mred"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("\u202eoze\u202c", "oze"),
        ("half \ud83d emoji 🥕", "half  emoji 🥕"),
        ("l\u200d\u05d3", "l\u200d\u05d3"),
    ],
)
def test_what_breaks_a_line_or_turns_it_around_is_taken_out(value: str, line: str) -> None:
    assert one_line(value) == line


# ---------------------------------------------------------------- values


@given(
    minor=st.integers(-(10**12), 10**12),
    currency=st.sampled_from(sorted(MINOR_DIGITS)),
    locale=locales,
)
def test_money_is_shown_with_all_its_digits_and_no_others(minor: int, currency: str, locale: str) -> None:
    """Neither the locale's own decimals for a currency nor rounding changes an amount."""
    money = Money(minor, currency)
    assert digits(shown(money, locale)) == digits(str(money.amount))
    assert ("-" in shown(money, locale) or "−" in shown(money, locale)) == (minor < 0)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        ("1234", "JPY", "en", "¥1,234"),
        ("1234", "JPY", "de", "1.234¥"),
        ("1234.5", "TND", "fr", "1234,500TND"),
        ("1234.5", "TND", "en", "TND1,234.500"),
        ("12.5", "RSD", "en", "RSD12.50"),
        ("1.234", "IQD", "es", "1,234IQD"),
        ("-3.2", "EUR", "ca", "-3,20€"),
    ],
)
def test_money_is_written_as_the_locale_does(amount: str, currency: str, locale: str, written: str) -> None:
    """JPY has no decimals, TND three; RSD keeps its two although the locale data would drop them."""
    assert squeezed(shown(Money.of(amount, currency), locale)) == written


def test_a_currency_of_letters_stands_apart_from_its_amount() -> None:
    assert shown(Money.of("1.5", "TND"), "en") == "TND\N{NO-BREAK SPACE}1.500"


@given(number=st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False)), locale=locales)
def test_a_number_of_ordinary_size_keeps_its_digits(number: int | Decimal, locale: str) -> None:
    exact = Decimal(number)
    if abs(exact.adjusted()) < 15 and int(exact.as_tuple().exponent) > -15:
        plain = format(exact, "f")
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        assert digits(shown(number, locale)) == digits(plain)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Decimal("1E+999999"), "1.000000e+999999"),
        pytest.param(10**6000, "1.000000e+6000", id="an int too long to be text"),
        (Decimal("1E-400"), "1.000000e-400"),
        (Decimal("NaN"), "NaN"),
        (Decimal("-Infinity"), "-Infinity"),
    ],
)
def test_a_monstrous_number_stays_short(number: int | Decimal, written: str) -> None:
    assert shown(number, "en") == written


def test_an_instant_is_shown_in_the_zone_of_the_shop() -> None:
    written = shown(SAMPLE, "fr", zone="Europe/Paris")
    assert "2026" in written
    assert written.endswith("19:30")


def test_an_instant_in_utc_says_so() -> None:
    assert shown(SAMPLE, "fr").endswith("18:30 UTC")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(NaiveInstantError):
        shown(datetime(2026, 3, 5), "fr")  # noqa: DTZ001 - naive on purpose


@pytest.mark.parametrize(("locale", "last"), [("en", "and"), ("fr", "et"), ("ca", "i"), ("es", "y"), ("de", "und")])
def test_a_list_is_joined_as_the_language_does(locale: str, last: str) -> None:
    assert shown(("Farm", "Dairy", "{0}"), locale).replace(", and", " and") == f"Farm, Dairy {last} {{0}}"


@pytest.mark.parametrize(
    ("locale", "one", "several"),
    [
        ("en", "To edit a customer, one must manage “Hub”.", "one of these enterprises: “Hub” and “Farm”."),
        (
            "fr",
            "Pour modifier un acheteur, il faut être gestionnaire de « Hub ».",
            "entreprises : « Hub » et « Farm ».",
        ),
        ("ca", "Per editar una consumidora, cal gestionar «Hub».", "organitzacions: «Hub» i «Farm»."),
        ("es", "Para editar a una consumidora, hay que gestionar «Hub».", "organizaciones: «Hub» y «Farm»."),
        ("de", "Um einen Kunden zu bearbeiten, muss man „Hub“ verwalten.", "Betriebe verwalten: „Hub“ und „Farm“."),
    ],
)
def test_one_enterprise_is_not_told_as_several(locale: str, one: str, several: str) -> None:
    """And each name stands in the marks of the language."""

    def told(*names: str) -> str:
        given = problem(Code.NEEDS_MANAGER, action="edit_customer", enterprises=names)
        return render_problem(given, locale).replace("\N{NO-BREAK SPACE}", " ")

    assert told("Hub").startswith(one)
    assert several in told("Hub", "Farm")


def test_what_is_withheld_has_no_marks() -> None:
    given = problem(Code.NEEDS_OWNER, action="edit_customer", enterprises=("Hub", Withheld.ENTERPRISE))
    assert "“Hub” and (enterprise that is not shown to you)." in render_problem(given, "en")
    one = problem(Code.NEEDS_OWNER, action="edit_customer", enterprises=(Withheld.ENTERPRISE,))
    assert "one must own (enterprise" in render_problem(one, "en")


@given(st.text(max_size=8))
def test_a_name_in_marks_is_never_read_again(name: str) -> None:
    """ORD-T3."""
    given = problem(Code.NEEDS_MANAGER, action="edit_customer", enterprises=("{enterprises:quoted}" + name,))
    assert f"“{one_line('{enterprises:quoted}' + name)}”" in render_problem(given, "en")
    assert quoted(3, "en") == 3


def test_an_empty_list_is_nothing() -> None:
    assert shown((), "en") == ""


# ---------------------------------------------------------------- problems


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("code", Code)
def test_every_problem_has_words_in_every_language(code: Code, locale: str) -> None:
    """With all its parameters no place is left open."""
    parameters = Parameters.of(**dict.fromkeys(parameters_of_codes()[code], "x"))
    written = render_problem(Problem(code, "$", parameters), locale)
    assert "{" not in written
    assert code not in written


def test_a_refusal_has_one_line_for_each_problem_with_its_place() -> None:
    refusal = Refusal((problem(Code.ORDER_EMPTY), problem(Code.BAD_QUANTITY, "$.lines[1].quantity", found="1\n2")))
    first, second = render_refusal(refusal, "en").split("\n")
    assert first == render_problem(refusal.problems[0], "en")
    assert second == f"$.lines[1].quantity: {render_problem(refusal.problems[1], 'en')}"


def test_a_problem_is_shown_in_the_zone_asked_for() -> None:
    closed = problem(Code.CYCLE_CLOSED, at=SAMPLE)
    assert "19:30" in render_problem(closed, "fr", "Europe/Paris")

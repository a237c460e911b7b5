"""Words: what the library tells people, in their language.

The catalogues are gettext files under ``locale``, one for each language. A message id is a key, such as
``cycle.closed``; its text is a template with ``{name}`` where a value goes, or ``{name:group}`` where a machine name
goes that has its own words: ``{state:state}`` with ``ready`` shows the text of ``state.ready``. ``{name:quoted}`` sets
a name in the marks of the language, or each one of a list. A text about a list may have a second one for a list of
one, under its key and ``.one``. The files are read as shipped: nothing is compiled. Babel does what depends on the
locale; it is large, so it is imported at the first use.

Source:
    ORD-T2 (one pass, replaced text is never read again), ORD-T3 (names are hostile), ORD-T5 (language before country).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Context, Decimal, localcontext
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from ofncore.kernel.instants import local
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters, ParameterValue, Problem, Refusal, Withheld

if TYPE_CHECKING:
    from babel import Locale

#: The languages that ship, by their ISO 639 codes.
LANGUAGES: Final = ("ca", "de", "en", "es", "fr")
#: The language of last resort.
DEFAULT_LANGUAGE: Final = "en"

_NO_PARAMETERS: Final = Parameters()
#: The group of a place whose value stands in marks.
_QUOTED: Final = "quoted"
_PLACE: Final = re.compile(r"\{([a-z_]+)(?::([a-z_.]+))?\}")
_LOCALE: Final = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{4})?(?:[-_]([a-z]{2}|[0-9]{3}))?(?![a-z0-9])", re.IGNORECASE)
#: Controls, and what ends a line without being one.
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: What would turn the text around a name, and halves of characters, which no mail can hold.
_UNPRINTABLE: Final = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
#: Numbers with more digits than this before or after the point are shown by their power of ten.
_MOST_DIGITS: Final = 30
#: Formatting rounds to the digits of the context it is done in: roomy enough, whatever the caller works in.
_EXACT: Final = Context(prec=3 * _MOST_DIGITS)


def text(
    key: str,
    locale: str,
    parameters: Mapping[str, ParameterValue] = _NO_PARAMETERS,
    *,
    zone: str = "UTC",
) -> str:
    """Return the text of *key* for a reader of *locale*, with *parameters* in their places.

    Values are written by `shown`. A parameter that the text does not use is left out; a place without its parameter
    stays as typed. Inserted values are not read again, so a customer named ``{total}`` is called just that.

    Args:
        key: Id of the message, such as ``cycle.closed``.
        locale: Such as ``fr``, ``ca-ES`` or ``de_AT``. A language that does not ship gives way to its country's, if
            that has just one, and then to English.
        parameters: The values, by name.
        zone: Time zone in which instants are shown.

    Returns:
        The text. For a key without a text in any language: the key and the parameters.
    """
    template = (_template(f"{key}.one", locale) if _is_about_one(parameters) else None) or _template(key, locale)
    if template is None:
        given = ", ".join(f"{name}: {shown(value, locale, zone=zone)}" for name, value in parameters.items())
        return f"{one_line(key)} ({given})" if given else one_line(key)

    def value_of(place: re.Match[str]) -> str:
        name, group = place.groups()
        if name not in parameters:
            return place[0]
        if group == _QUOTED:
            return shown(quoted(parameters[name], locale), locale, zone=zone)
        words = _template(f"{group}.{parameters[name]}", locale) if group else None
        return words or shown(parameters[name], locale, zone=zone)

    return _PLACE.sub(value_of, template)


def quoted(value: ParameterValue, locale: str) -> ParameterValue:
    """Return a name in the marks of the language, of a list each one; what is withheld is no name and has none."""
    match value:
        case Withheld():
            return value
        case str():
            return text("quoted.name", locale, Parameters.of(name=value))
        case tuple():
            return tuple(each if isinstance(each, Withheld) else str(quoted(each, locale)) for each in value)
        case _:
            return value


def has_text(key: str) -> bool:
    """Whether *key* has a text in the default language, and so in every other."""
    return key in _texts(DEFAULT_LANGUAGE)


def render_problem(problem: Problem, locale: str, zone: str = "UTC") -> str:
    """Return what is wrong, and what to do, in words. The path is not in them; it is shown beside them if wanted."""
    return text(problem.code, locale, problem.parameters, zone=zone)


def render_refusal(refusal: Refusal, locale: str, zone: str = "UTC") -> str:
    """Return every problem of *refusal* in words, one a line; one that has a place begins with its path."""
    return "\n".join(_placed(problem, locale, zone) for problem in refusal.problems)


def _is_about_one(parameters: Mapping[str, ParameterValue]) -> bool:
    """Whether the one list among *parameters* has one entry."""
    return [len(each) for each in parameters.values() if isinstance(each, tuple)] == [1]


def _placed(problem: Problem, locale: str, zone: str) -> str:
    words = render_problem(problem, locale, zone)
    return words if problem.path == "$" else f"{one_line(problem.path)}: {words}"


def one_line(value: str) -> str:
    """Return *value* on one line, without what cannot be printed.

    A run of control characters or line separators becomes one space; marks that reverse the direction of the text
    around them, and lone surrogates, are dropped (ORD-T3).
    """
    return _UNPRINTABLE.sub("", _BREAKS.sub(" ", value)).strip()


# ---------------------------------------------------------------- values


def shown(value: ParameterValue, locale: str, *, zone: str = "UTC") -> str:
    """Return *value* as a reader of *locale* writes it.

    Money has all the decimals of its currency, a number all of its own; neither is rounded. An instant is a date and
    a time of day in *zone*, followed by ``UTC`` if that is the zone. Texts are put on one line; a tuple is a list.

    Raises:
        NaiveInstantError: an instant has no time zone.
    """
    match value:
        case Withheld():
            return text(value, locale)
        case str():
            return one_line(value)
        case Money():
            return _money(value, format_locale(locale))
        case datetime():
            return _instant(value, format_locale(locale), zone)
        case tuple():
            return _listed([shown(each, locale) for each in value], format_locale(locale))
        case _:
            return _number(Decimal(value), format_locale(locale))


def _money(money: Money, locale: "Locale") -> str:
    from babel.numbers import format_currency, get_currency_symbol  # noqa: PLC0415 - large, so late

    amount = money.amount
    decimals = max(0, -int(amount.as_tuple().exponent))
    # CLDR has its own decimals for some currencies (none for RSD) and would round to them; ISO 4217's are ours.
    digits = "0." + "0" * decimals if decimals else "0"
    pattern = re.sub(r"0\.0+", digits, locale.currency_formats["standard"].pattern)
    if get_currency_symbol(money.currency, locale)[-1].isalpha():
        pattern = re.sub(r"¤(?=[#0-])", "¤\N{NO-BREAK SPACE}", pattern)
    with localcontext(_EXACT):
        return format_currency(amount, money.currency, pattern, locale=locale, currency_digits=False)


def _number(number: Decimal, locale: "Locale") -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 - large, so late

    if not number.is_finite():
        return str(number)
    if not -_MOST_DIGITS < int(number.as_tuple().exponent) <= number.adjusted() < _MOST_DIGITS:
        return f"{number:.6e}"
    with localcontext(_EXACT):
        return format_decimal(number, locale=locale, decimal_quantization=False)


def _instant(instant: datetime, locale: "Locale", zone: str) -> str:
    from babel.dates import format_date, format_time, get_datetime_format  # noqa: PLC0415 - large, so late

    there = local(instant, zone).replace(tzinfo=None)
    day = format_date(there.date(), "medium", locale=locale)
    hour = format_time(there.time(), "short", locale=locale)
    both = str(get_datetime_format("medium", locale=locale)).replace("'", "").replace("{0}", hour).replace("{1}", day)
    return f"{both} UTC" if zone == "UTC" else both


def _listed(values: list[str], locale: "Locale") -> str:
    from babel.lists import format_list  # noqa: PLC0415 - large, so late

    return format_list(values, locale=locale)


# ---------------------------------------------------------------- locales and catalogues


@lru_cache(maxsize=256)
def language_of(locale: str) -> str:
    """Return which of the languages that ship is used for *locale*.

    Its own; else the one official language of its country; else English (ORD-T5): ``ca-ES`` gives ``ca``, ``gl-ES``
    gives ``es``, ``gl`` gives ``en``.
    """
    from babel.languages import get_official_languages  # noqa: PLC0415 - large, so late

    language, territory = _parts(locale)
    if language in LANGUAGES:
        return language
    official = get_official_languages(territory) if territory else ()
    return official[0] if len(official) == 1 and official[0] in LANGUAGES else DEFAULT_LANGUAGE


@lru_cache(maxsize=256)
def format_locale(locale: str) -> "Locale":
    """Return the locale in which values are written: the language of the texts, in the reader's country if known."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - large, so late

    language, territory = language_of(locale), _parts(locale)[1]
    try:
        return Locale.parse(f"{language}_{territory}" if territory else language)
    except UnknownLocaleError:
        return Locale.parse(language)


def _parts(locale: str) -> tuple[str, str]:
    found = _LOCALE.match(locale.strip())
    return (found[1].lower(), (found[2] or "").upper()) if found else ("", "")


def _template(key: str, locale: str) -> str | None:
    return _texts(language_of(locale)).get(key) or _texts(DEFAULT_LANGUAGE).get(key)


@cache
def _texts(language: str) -> Mapping[str, str]:
    """Read one catalogue as it ships; messages marked as uncertain count as missing."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - large, so late

    path = files("ofncore").joinpath("locale", language, "LC_MESSAGES", "ofncore.po")
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    ready = (message for message in messages if message.id and message.string and not message.fuzzy)
    return {str(message.id): str(message.string) for message in ready}

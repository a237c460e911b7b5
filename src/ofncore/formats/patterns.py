"""How scalars are written in documents, as regular expressions that Python and JSON Schema read alike."""

from typing import Final

#: An exact number: at most 15 digits before the point and 30 after it; no exponent.
DECIMAL: Final = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,30})?$"
#: A ratio of whole numbers, or a whole number.
RATIO: Final = r"^-?[0-9]{1,30}(/[1-9][0-9]{0,29})?$"
#: An instant of the years 1000 to 2999, with seconds or without, in UTC or with an offset.
INSTANT: Final = (
    r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
#: Who acts: a user, a customer without an account, or the library itself.
ACTOR: Final = r"^(engine|(user|customer):.+)$"
#: A length of time in seconds.
DURATION: Final = r"^-?PT[0-9]{1,9}(\.[0-9]{1,6})?S$"
#: A language, perhaps with a script and a country.
LOCALE: Final = r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}$"
#: A name in the IANA time zone database.
TIME_ZONE: Final = r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"
#: A country code of ISO 3166, or nothing.
COUNTRY: Final = r"^([A-Z]{2})?$"

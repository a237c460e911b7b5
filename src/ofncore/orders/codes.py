"""Order codes: short, unique, checkable, and told apart by shop.

A code is ``PREFIX-BBBB-BBBC``: the shop's prefix, seven random symbols and a check symbol over all of them. The random
part comes from a secret key and the order's id by a keyed hash, so that a repeat of the same work after a crash gives
the same code, and nobody without the key can guess one. A code identifies, it never authorises.

Source:
    ORD-W10, ORD-K1 to ORD-K8.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import count
from typing import Final

import attrs

#: Crockford's 32 symbols: digits and letters without I, L, O and U (ORD-K2).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: The 36 symbols of ISO/IEC 7064 MOD 37,36 (ORD-K3).
_CHECK_SYMBOLS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_LENGTH: Final = 8
_PREFIX: Final = re.compile(f"[{ALPHABET}]{{2,5}}")
_SEPARATORS: Final = re.compile(r"[\s\-._/\u2010-\u2015\u2212]")
_LOOK_ALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def is_prefix(text: str) -> bool:
    """Whether *text* can be a shop's prefix: 2 to 5 symbols of the alphabet (ORD-K1)."""
    return _PREFIX.fullmatch(text) is not None


def check_symbol(text: str) -> str:
    """Return the check symbol of *text* by ISO/IEC 7064 MOD 37,36; it may be one outside the alphabet."""
    value = 36
    for symbol in text:
        value = (value + _CHECK_SYMBOLS.index(symbol)) % 36 or 36
        value = value * 2 % 37
    return _CHECK_SYMBOLS[(37 - value) % 36]


def draw_codes(prefix: str, *, key: str, order: str) -> Iterator[str]:
    """Yield the codes an order may get, without end; take the first that is not taken.

    *key* is the installation's secret, *order* the order's id. The same arguments always give the same codes.

    Raises:
        ValueError: *prefix* cannot be a prefix.
    """
    if not is_prefix(prefix):
        message = f"a prefix has 2 to 5 symbols of {ALPHABET}, not {prefix!r}"
        raise ValueError(message)
    for draw in count():
        digest = hmac.digest(key.encode(), f"{order}#{draw}".encode(), hashlib.sha256)
        number = int.from_bytes(digest) % 32 ** (_BODY_LENGTH - 1)
        body = "".join(ALPHABET[number // 32**place % 32] for place in range(_BODY_LENGTH - 1))
        check = check_symbol(prefix + body)
        if check in ALPHABET:
            yield f"{prefix}-{body[:4]}-{body[4:]}{check}"


class CodeVerdict(StrEnum):
    """What a typed code turns out to be, before anybody looks it up."""

    OK = "ok"
    MALFORMED = "malformed"
    BAD_CHECK = "bad_check"
    WRONG_SHOP = "wrong_shop"


@attrs.frozen
class ReadCode:
    """A typed code, read."""

    verdict: CodeVerdict
    #: The code as it is stored, if the verdict is OK.
    canonical: str | None = None


def read_code(raw: str, *, prefix: str) -> ReadCode:
    """Read what somebody typed at the shop with *prefix* (ORD-K6, ORD-K6a).

    Blanks, hyphens, dots, underscores and slashes do not count, nor does case; O is read as 0, I and L as 1.
    """
    text = _SEPARATORS.sub("", raw.strip()).upper().translate(_LOOK_ALIKES)
    length = len(text)
    if not text or set(text) - set(ALPHABET) or not _fits(text, prefix, length):
        return ReadCode(CodeVerdict.MALFORMED)
    own, body = text[:-_BODY_LENGTH], text[-_BODY_LENGTH:]
    if check_symbol(text[:-1]) != text[-1]:
        return ReadCode(CodeVerdict.BAD_CHECK)
    if own != prefix:
        return ReadCode(CodeVerdict.WRONG_SHOP)
    return ReadCode(CodeVerdict.OK, f"{own}-{body[:4]}-{body[4:]}")


def _fits(text: str, prefix: str, length: int) -> bool:
    if text.startswith(prefix):
        return length == len(prefix) + _BODY_LENGTH
    return _BODY_LENGTH + 2 <= length <= _BODY_LENGTH + 5

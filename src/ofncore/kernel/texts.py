"""Texts that every file, database and screen can take."""

import re
from typing import Final

#: The longest id that somebody gives: of a record in a world, or of a request.
LONGEST_ID: Final = 255
#: The longest id that the library makes of other ids.
LONGEST_MADE_ID: Final = 4_000
#: The longest remark: a comment, a reason.
LONGEST_REMARK: Final = 2_000

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether *text* holds neither NUL nor half a surrogate pair."""
    return _UNSTORABLE.search(text) is None

"""Tags: short words that group customers, methods and exchanges.

Source:
    CYC-7 A4: stored tags are lower-case and trimmed.
"""

from collections.abc import Iterable
from typing import NewType

Tag = NewType("Tag", str)


def normal_tag(text: str) -> Tag:
    """Return *text* as a stored tag: trimmed, in lower case."""
    return Tag(text.strip().lower())


def normal_tags(texts: Iterable[str]) -> tuple[Tag, ...]:
    """Return the distinct tags of *texts*, sorted; blank ones are dropped."""
    return tuple(sorted({normal_tag(text) for text in texts} - {Tag("")}))

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
    """Return the distinct tags of *texts*, sorted; blank ones are dropped.

    Raises:
        ValueError: *texts* is one text, which would be taken letter by letter, or holds what is no text.
    """
    listed = [] if isinstance(texts, str) else list(texts)
    if isinstance(texts, str) or not all(isinstance(each, str) for each in listed):
        message = f"tags are a collection of texts such as ('member',), not {texts!r}"
        raise ValueError(message)
    return tuple(sorted({normal_tag(text) for text in listed} - {Tag("")}))

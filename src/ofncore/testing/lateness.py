"""Comparing late runs with punctual ones."""

from collections.abc import Mapping
from typing import Final

#: The key under which a document says when something was really done, if that was late.
LATE_MARK: Final = "late_at"


def without_lateness(document: object) -> object:
    """Return an exported document, or a part of it, without its marks of lateness.

    A run that was late, but not too late, leaves the same export as a punctual one but for these marks (CYC-14.9,
    SUB-17.4).

        >>> without_lateness({"orders": [{"id": "order-1", "late_at": "2026-03-12T18:00:00Z"}]})
        {'orders': [{'id': 'order-1'}]}
    """
    if isinstance(document, Mapping):
        return {key: without_lateness(value) for key, value in document.items() if key != LATE_MARK}
    if isinstance(document, list | tuple):
        return [without_lateness(each) for each in document]
    return document

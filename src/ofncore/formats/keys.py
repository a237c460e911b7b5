"""The keys of objects: which are missing, which are unknown, and what a misspelt word was meant to be."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from ofncore.formats.paths import member
from ofncore.formats.problems import Findings
from ofncore.formats.shown import shown, shown_text
from ofncore.kernel.codes import Code

# Comparing words takes time that grows with their length and number; hostile documents have many long ones.
_LONGEST_WORD: Final = 64
_MOST_WORDS: Final = 500
_MOST_GUESSES: Final = 20


def nearest(word: str, accepted: Iterable[str]) -> str | None:
    """Return the one of *accepted* that *word* was meant to be, if one is near."""
    words = [each for each in accepted if len(each) <= _LONGEST_WORD]
    if len(word) > _LONGEST_WORD or len(words) > _MOST_WORDS:
        return None
    return next(iter(get_close_matches(word, words, n=1, cutoff=0.7)), None)


def check_keys(
    data: Mapping[Any, object],
    *,
    accepted: Iterable[str],
    required: Iterable[str],
    findings: Findings,
) -> None:
    """Note which keys of *data* are not *accepted*, and which of *required* are missing from it."""
    known = dict.fromkeys(accepted)
    unknown = [key for key in data if key not in known]
    for place, key in enumerate(unknown):
        _note_unknown(key if isinstance(key, str) else shown(key), known, findings, guess=place < _MOST_GUESSES)
    for key in required:
        if key not in data:
            findings.note(Code.MISSING_KEY, member(key), key=key)


def _note_unknown(key: str, known: Iterable[str], findings: Findings, *, guess: bool) -> None:
    meant = nearest(key, known) if guess else None
    names, path, shown_key = tuple(known), member(key), shown_text(key)
    if meant is None:
        findings.note(Code.UNKNOWN_KEY, path, key=shown_key, accepted=names)
    else:
        findings.note(Code.MISSPELT_KEY, path, key=shown_key, meant=meant, accepted=names)

"""The shipped catalogues as plain mappings, read without the code under test."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import ofncore
from ofncore.kernel.codes import Code

LOCALES: Final = Path(next(iter(ofncore.__path__))) / "locale"
LANGUAGES: Final = tuple(sorted(path.name for path in LOCALES.iterdir()))
CODES: Final = Path(next(iter(ofncore.__path__))) / "kernel" / "codes.py"

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_MEMBER: Final = re.compile(r'    [A-Z_0-9]+ = "(?P<code>[a-z_0-9.]+)"')
_PARAMETERS: Final = re.compile(r"Parameters(?P<each> of each)?: (?P<names>.*)")


def catalogue(language: str) -> Catalog:
    """Return one catalogue as it ships."""
    with (LOCALES / language / "LC_MESSAGES" / "ofncore.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def texts(language: str) -> dict[str, str]:
    """Return the texts of one language by key."""
    return {str(message.id): str(message.string) for message in catalogue(language) if message.id}


def places(template: str) -> list[str]:
    """Return what stands in braces, sorted, as often as it stands there."""
    return sorted(_PLACE.findall(template))


@cache
def parameters_of_codes() -> dict[Code, set[str]]:
    """Return the parameters of every code, as the comments beside the codes name them."""
    found: dict[Code, set[str]] = {}
    for block in CODES.read_text(encoding="utf-8").split("\n\n"):
        found |= _parameters_in(block.splitlines())
    return found


def _parameters_in(lines: list[str]) -> dict[Code, set[str]]:
    """Read a block of codes: "Parameters" is for the next code, "Parameters of each" for all from there on."""
    found: dict[Code, set[str]] = {}
    of_each: set[str] = set()
    comment = ""
    for line in lines:
        if line.startswith("    # "):
            comment += line.removeprefix("    #")
        elif member := _MEMBER.fullmatch(line):
            match = _PARAMETERS.search(comment)
            names = set(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", match["names"]))) if match else set()
            if match and match["each"]:
                of_each = names
            found[Code(member["code"])] = names | of_each
            comment = ""
    return found

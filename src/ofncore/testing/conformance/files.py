"""Files of cases below a directory."""

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from ofncore.testing.conformance.cases import Json

_ENDINGS: Final = (".json", ".json.gz")


def case_files(directory: Path) -> Iterator[tuple[str, Path]]:
    """Yield every JSON file below *directory* with its relative path, in the order of the paths."""
    found = (path for path in directory.rglob("*") if path.name.lower().endswith(_ENDINGS) and path.is_file())
    yield from sorted((path.relative_to(directory).as_posix(), path) for path in found)


def read_json(path: Path) -> Json:
    """Return the content of a JSON file, compressed or not; its numbers with a point are Decimals.

    Raises:
        ValueError: it is no JSON.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    try:
        text = gzip.decompress(data) if path.name.lower().endswith(".gz") else data
        return json.loads(text, parse_float=Decimal)
    except (EOFError, RecursionError, gzip.zlib.error) as error:  # type: ignore[attr-defined]
        message = f"it cannot be read: {error}"
        raise ValueError(message) from error


def case_count(content: Json) -> int:
    """Return how many cases a file holds whose schema is not known: at least one, the file itself."""
    if not isinstance(content, dict):
        return 1
    cases, count = content.get("cases"), content.get("count")
    if isinstance(cases, list):
        return max(1, len(cases))
    return count if type(count) is int and count > 0 else 1

"""The package ships the example worlds: what people read in examples/ is what the command line runs."""

from importlib.resources import files

import pytest

from examples.example_files import EXAMPLES

SHIPPED = files("ofncore.cli") / "worlds"
NAMES = ["catalan-shop.json", "french-hub.json"]


def test_both_places_hold_the_same_worlds() -> None:
    assert sorted(path.name for path in SHIPPED.iterdir() if path.name.endswith(".json")) == NAMES
    assert sorted(path.name for path in EXAMPLES.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_world_is_the_example_byte_for_byte(name: str) -> None:
    assert (SHIPPED / name).read_bytes() == (EXAMPLES / name).read_bytes()
    assert not (EXAMPLES / name).is_symlink()


@pytest.mark.parametrize("name", NAMES)
def test_a_world_is_kept_readable(name: str) -> None:
    """Lines have at most 120 characters, and letters with accents are written as they are."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 120
    assert "\\u" not in text
    assert text.endswith("}\n")

"""The shipped JSON Schemas are current, right, and no stricter than the readers."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from formats.mutations import spoilt
from formats.samples import busy_state, state_data, world_data
from ofncore.formats.schema import FOLDER, SCHEMAS, state_schema, world_schema
from ofncore.formats.state import read_state
from ofncore.formats.world import read_world
from ofncore.kernel.refusals import Refusal

WORLD, STATE = world_data(), state_data()


@cache
def shipped(name: str) -> Draft202012Validator:
    """Return the validator of a schema that ships."""
    return Draft202012Validator(json.loads((FOLDER / name).read_text(encoding="utf-8")))


def world_file() -> Draft202012Validator:
    """Return the validator of world files."""
    return shipped("ofncore-world-1.schema.json")


def state_file() -> Draft202012Validator:
    """Return the validator of state files."""
    return shipped("ofncore-state-1.schema.json")


def test_the_shipped_schemas_are_what_the_classes_give(tmp_path: Path) -> None:
    """`python -m ofncore.formats.schema` was run after the last change of a class.

    In a process of its own, since other tests may have registered calculators of their own in this one.
    """
    code = "import pathlib, sys; from ofncore.formats import schema; schema.write_schemas(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert {path.name for path in FOLDER.glob("*.json")} == set(SCHEMAS)
    for name in SCHEMAS:
        assert (tmp_path / name).read_text("utf-8") == (FOLDER / name).read_text("utf-8"), name


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_shipped_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(shipped(name).schema)


def test_real_documents_fit_their_schema() -> None:
    world_file().validate(WORLD)
    state_file().validate(STATE)


def test_the_formats_are_told_apart() -> None:
    assert not world_file().is_valid(STATE)
    assert not state_file().is_valid(WORLD)


def test_every_list_of_the_sample_state_has_an_entry() -> None:
    """What is not in the sample would not be checked against the schema."""
    assert [name for name, entries in STATE.items() if entries == []] == []
    assert len({event.kind for event in busy_state().events}) == len(busy_state().events)


def test_the_schema_knows_events_and_calculators_by_their_kind() -> None:
    definitions = state_schema()["$defs"]
    assert {"$ref": "#/$defs/OrderPlaced"} in definitions["Event"]["oneOf"]
    assert definitions["OrderPlaced"]["properties"]["kind"] == {"const": "order_placed"}
    assert definitions["FlatRate"]["properties"]["kind"] == {"const": "flat_rate"}
    assert definitions["FlatRate"]["required"] == ["kind"]


def test_descriptions_come_from_the_classes() -> None:
    definitions = world_schema()["$defs"]
    assert definitions["Enterprise"]["description"] == "An actor of the network."
    properties = definitions["Enterprise"]["properties"]
    assert properties["managers"]["description"].startswith("Users who act for it.")
    assert "own: A producer shop: its own goods only." in definitions["Sells"]["description"]


def test_what_follows_from_the_rest_is_in_the_state_schema_but_not_required() -> None:
    order = state_schema()["$defs"]["Order"]
    assert {"item_total", "total", "paid", "outstanding"} <= set(order["properties"]) - set(order["required"])
    assert "amount" in state_schema()["$defs"]["OrderLine"]["properties"]


def test_no_record_has_a_version() -> None:
    """How often storage saved a record is no business of documents."""
    definitions = state_schema()["$defs"].values()
    assert not [each for each in definitions if "version" in each.get("properties", {})]


def as_json(data: object) -> Any:  # noqa: ANN401 - any JSON
    """Return *data* as a JSON file would give it."""
    return json.loads(json.dumps(data))


@given(spoilt(WORLD))
@settings(max_examples=150, deadline=None)
def test_what_the_world_schema_refuses_the_reader_refuses_too(data: dict[str, Any]) -> None:
    if not world_file().is_valid(as_json(data)):
        assert isinstance(read_world(json.dumps(data)), Refusal)


@given(spoilt(STATE))
@settings(max_examples=150, deadline=None)
def test_what_the_state_schema_refuses_the_reader_refuses_too(data: dict[str, Any]) -> None:
    if not state_file().is_valid(as_json(data)):
        assert isinstance(read_state(json.dumps(data)), Refusal)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_the_schema_alone_refuses_unknown_keys_anywhere(data: st.DataObject) -> None:
    """An editor with the schema shows a misspelt key at once."""
    document = as_json(STATE)
    here = document
    while isinstance(here, dict | list):
        holder = here
        choices = list(here.values()) if isinstance(here, dict) else list(here)
        inner = [each for each in choices if isinstance(each, dict | list) and each]
        if not inner or (isinstance(here, dict) and data.draw(st.booleans())):
            break
        here = data.draw(st.sampled_from(inner))
    if isinstance(holder, dict):
        holder["not_a_key"] = 1
        assert not state_file().is_valid(document)

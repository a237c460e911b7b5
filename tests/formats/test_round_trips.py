"""Every public value survives JSON."""

import json
from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.values import is_kindless_event, public_values, values
from ofncore.formats.converter import make_converter
from ofncore.kernel.actors import Actor
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Problem, Refusal
from ofncore.model.event import Event
from ofncore.model.order import Order
from ofncore.model.world import State

CONVERTER = make_converter()
PUBLIC = sorted(set(public_values()), key=lambda cls: cls.__qualname__)


def test_the_public_values_are_all_there() -> None:
    """The search for value classes finds those of both packages, with the calculators."""
    names = {cls.__name__ for cls in PUBLIC}
    assert {"Money", "Problem", "Refusal", "Profile", "Order", "State", "FlatRate", "OrderPlaced"} <= names
    assert len(PUBLIC) > 50


@pytest.mark.parametrize("cls", PUBLIC, ids=lambda cls: cls.__name__)
def test_every_field_of_a_public_value_has_a_reader_and_a_writer(cls: type) -> None:
    assert CONVERTER.get_structure_hook(cls) is not None
    assert CONVERTER.get_unstructure_hook(cls) is not None


@pytest.mark.parametrize("cls", PUBLIC, ids=lambda cls: cls.__name__)
@given(data=st.data())
@settings(max_examples=15)
def test_a_public_value_comes_back_from_json_as_it_was(cls: type, data: st.DataObject) -> None:
    value = data.draw(values(cls))
    text = json.dumps(CONVERTER.unstructure(value), allow_nan=False)
    assert CONVERTER.structure(json.loads(text), cls) == value


@given(values(State))
@settings(max_examples=20)
def test_written_values_are_plain_json(state: State) -> None:
    """No enumeration member, tuple or other subclass is left for a JSON library to trip over."""
    plain = {bool, int, str, list, dict, type(None)}
    assert {type(part) for part in _parts(CONVERTER.unstructure(state))} <= plain


def _parts(data: object) -> Iterator[object]:
    yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _parts(part)


@given(values(Event))
def test_an_event_is_read_by_its_kind(event: Event) -> None:
    """Neither the list nor the reader has to know which event comes."""
    data = CONVERTER.unstructure(event)
    assert next(iter(data)) == "kind"
    assert CONVERTER.structure(data, Event) == event


@given(values(Problem))
def test_parameters_keep_their_types(problem: Problem) -> None:
    read = CONVERTER.structure(CONVERTER.unstructure(problem), Problem)
    assert [type(each) for each in read.parameters.values()] == [type(each) for each in problem.parameters.values()]


def test_a_converter_of_ones_own_is_independent() -> None:
    """Hooks that a host adds to its converter are not seen by others."""
    mine = make_converter()
    mine.register_unstructure_hook(Money, str)
    assert mine.unstructure(Money.of("1", "EUR")) == "1.00 EUR"
    assert CONVERTER.unstructure(Money.of("1", "EUR")) == {"amount": "1.00", "currency": "EUR"}


def test_the_version_of_a_record_is_part_of_its_plain_form() -> None:
    assert "version" in attrs.fields_dict(Order)
    assert CONVERTER.structure(Actor.user("amelie").__str__(), Actor) == Actor.user("amelie")


def test_abstract_events_are_only_bases() -> None:
    assert [cls.__name__ for cls in PUBLIC if is_kindless_event(cls)] == [
        "CycleEvent",
        "EnterpriseEvent",
        "Event",
        "OrderEvent",
        "SubscriptionEvent",
    ]


def test_refusals_are_written_with_code_path_and_parameters() -> None:
    refusal = Refusal.of("order.empty", "$.lines", at=Money.of("12", "EUR"))
    assert CONVERTER.unstructure(refusal) == {
        "problems": [
            {
                "code": "order.empty",
                "path": "$.lines",
                "parameters": {"at": {"money": {"amount": "12.00", "currency": "EUR"}}},
            }
        ]
    }

"""Names of things that are told apart."""

from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.texts import told_apart


def test_only_things_of_one_name_are_called_by_their_ids_too() -> None:
    names = {"a": "Eggs", "b": "Milk", "c": "Eggs"}
    assert told_apart(names) == {"a": "Eggs (a)", "b": "Milk", "c": "Eggs (c)"}


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["Eggs", "Milk", "Bread"])))
def test_no_two_things_are_called_alike(names: dict[str, str]) -> None:
    found = told_apart(names)
    assert found.keys() == names.keys()
    assert len(set(found.values())) == len(names)

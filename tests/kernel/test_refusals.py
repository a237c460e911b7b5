"""Problems and refusals: values that say what is wrong, all at once."""

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.kernel.codes import Code
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Parameters, ParameterValue, Problem, Refusal, problem, refusal_of

values: st.SearchStrategy[ParameterValue] = st.text(max_size=5) | st.integers() | st.lists(st.text()).map(tuple)
mappings = st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=3), values, max_size=5)


@given(mappings)
def test_parameters_are_a_mapping_that_hashes_by_its_content(content: dict[str, ParameterValue]) -> None:
    parameters = Parameters(tuple(content.items()))
    assert dict(parameters) == content
    assert len(parameters) == len(content)
    assert list(parameters) == sorted(content)
    other = Parameters(tuple(reversed(content.items())))
    assert other == parameters
    assert hash(other) == hash(parameters)
    assert pickle.loads(pickle.dumps(parameters)) == parameters  # noqa: S301 - pickled in the same line


def test_a_parameter_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="b"):
        Parameters.of(a=1)["b"]


def test_the_last_of_two_values_for_one_name_counts() -> None:
    assert Parameters((("a", 1), ("a", 2))) == Parameters.of(a=2)


def test_a_problem_shows_where_what_and_with_which_parameters() -> None:
    found = problem(Code.BAD_QUANTITY, "$.lines[0].quantity", found="-1")
    assert str(found) == "$.lines[0].quantity: order.bad_quantity (found=-1)"
    assert str(Problem("x")) == "$: x"
    money = problem("y", amount=Money(1, "EUR"), at=datetime(2026, 1, 1, tzinfo=UTC))
    assert hash(money) == hash(problem("y", at=datetime(2026, 1, 1, tzinfo=UTC), amount=Money(1, "EUR")))


def test_a_problem_moves_below_a_path() -> None:
    assert problem("x", "$.name").under("$.orders[2]") == problem("x", "$.orders[2].name")
    assert problem("x").under("$.orders[2]").path == "$.orders[2]"


def test_a_refusal_has_at_least_one_problem() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        Refusal(())
    assert refusal_of([]) is None


def test_a_refusal_tells_all_its_problems() -> None:
    refused = refusal_of(problem(code) for code in ("a", "b", "a"))
    assert refused == Refusal((problem("a"), problem("b"), problem("a")))
    assert refused.codes == {"a", "b"}
    assert str(refused) == "$: a; $: b; $: a"
    assert Refusal.of("a", "$.x", n=1) == Refusal((problem("a", "$.x", n=1),))

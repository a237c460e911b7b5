"""Decisions as values: what is wrong is found when somebody looks, and is the same whenever that is (PERM-12)."""

import pickle
from copy import deepcopy
from itertools import product

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.asking import check
from ofncore.permissions.decisions import Decision
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.rules import cycle_sets, enterprises
from ofncore.permissions.rules.scopes import Test as ScopeTest
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.view import View
from permissions.actors import AMELIE, CYCLE, ENTERPRISES, PAUL, USERS
from permissions.small_networks import CYCLES, OTHERS, PEOPLE, ROOT, VARIANTS, networks
from permissions.small_networks import ENTERPRISES as ENTERPRISE_IDS

EDIT = CycleAction.EDIT_ATTRIBUTES
actors = st.sampled_from((*PEOPLE, ROOT, *OTHERS))


def asked(actor: Actor, path: str = "$") -> Decision:
    snapshot = Snapshot.of(users=USERS, enterprises=ENTERPRISES, order_cycles=[CYCLE])
    return check(actor, EDIT, resource(ResourceKind.ORDER_CYCLE, CYCLE.id), snapshot, path=path)


def test_a_yes_has_no_problems_and_no_refusal() -> None:
    assert asked(AMELIE).problems == ()
    assert asked(AMELIE).refusal is None


def test_equal_questions_give_equal_decisions_looked_at_or_not() -> None:
    """Also if each was asked about a picture of its own."""
    seen, unseen = asked(PAUL), asked(PAUL)
    assert [each.code for each in seen.problems] == [Code.NEEDS_MANAGER]
    assert (seen, hash(seen), repr(seen)) == (unseen, hash(unseen), repr(unseen))
    assert "needs_manager" in repr(unseen)
    assert seen != asked(PAUL, path="$.name")
    assert seen != asked(AMELIE)


def test_problems_are_found_once() -> None:
    found = []

    def find() -> tuple[()]:
        found.append(1)
        return ()

    decision = attrs.evolve(asked(PAUL), problems=find)
    assert found == []
    assert decision.problems is decision.problems
    assert found == [1]


def test_a_decision_travels_with_its_problems_and_without_what_it_was_found_in() -> None:
    for decision in (asked(PAUL), asked(AMELIE)):
        sent = pickle.dumps(decision)
        assert b"Enterprise" not in sent
        assert pickle.loads(sent) == decision  # noqa: S301 - it was made here
        assert deepcopy(decision).problems == decision.problems


# ---------------------------------------------------------------- many at once

#: Everything that the rules are put together from which looks at enterprises, or at the goods of a cycle.
PARTS = [each for module in (enterprises, cycle_sets) for each in vars(module).values() if isinstance(each, ScopeTest)]


@settings(max_examples=60)
@given(networks(), actors, st.permutations([*ENTERPRISE_IDS, *VARIANTS, "unknown"]))
def test_of_many_things_a_test_picks_those_for_which_it_holds(
    snapshot: Snapshot, actor: Actor, keys: list[str]
) -> None:
    """In the order in which they were given, in every cycle and exchange."""
    for cycle, participant in product(CYCLES, (None, *ENTERPRISE_IDS)):
        view = View(snapshot=snapshot, actor=actor).at(snapshot.cycle_index(cycle), participant)
        for each in PARTS:
            assert list(each.among(view, keys)) == [key for key in keys if each.holds(view, key)]

"""Checking, listing and remedies in every small world (PERM-12, property 9).

The campaign takes all worlds of two enterprises, in several shapes of the cycle, with every set of the permissions that
a rule looks at; and all worlds of three, up to renaming, with one permission at a time. The normal run takes some.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import pytest

from ofncore.model.grant import Permission
from ofncore.permissions.actions import Action
from ofncore.permissions.asking import Asker
from ofncore.permissions.facts import Role
from ofncore.permissions.remedies import SearchLimits, find_remedies
from ofncore.permissions.resources import Resource
from permissions.brute_force import parts
from permissions.every_world import (
    KINDS,
    NAMED_KINDS,
    UMA,
    Question,
    Shape,
    SmallWorld,
    all_worlds,
    contexts_of,
    questions_about,
    questions_by_permissions,
    things,
)

#: Who brings what to whom, in cycles of the first of two enterprises.
OF_TWO: Final = {
    "empty": Shape(suppliers=(), lists=()),
    "the other supplies": Shape(suppliers=(1,), lists=((0, (1,)),)),
    "the other sells": Shape(suppliers=(0,), lists=((1, (0,)),)),
    "both do both": Shape(suppliers=(0, 1), lists=((0, (0, 1)), (1, (0, 1)))),
    "what nobody brings is sold": Shape(suppliers=(), lists=((0, (1,)), (1, (0, 1)))),
    "nothing is sold": Shape(suppliers=(0, 1), lists=((0, ()), (1, ()))),
}
#: The first of three coordinates; the others bring their goods, and sell each other's.
OF_THREE: Final = Shape(suppliers=(1, 2), lists=((1, (2,)), (2, (1,))))
#: Only rules about the permission to sell look at cycles.
WORLDS_OF_THREE: Final = [
    (each, OF_THREE, 32_400) if each is Permission.ADD_TO_ORDER_CYCLE else (each, None, 11_080) for each in Permission
]
#: Three enterprises have so many facts between them that remedies of three are left to the worlds of two.
LIMITS: Final = {2: SearchLimits(remedies=1_000, tries=100_000), 3: SearchLimits(facts=2, remedies=1_000)}


def examine(world: SmallWorld, questions: Iterable[Question]) -> Counter[str]:
    """Ask *questions* about everything in *world*; return how much of what was found."""
    counts = Counter[str](worlds=1)
    snapshot = world.snapshot()
    asker = Asker(UMA, snapshot)
    for kind, action in questions:
        for within in contexts_of(kind, snapshot):
            listed = asker.list_allowed(action, kind, within=within)
            there = things(kind, snapshot, within)
            assert listed == {each for each in there if asker.may(action, each)}, (world, kind, action)
            counts["questions"] += len(there)
            for each in there:
                if each not in listed:
                    counts.update(_examine_no(asker, action, each, len(world.kinds)))
    return counts


def _examine_no(asker: Asker, action: Action, resource: Resource, size: int) -> Iterator[str]:
    found = find_remedies(asker, action, resource, LIMITS[size])
    assert found.is_complete
    yield "refused"
    if not found.sets:
        yield "lifted by nothing"
    for remedy in found.sets:
        yield "remedies"
        assert _helps(asker, action, resource, remedy)
        assert not any(_helps(asker, action, resource, part) for part in parts(remedy) if part)


def _helps(asker: Asker, action: Action, resource: Resource, facts: tuple[Role, ...]) -> bool:
    return Asker(UMA, asker.snapshot.with_facts(facts)).may(action, resource)


def examine_all(worlds: Iterable[SmallWorld], questions: list[Question]) -> Counter[str]:
    counts = Counter[str]()
    for world in worlds:
        counts.update(examine(world, questions))
    return counts


GROUPS: Final = sorted(questions_by_permissions().items(), key=lambda group: sorted(group[0]))


@pytest.mark.campaign
@pytest.mark.parametrize("shape", OF_TWO.values(), ids=OF_TWO)
@pytest.mark.parametrize(("permissions", "questions"), GROUPS, ids=["+".join(sorted(each)) for each, _ in GROUPS])
def test_all_worlds_of_two(shape: Shape, permissions: frozenset[Permission], questions: list[Question]) -> None:
    counts = examine_all(all_worlds(KINDS, permissions, shape, count=2), questions)
    # Eight kinds each, who of the two is managed, and each permission in either direction; nothing can be renamed.
    assert counts["worlds"] == 8**2 * 2**2 * 4 ** len(permissions)


@pytest.mark.campaign
@pytest.mark.parametrize(("permission", "shape", "worlds"), WORLDS_OF_THREE)
def test_all_worlds_of_three(permission: Permission, shape: Shape | None, worlds: int) -> None:
    """Five kinds each, who is managed, and six directions, but for those that can be exchanged."""
    all_of_three = all_worlds(NAMED_KINDS, {permission}, shape, count=3)
    assert examine_all(all_of_three, questions_about(permission))["worlds"] == worlds


@pytest.mark.parametrize(("permissions", "questions"), GROUPS, ids=["+".join(sorted(each)) for each, _ in GROUPS])
def test_some_worlds_of_two(permissions: frozenset[Permission], questions: list[Question]) -> None:
    """One world in many, of every shape."""
    for shape in OF_TWO.values():
        examine_all(islice(all_worlds(KINDS, permissions, shape, count=2), 11, None, 397), questions)


@pytest.mark.parametrize(("permission", "shape", "worlds"), WORLDS_OF_THREE)
def test_some_worlds_of_three(permission: Permission, shape: Shape | None, worlds: int) -> None:
    some = islice(all_worlds(NAMED_KINDS, {permission}, shape, count=3), 11, None, 2_003)
    assert examine_all(some, questions_about(permission))["worlds"] == (worlds - 12) // 2_003 + 1


def test_every_question_is_asked() -> None:
    """No rule is left out of the worlds of two; those that look at no permission are asked without any."""
    asked = [question for _, questions in GROUPS for question in questions]
    assert len(asked) == len(set(asked))
    assert {permission for permissions, _ in GROUPS for permission in permissions} == set(Permission)

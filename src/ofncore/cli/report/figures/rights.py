"""Who may edit which part of one cycle."""

from typing import Final

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId
from ofncore.model.cycle import OrderCycle
from ofncore.model.user import User
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import check_cycle

OF_CYCLE: Final = (
    CycleAction.EDIT_ATTRIBUTES,
    CycleAction.EDIT_COORDINATOR_FEES,
    CycleAction.EDIT_PARTICIPANTS,
    CycleAction.NOTIFY_PRODUCERS,
)
OF_INCOMING: Final = (
    CycleAction.EDIT_INCOMING_VARIANTS,
    CycleAction.EDIT_INCOMING_FEES,
    CycleAction.EDIT_RECEIVAL_INSTRUCTIONS,
)
OF_OUTGOING: Final = (CycleAction.EDIT_OUTGOING_VARIANTS, CycleAction.EDIT_OUTGOING_TERMS)


@attrs.frozen(kw_only=True)
class CyclePart:
    """A part of a cycle: the cycle itself, or one participant's part."""

    #: The supplier or distributor; None for the cycle itself.
    participant: EnterpriseId | None
    is_outgoing: bool = False
    actions: tuple[CycleAction, ...]


@attrs.frozen(kw_only=True)
class UserRights:
    """What one user may do, part by part."""

    user: User
    manages: tuple[EnterpriseId, ...]
    #: One entry for each part, with one answer for each of its actions.
    answers: tuple[tuple[bool, ...], ...]


@attrs.frozen(kw_only=True)
class Rights:
    """The parts of a cycle, and the users who take part in it."""

    cycle: OrderCycle
    parts: tuple[CyclePart, ...]
    users: tuple[UserRights, ...]


def rights_of(books: Books, cycle: OrderCycle) -> Rights:
    """Return who may do what to *cycle*, asked action by action of `check_cycle`."""
    parts = (
        CyclePart(participant=None, actions=OF_CYCLE),
        *(CyclePart(participant=each.supplier, actions=OF_INCOMING) for each in cycle.incoming),
        *(CyclePart(participant=each.distributor, is_outgoing=True, actions=OF_OUTGOING) for each in cycle.outgoing),
    )
    involved = dict.fromkeys((cycle.coordinator, *(each.participant for each in parts if each.participant)))
    users = (_rights(books, cycle, user, parts, tuple(involved)) for user in books.state.users)
    taking_part = (each for each in users if each.manages or each.user.is_admin)
    return Rights(cycle=cycle, parts=parts, users=tuple(sorted(taking_part, key=_rank)))


def _rank(rights: UserRights) -> tuple[int, int]:
    """Those who may do most come first, then in the order of the parts in which they may do something."""
    first = next((place for place, answers in enumerate(rights.answers) if any(answers)), len(rights.answers))
    return -sum(map(sum, rights.answers)), first


def _rights(
    books: Books,
    cycle: OrderCycle,
    user: User,
    parts: tuple[CyclePart, ...],
    involved: tuple[EnterpriseId, ...],
) -> UserRights:
    actor = Actor.user(user.id)
    return UserRights(
        user=user,
        manages=tuple(each for each in involved if user.id in books.enterprises[each].managers),
        answers=tuple(
            tuple(
                check_cycle(actor, action, cycle, books.relations, participant=part.participant).allowed
                for action in part.actions
            )
            for part in parts
        ),
    )

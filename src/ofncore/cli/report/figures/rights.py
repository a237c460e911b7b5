"""Who may edit which part of one cycle, and all that everybody may do."""

from typing import Final

import attrs

from ofncore.cli.report.figures.books import Books
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId
from ofncore.model.cycle import OrderCycle
from ofncore.model.user import User
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.capabilities import permission_matrix
from ofncore.permissions.cycle_scope import check_cycle
from ofncore.permissions.resources import ResourceKind
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot

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


@attrs.frozen(kw_only=True)
class MatrixRow:
    """To how many things of a kind each user may do one action."""

    kind: ResourceKind
    action: str
    #: One for each user of the matrix.
    counts: tuple[int, ...]


@attrs.frozen(kw_only=True)
class Matrix:
    """All that users may do, counted."""

    #: Those who may do most come first.
    users: tuple[User, ...]
    #: What nobody may do is left out.
    rows: tuple[MatrixRow, ...]


def matrix_of(books: Books) -> Matrix:
    """Return to how many things each user may do what, as the rules list them, in the order of the rules."""
    snapshot = Snapshot.of_world(books.state, books.state.orders)
    actors = {Actor.user(user.id): user for user in books.state.users}
    counts = {
        (each.kind, each.action, each.actor): len(each.resources)
        for each in permission_matrix(snapshot, actors, books.profile)
    }
    sums = {actor: sum(count for (_, _, one), count in counts.items() if one == actor) for actor in actors}
    ranked = sorted(actors, key=lambda actor: -sums[actor])
    rows = (
        MatrixRow(kind=kind, action=action, counts=tuple(counts.get((kind, action, each), 0) for each in ranked))
        for kind, action in RULES
    )
    return Matrix(users=tuple(actors[each] for each in ranked), rows=tuple(each for each in rows if any(each.counts)))


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

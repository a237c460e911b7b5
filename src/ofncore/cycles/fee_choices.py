"""Which fees may be put on a cycle and on its exchanges.

Source:
    PERM-10 (`own-fees`), PERM-G7, PERM-G21, PERM-G27.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.fee import EnterpriseFee
from ofncore.model.grant import Permission
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.relations import Relations


@attrs.frozen(kw_only=True)
class FeeChoice:
    """A new list of fees in one place; one that is named twice is charged twice (FEE-5)."""

    before: tuple[FeeId, ...]
    wanted: tuple[FeeId, ...]
    path: str

    def added(self) -> Iterator[tuple[str, FeeId]]:
        """Yield what is new, with its path."""
        left = Counter(self.before)
        for index, key in enumerate(self.wanted):
            if left[key]:
                left[key] -= 1
            else:
                yield f"{self.path}[{index}]", key

    def dropped(self) -> list[FeeId]:
        """Return what goes, sorted."""
        return sorted((Counter(self.before) - Counter(self.wanted)).elements())


def unknown_fees(choice: FeeChoice, fees: Mapping[FeeId, EnterpriseFee]) -> Iterator[Problem]:
    """Yield a problem for each new fee that there is not, or that was withdrawn."""
    for path, key in choice.added():
        fee = fees.get(key)
        if fee is None or fee.deleted:
            yield problem(Code.UNKNOWN_RECORD, path, kind="fee", id=key)


def foreign_fees(
    choice: FeeChoice,
    fees: Mapping[FeeId, EnterpriseFee],
    *,
    actor: Actor,
    action: CycleAction,
    cycle: OrderCycle,
    relations: Relations,
) -> Iterator[Problem]:
    """Yield a problem for each fee of somebody else that *actor* may not put on an exchange, or take off it.

    The coordinator's managers put on fees of the coordinator, of participants and of those who granted the coordinator,
    and take off any. Other managers put on fees of enterprises they manage; they take those off too, and a
    distributor's managers take any off its list.
    """
    coordinates = relations.manages(actor, cycle.coordinator)
    in_reach = _in_reach(cycle, relations) if coordinates else frozenset()
    for path, key in choice.added():
        fee = fees.get(key)
        if fee is not None and fee.enterprise not in in_reach and not relations.manages(actor, fee.enterprise):
            yield _foreign(fee, action, cycle, relations, path=path, coordinates=coordinates)
    if coordinates or action is CycleAction.EDIT_OUTGOING_TERMS:
        return
    for key in choice.dropped():
        fee = fees.get(key)
        if fee is not None and not relations.manages(actor, fee.enterprise):
            yield _foreign(fee, action, cycle, relations, path=choice.path, coordinates=False)


def _in_reach(cycle: OrderCycle, relations: Relations) -> frozenset[EnterpriseId]:
    participants = {each.supplier for each in cycle.incoming} | {each.distributor for each in cycle.outgoing}
    grantors = relations.grantors_to(cycle.coordinator, Permission.ADD_TO_ORDER_CYCLE)
    return frozenset({cycle.coordinator} | participants | grantors)


def _foreign(
    fee: EnterpriseFee, action: CycleAction, cycle: OrderCycle, relations: Relations, *, path: str, coordinates: bool
) -> Problem:
    owner = relations.name_of(fee.enterprise)
    if not coordinates:
        return problem(Code.NEEDS_MANAGER, path, action=action, enterprises=(owner,))
    return problem(
        Code.NEEDS_GRANT,
        path,
        grantor=owner,
        grantee=relations.name_of(cycle.coordinator),
        permission=Permission.ADD_TO_ORDER_CYCLE,
    )

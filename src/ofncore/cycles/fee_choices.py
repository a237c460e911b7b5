"""Which fees a cycle and its exchanges have after an edit.

Source:
    PERM-10 (`own-fees`), PERM-G7, PERM-G21, PERM-G27.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping

import attrs

from ofncore.cycles.editor import Editor
from ofncore.kernel.codes import Code
from ofncore.kernel.edit_policies import ExchangeFees
from ofncore.kernel.ids import EnterpriseId, FeeId
from ofncore.kernel.paths import keyed
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
    #: What was there before the whole edit, of which another entry may have been about the same place. To ask for it is
    #: to ask for nothing new, so that an edit done twice is an edit done once.
    stored: tuple[FeeId, ...] = ()

    def at(self, fee: FeeId) -> str:
        """Return the place of *fee*."""
        return keyed(self.path, fee)

    def added(self) -> Iterator[FeeId]:
        """Yield what is new, as often as it is."""
        return (Counter(self.wanted) - self._there()).elements()

    def without_added(self, refused: Container[FeeId]) -> Iterator[FeeId]:
        """Yield what is wanted, but nothing new of what is *refused*."""
        left = self._there()
        for key in self.wanted:
            if left[key] > 0 or key not in refused:
                left[key] -= 1
                yield key

    def dropped(self) -> list[FeeId]:
        """Return what goes, sorted."""
        return sorted((Counter(self.before) - Counter(self.wanted)).elements())

    def _there(self) -> Counter[FeeId]:
        return Counter(self.before) | Counter(self.stored)


@attrs.frozen
class Charged:
    """The fees afterwards, and what of the request came to nothing."""

    fees: tuple[FeeId, ...]
    dropped: tuple[Problem, ...]


#: Tells why a fee may not be put on, or taken off, at a path; None if it may.
Objection = Callable[[EnterpriseFee, str], Problem | None]


def cycle_fees(choice: FeeChoice, fees: Mapping[FeeId, EnterpriseFee]) -> Charged:
    """Decide the fees of a whole cycle: any that there are."""
    return _charged(choice, fees, adding=_no_objection, dropping=_no_objection)


def exchange_fees(
    choice: FeeChoice, fees: Mapping[FeeId, EnterpriseFee], editor: Editor, action: CycleAction
) -> Charged:
    """Decide the fees of one exchange, asked for by a manager of the coordinator or of its participant.

    The coordinator's managers put on fees of the coordinator, of participants and of those who granted the coordinator,
    and take off any. Other managers put on fees of enterprises they manage; they take those off too, and a
    distributor's managers take any off its list.
    """
    if editor.profile.exchange_fees is ExchangeFees.ANY:
        return cycle_fees(choice, fees)
    if editor.coordinates:
        return _charged(choice, fees, adding=_out_of_reach(editor), dropping=_no_objection)
    own = _foreign(editor, action)
    any_may_go = action is CycleAction.EDIT_OUTGOING_TERMS
    return _charged(choice, fees, adding=own, dropping=_no_objection if any_may_go else own)


def _charged(
    choice: FeeChoice, fees: Mapping[FeeId, EnterpriseFee], *, adding: Objection, dropping: Objection
) -> Charged:
    refused = {key: found for key in choice.added() if (found := _adding_problem(fees, key, choice.at(key), adding))}
    stays = {
        key: found for key in choice.dropped() if (found := _dropping_problem(fees, key, choice.at(key), dropping))
    }
    kept = (key for key in choice.dropped() if key in stays)
    return Charged((*choice.without_added(refused), *kept), (*refused.values(), *stays.values()))


def _adding_problem(fees: Mapping[FeeId, EnterpriseFee], key: FeeId, path: str, objection: Objection) -> Problem | None:
    fee = fees.get(key)
    if fee is None or fee.deleted:
        return problem(Code.UNKNOWN_RECORD, path, kind="fee", id=key)
    return objection(fee, path)


def _dropping_problem(
    fees: Mapping[FeeId, EnterpriseFee], key: FeeId, path: str, objection: Objection
) -> Problem | None:
    fee = fees.get(key)
    return None if fee is None else objection(fee, path)


def outsiders_fees(editor: Editor, after: OrderCycle) -> Iterator[Problem]:
    """Yield the fees new on the whole cycle whose owner has no part in it, as it is *after* the edit (PERM-10)."""
    parties = _parties(after)
    choice = FeeChoice(before=editor.cycle.coordinator_fees, wanted=after.coordinator_fees, path="$.coordinator_fees")
    for key in dict.fromkeys(choice.added()):
        owner = editor.snapshot.fees[key].enterprise
        if owner not in parties:
            yield problem(Code.FEE_OF_OUTSIDER, choice.path, fee=key, enterprise=editor.relations.name_of(owner))


def _no_objection(_fee: EnterpriseFee, _path: str) -> None:
    return None


def _foreign(editor: Editor, action: CycleAction) -> Objection:
    """Objects to fees of enterprises that the actor does not manage."""

    def objection(fee: EnterpriseFee, path: str) -> Problem | None:
        if editor.manages(fee.enterprise):
            return None
        owner = editor.relations.name_of(fee.enterprise)
        return problem(Code.NEEDS_MANAGER, path, action=action, enterprises=(owner,))

    return objection


def _out_of_reach(editor: Editor) -> Objection:
    """Objects to fees of enterprises that neither take part nor granted the coordinator anything."""
    reach = _in_reach(editor.cycle, editor.relations)

    def objection(fee: EnterpriseFee, path: str) -> Problem | None:
        if fee.enterprise in reach:
            return None
        return problem(
            Code.NEEDS_GRANT,
            path,
            grantor=editor.relations.name_of(fee.enterprise),
            grantee=editor.relations.name_of(editor.cycle.coordinator),
            permission=Permission.ADD_TO_ORDER_CYCLE,
        )

    return objection


def _in_reach(cycle: OrderCycle, relations: Relations) -> frozenset[EnterpriseId]:
    return _parties(cycle) | frozenset(relations.grantors_to(cycle.coordinator, Permission.ADD_TO_ORDER_CYCLE))


def _parties(cycle: OrderCycle) -> frozenset[EnterpriseId]:
    participants = {each.supplier for each in cycle.incoming} | {each.distributor for each in cycle.outgoing}
    return frozenset({cycle.coordinator} | participants)

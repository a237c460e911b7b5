"""Who may be added to a cycle as supplier or distributor.

Source:
    PERM-9 (readiness), PERM-10 (`supplier-consent`, `distributor-consent`, `readiness`, `foreign-exchanges`), PERM-G3,
    PERM-G8, PERM-G11, PERM-G12, PERM-G30.
"""

from collections.abc import Iterator

from ofncore.cycles.editor import Editor
from ofncore.cycles.selecting import needs_grant
from ofncore.kernel.codes import Code
from ofncore.kernel.edit_policies import Joining, Selectable
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.refusals import Problem, problem
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.readiness import missing_methods


def supplier_problems(editor: Editor, supplier: EnterpriseId, path: str) -> Iterator[Problem]:
    """Yield why *supplier* cannot be added: who asks is not the coordinator, or it gave no consent."""
    yield from editor.check(CycleAction.EDIT_PARTICIPANTS, path).problems
    if editor.profile.supplier_joining is Joining.GRANTED:
        yield from _consent_problems(editor, supplier, path)


def distributor_problems(editor: Editor, distributor: EnterpriseId, path: str) -> Iterator[Problem]:
    """Yield why *distributor* cannot be added: as for a supplier, or it does not sell, or it is not ready."""
    yield from editor.check(CycleAction.EDIT_PARTICIPANTS, path).problems
    shop = editor.relations.enterprises[distributor]
    if editor.profile.distributor_joining is Joining.GRANTED:
        yield from _consent_problems(editor, distributor, path)
        if not shop.is_shop:
            yield problem(Code.NOT_A_SHOP, path, enterprise=shop.name)
    if editor.profile.selectable is Selectable.READY:
        snapshot = editor.snapshot
        for code in missing_methods(distributor, snapshot.payment_methods, snapshot.shipping_methods):
            yield problem(code, path, enterprise=shop.name)


def _consent_problems(editor: Editor, participant: EnterpriseId, path: str) -> Iterator[Problem]:
    coordinator, relations = editor.cycle.coordinator, editor.relations
    if participant == coordinator:
        return
    if not relations.may_sell_for(coordinator, participant):
        yield needs_grant(relations, grantor=participant, grantee=coordinator, path=path)
    if not relations.enterprises[coordinator].is_hub:
        yield not_a_hub(editor, path)


def not_a_hub(editor: Editor, path: str) -> Problem:
    """Return the problem that the coordinator may have no part in the cycle but its own (PERM-G3)."""
    return problem(Code.NOT_A_HUB, path, enterprise=editor.relations.name_of(editor.cycle.coordinator))

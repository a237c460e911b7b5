"""What a distributor's list may hold, and who may tick and untick it.

Source:
    CYC-4, CYC-5, PERM-4, PERM-G13, PERM-G22, PERM-G23, PERM-G31.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from ofncore.cycles.edits import OutgoingEdit, Unchanged
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.cycle import OrderCycle
from ofncore.model.grant import Permission
from ofncore.model.product import Variant
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.cycle_scope import editable_outgoing
from ofncore.permissions.relations import Relations


def selection_problems(
    cycle: OrderCycle,
    change: OutgoingEdit,
    actor: Actor,
    incoming: AbstractSet[VariantId],
    *,
    variants: Mapping[VariantId, Variant],
    relations: Relations,
    path: str,
) -> Iterator[Problem]:
    """Yield why *actor* may not give the distributor of *change* the list it names.

    *incoming* is what suppliers bring, *variants* at least what is named and what is in the list.
    """
    exchange = cycle.outgoing_to(change.distributor)
    before = frozenset(exchange.variants) if exchange else frozenset()
    wanted = () if isinstance(change.variants, Unchanged) else change.variants
    editable = editable_outgoing(actor, cycle, change.distributor, variants, relations)
    for index, key in enumerate(wanted):
        variant = variants.get(key)
        at = f"{path}[{index}]"
        if variant is None or (variant.deleted and key not in before):
            yield problem(Code.UNKNOWN_RECORD, at, kind="variant", id=key)
        elif key not in incoming:
            yield problem(Code.VARIANT_NOT_INCOMING, at, variant=key)
        elif key not in before:
            yield from _currency_problems(variant, change.distributor, relations, at)
            if key not in editable:
                yield from _not_editable(variant, change.distributor, cycle, actor, relations, at)
    for key in sorted(before - set(wanted) - editable):
        variant = variants.get(key)
        if key in incoming and variant is not None and not variant.deleted:
            yield from _not_editable(variant, change.distributor, cycle, actor, relations, path)


def _currency_problems(
    variant: Variant, distributor: EnterpriseId, relations: Relations, path: str
) -> Iterator[Problem]:
    shop = relations.enterprises.get(distributor)
    if shop is not None and variant.price.currency != shop.currency:
        yield problem(Code.OTHER_CURRENCY, path, found=variant.price.currency, expected=shop.currency)


def _not_editable(
    variant: Variant,
    distributor: EnterpriseId,
    cycle: OrderCycle,
    actor: Actor,
    relations: Relations,
    path: str,
) -> Iterator[Problem]:
    """Why the actor may not tick or untick *variant*: what they manage, and what was granted (PERM-4)."""
    supplier = variant.supplier
    takes_part = cycle.outgoing_to(distributor) is not None
    involved = tuple(dict.fromkeys((cycle.coordinator, *((distributor, supplier) if takes_part else ()))))
    manages = any(relations.manages(actor, each) for each in involved)
    if not manages:
        names = tuple(relations.name_of(each) for each in involved)
        yield problem(Code.NEEDS_MANAGER, path, action=CycleAction.EDIT_OUTGOING_VARIANTS, enterprises=names)
    if not relations.may_sell_for(distributor, supplier):
        yield needs_grant(relations, grantor=supplier, grantee=distributor, path=path)
    elif manages:
        yield needs_grant(relations, grantor=distributor, grantee=supplier, path=path)


def needs_grant(relations: Relations, *, grantor: EnterpriseId, grantee: EnterpriseId, path: str) -> Problem:
    """Return the problem that *grantor* did not let *grantee* sell its goods."""
    return problem(
        Code.NEEDS_GRANT,
        path,
        grantor=relations.name_of(grantor),
        grantee=relations.name_of(grantee),
        permission=Permission.ADD_TO_ORDER_CYCLE,
    )

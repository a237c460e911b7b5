"""Reading what a decision about a cycle needs."""

import attrs

from ofncore.cycles.deleting import DeletingFacts
from ofncore.cycles.editing import EditingFacts
from ofncore.cycles.edits import CycleEdit, Unchanged
from ofncore.cycles.request import CycleRequest
from ofncore.kernel.ids import EnterpriseId, FeeId, OrderCycleId, VariantId
from ofncore.kernel.permission_policies import CarriedGoods
from ofncore.kernel.policies import Profile
from ofncore.kernel.texts import storable
from ofncore.model.cycle import OrderCycle
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import fees_of, load_relations


def editing_facts(unit: UnitOfWork, cycle: OrderCycle, edit: CycleEdit, profile: Profile) -> EditingFacts:
    """Return what is known when *edit* is made to *cycle*."""
    # Methods count only for who joins; other variants of a product only where they make their suppliers visible.
    facts = _facts(
        unit,
        variants=_variants_of(cycle) | _variants_named(edit),
        fees=fees_of(cycle) | _fees_named(edit),
        joining=_joining(cycle, edit),
        by_product=profile.carried_goods is CarriedGoods.PRODUCTS,
    )
    return _with_schedules(unit, facts, edit, cycle.id)


def creating_facts(unit: UnitOfWork, request: CycleRequest, profile: Profile) -> EditingFacts:
    """Return what is known when a cycle is to be made: all who take part in it join it."""
    content = request.content
    facts = _facts(
        unit,
        variants=_variants_named(content),
        fees=_fees_named(content),
        joining={each.distributor for each in content.outgoing},
        by_product=profile.carried_goods is CarriedGoods.PRODUCTS,
    )
    return _with_schedules(unit, facts, content, None)


def _facts(
    unit: UnitOfWork, *, variants: set[VariantId], fees: set[FeeId], joining: set[EnterpriseId], by_product: bool
) -> EditingFacts:
    goods = unit.variants.all() if by_product else unit.variants.get_many(storable(variants))
    shops = storable(joining)
    return EditingFacts(
        relations=load_relations(unit),
        variants={each.id: each for each in goods},
        fees={each.id: each for each in unit.fees.get_many(storable(fees))},
        payment_methods={each.id: each for each in unit.payment_methods.of_enterprises(shops)},
        shipping_methods={each.id: each for each in unit.shipping_methods.of_enterprises(shops)},
    )


def _joining(cycle: OrderCycle, edit: CycleEdit) -> set[EnterpriseId]:
    """Return the distributors that *edit* adds; one that it removes and names begins anew."""
    removed = set(edit.removed_distributors)
    asked = (each.distributor for each in edit.outgoing)
    return {each for each in asked if each in removed or cycle.outgoing_to(each) is None}


def _with_schedules(
    unit: UnitOfWork, facts: EditingFacts, edit: CycleEdit, order_cycle: OrderCycleId | None
) -> EditingFacts:
    """Return *facts* with what is known of the schedules of *edit*, and of those that hold *order_cycle* by now."""
    if isinstance(edit.schedules, Unchanged):
        return facts
    holding = () if order_cycle is None else unit.schedules.with_cycle(order_cycle)
    schedules = {each.id: each for each in (*holding, *unit.schedules.get_many(storable(edit.schedules)))}
    cycles = {key for each in schedules.values() for key in each.order_cycles}
    empty = [key for key, each in schedules.items() if not each.order_cycles]
    return attrs.evolve(
        facts,
        schedules=schedules,
        scheduled={each.id: each for each in unit.order_cycles.get_many(cycles)},
        subscriptions={each.id: each for each in unit.subscriptions.of_schedules(empty)},
    )


def choosing_facts(unit: UnitOfWork) -> EditingFacts:
    """Return what is known when methods of a cycle are chosen. Its goods and fees have no say in that."""
    return EditingFacts(
        relations=load_relations(unit),
        variants={},
        fees={},
        payment_methods={each.id: each for each in unit.payment_methods.all()},
        shipping_methods={each.id: each for each in unit.shipping_methods.all()},
    )


def deleting_facts(unit: UnitOfWork, cycle: OrderCycle) -> DeletingFacts:
    """Return what is known when *cycle* is to be deleted."""
    # A proxy order with an order is counted by its order.
    standing = [each for each in unit.proxy_orders.of_cycle(cycle.id) if each.order is None]
    return DeletingFacts(
        relations=load_relations(unit),
        orders=len(unit.orders.of_cycle(cycle.id)) + len(standing),
        schedules=tuple(each.name for each in unit.schedules.with_cycle(cycle.id)),
    )


def _fees_named(edit: CycleEdit) -> set[FeeId]:
    selections = [edit.coordinator_fees, *(each.fees for each in edit.incoming), *(each.fees for each in edit.outgoing)]
    return {key for fees in selections if not isinstance(fees, Unchanged) for key in fees}


def _variants_of(cycle: OrderCycle) -> set[VariantId]:
    incoming = {key for each in cycle.incoming for key in each.variants}
    return incoming | {key for each in cycle.outgoing for key in each.variants}


def _variants_named(edit: CycleEdit) -> set[VariantId]:
    selections = [each.variants for each in edit.incoming] + [each.variants for each in edit.outgoing]
    return {key for variants in selections if not isinstance(variants, Unchanged) for key in variants}

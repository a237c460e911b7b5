"""All that one actor sees and may edit in one cycle, in one value.

Source:
    PERM-4, PERM-5.2, PERM-9 (readiness), PERM-G2, PERM-G3, PERM-G11, PERM-G12.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, VariantId
from ofncore.model.enterprise import Enterprise
from ofncore.permissions.actions import Action, CycleAccess
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.readiness import missing_methods
from ofncore.permissions.resources import ResourceKind
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot


class CycleForm(StrEnum):
    """Which form a cycle is edited with, by what its coordinator is (PERM-G3)."""

    #: Suppliers and distributors can be many.
    FULL = "full"
    #: The coordinator is no hub: it is the only supplier and the only shop.
    SIMPLE = "simple"

    @classmethod
    def of(cls, coordinator: Enterprise) -> "CycleForm":
        """Return the form for cycles of *coordinator*; whether it may coordinate at all is another question."""
        return cls.FULL if coordinator.is_hub else cls.SIMPLE


@attrs.frozen(kw_only=True)
class ExchangeScope:
    """What an actor sees and may change in the part of one supplier or distributor."""

    participant: EnterpriseId
    #: What of it the actor may change: variants, fees, texts, tags, chosen methods.
    actions: tuple[Action, ...]
    #: What is in it, as far as the actor sees it; sorted.
    shown: tuple[VariantId, ...]
    #: What the actor may put in or take out; sorted.
    editable: tuple[VariantId, ...]


@attrs.frozen(kw_only=True)
class Candidate:
    """Somebody who may be offered as one more distributor."""

    enterprise: EnterpriseId
    #: Why it cannot be selected yet: no way to pay, no way to deliver; empty for one that is ready (PERM-G12).
    missing: tuple[Code, ...]


@attrs.frozen(kw_only=True)
class CycleScope:
    """What one actor sees and may edit in one cycle; enterprises are sorted."""

    order_cycle: OrderCycleId
    #: Whether the actor manages the coordinator, and so may change everything.
    coordinates: bool
    form: CycleForm
    #: What the actor may do to the cycle itself: see it, edit name and dates, fees, participants, notify, manage it.
    actions: tuple[Action, ...]
    enterprises: tuple[EnterpriseId, ...]
    supplier_candidates: tuple[EnterpriseId, ...]
    distributor_candidates: tuple[Candidate, ...]
    incoming: tuple[ExchangeScope, ...]
    outgoing: tuple[ExchangeScope, ...]


def cycle_scope(questions: CycleQuestions) -> CycleScope:
    """Return what the actor of *questions* sees and may edit in its cycle, which is one of the snapshot."""
    view = questions.view
    cycle, snapshot = view.cycle.cycle, view.snapshot
    listed = {each.supplier: each.variants for each in cycle.incoming}
    sold = {each.distributor: each.variants for each in cycle.outgoing}
    candidates = (
        Candidate(enterprise=each, missing=tuple(_missing(each, snapshot)))
        for each in sorted(questions.distributor_candidates())
    )
    return CycleScope(
        order_cycle=cycle.id,
        coordinates=questions.coordinates,
        form=CycleForm.of(snapshot.enterprises[cycle.coordinator]),
        actions=tuple(_actions(questions, ResourceKind.ORDER_CYCLE, cycle.id, besides=CycleAccess.LIST)),
        enterprises=tuple(sorted(questions.visible_enterprises())),
        supplier_candidates=tuple(sorted(questions.supplier_candidates())),
        distributor_candidates=tuple(candidates),
        incoming=tuple(
            ExchangeScope(
                participant=each,
                actions=tuple(_actions(questions, ResourceKind.INCOMING, each, besides=CycleAccess.SEE_EXCHANGE)),
                shown=_sorted(questions.visible_incoming_variants(each).intersection(listed[each])),
                editable=_sorted(questions.editable_incoming_variants(each)),
            )
            for each in sorted(questions.visible_suppliers())
        ),
        outgoing=tuple(
            ExchangeScope(
                participant=each,
                actions=tuple(_actions(questions, ResourceKind.OUTGOING, each, besides=CycleAccess.SEE_EXCHANGE)),
                shown=_sorted(questions.visible_outgoing_variants(each).intersection(sold[each])),
                editable=_sorted(questions.editable_outgoing_variants(each)),
            )
            for each in sorted(questions.visible_distributors())
        ),
    )


def _actions(questions: CycleQuestions, kind: ResourceKind, key: str, *, besides: CycleAccess) -> Iterator[Action]:
    """Yield what the actor may do to one thing that is seen, in the order of the rules."""
    return (
        action
        for (of, action), rule in RULES.items()
        if of is kind and action is not besides and rule.scope.holds(questions.view, key)
    )


def _missing(shop: EnterpriseId, snapshot: Snapshot) -> Iterator[Code]:
    """Yield what keeps *shop* from being selected; only its own methods are looked at."""
    payment = snapshot.shops_of_payment_methods.lefts_of(shop)
    shipping = snapshot.shops_of_shipping_methods.lefts_of(shop)
    return missing_methods(
        shop,
        {key: snapshot.payment_methods[key] for key in payment},
        {key: snapshot.shipping_methods[key] for key in shipping},
    )


def _sorted(variants: Iterable[VariantId]) -> tuple[VariantId, ...]:
    return tuple(sorted(variants))

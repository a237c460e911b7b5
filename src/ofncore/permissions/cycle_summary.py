"""All that one actor sees and may edit in one cycle, in one value.

Source:
    PERM-4, PERM-9 (readiness), PERM-G11, PERM-G12.
"""

from collections.abc import Callable, Collection, Iterable

import attrs

from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, OrderCycleId, VariantId
from ofncore.permissions.cycle_questions import CycleQuestions
from ofncore.permissions.readiness import missing_methods

_Question = Callable[[EnterpriseId], frozenset[VariantId]]


@attrs.frozen(kw_only=True)
class ExchangeScope:
    """What an actor sees and may tick in the part of one supplier or distributor."""

    participant: EnterpriseId
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
    enterprises: tuple[EnterpriseId, ...]
    supplier_candidates: tuple[EnterpriseId, ...]
    distributor_candidates: tuple[Candidate, ...]
    incoming: tuple[ExchangeScope, ...]
    outgoing: tuple[ExchangeScope, ...]


def cycle_scope(questions: CycleQuestions) -> CycleScope:
    """Return what the actor of *questions* sees and may edit in its cycle."""
    view = questions.view
    cycle, snapshot = view.cycle.cycle, view.snapshot
    listed = {each.supplier: each.variants for each in cycle.incoming}
    sold = {each.distributor: each.variants for each in cycle.outgoing}
    candidates = (
        Candidate(
            enterprise=each,
            missing=tuple(missing_methods(each, snapshot.payment_methods, snapshot.shipping_methods)),
        )
        for each in sorted(questions.distributor_candidates())
    )
    return CycleScope(
        order_cycle=cycle.id,
        coordinates=questions.coordinates,
        enterprises=tuple(sorted(questions.visible_enterprises())),
        supplier_candidates=tuple(sorted(questions.supplier_candidates())),
        distributor_candidates=tuple(candidates),
        incoming=tuple(
            _exchange(each, listed[each], questions.visible_incoming_variants, questions.editable_incoming_variants)
            for each in sorted(questions.visible_suppliers())
        ),
        outgoing=tuple(
            _exchange(each, sold[each], questions.visible_outgoing_variants, questions.editable_outgoing_variants)
            for each in sorted(questions.visible_distributors())
        ),
    )


def _exchange(
    participant: EnterpriseId, content: Collection[VariantId], visible: _Question, editable: _Question
) -> ExchangeScope:
    return ExchangeScope(
        participant=participant,
        shown=_sorted(visible(participant).intersection(content)),
        editable=_sorted(editable(participant)),
    )


def _sorted(variants: Iterable[VariantId]) -> tuple[VariantId, ...]:
    return tuple(sorted(variants))

"""Choosing the payment and shipping methods of a cycle, as far as a cycle can keep the choice.

The rules choose a method in a shop (`ofncore.cycles.method_choice`). A cycle keeps methods alone, and one that several
of its distributors share is chosen for all of them. A choice that would be another one once it is kept is refused, so
that nobody's choice moves with another's.

Source:
    PERM-5.4, PERM-G35, CYC-9.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime

import attrs

from ofncore.cycles.editing import EditingFacts, EditOutcome, outcome_with
from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import UNCHANGED, Unchanged
from ofncore.cycles.method_choice import ShopMethod, choose_methods, selectable_payments, selectable_shipping
from ofncore.cycles.offer import Method
from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.model.cycle import OrderCycle


@attrs.frozen(kw_only=True)
class WantedMethods:
    """The methods that a cycle is to offer; those of a kind that is not named stay as they are.

    No method at all of a kind means every method of it, and so does every method at once.
    """

    payment_methods: frozenset[ShopMethod] | Unchanged = UNCHANGED
    shipping_methods: frozenset[ShopMethod] | Unchanged = UNCHANGED


def kept_choice(cycle: OrderCycle, kept: Iterable[str], methods: Iterable[Method]) -> frozenset[ShopMethod]:
    """Return the choice that *cycle* means by the *kept* ids: each of these *methods* at every distributor that has it.

    One that no distributor has any more counts as the coordinator's, so that nobody else loses it.
    """
    wanted, distributors = set(kept), {each.distributor for each in cycle.outgoing}
    known = [each for each in methods if each.id in wanted]
    return frozenset(
        ShopMethod(shop, each.id)
        for each in known
        for shop in distributors.intersection(each.distributors) or (cycle.coordinator,)
    )


def plan_methods(
    cycle: OrderCycle,
    wanted: WantedMethods,
    facts: EditingFacts,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
) -> EditOutcome | Refusal:
    """Decide which payment and shipping methods *cycle* offers when *actor* asks for *wanted*.

    The coordinator's managers choose for all distributors, a distributor's managers for their shops; what others chose
    stays. *facts* hold every method there is.

    Returns:
        The outcome, which names what was left out; or a refusal of the whole: the actor has no part in the cycle
        (`NEEDS_MANAGER`), or a method would be chosen for another distributor too (`METHOD_SHARED`).
    """
    editor = facts.editor(actor, cycle, profile)
    if editor.entry.refusal is not None:
        return editor.entry.refusal
    kept = [_kept(editor, each) for each in _choices(editor, wanted)]
    refused = tuple(each for one in kept for each in one.refused)
    if refused:
        return Refusal(refused)
    dropped = tuple(each for one in kept for each in one.dropped)
    return outcome_with(editor, {one.field: one.methods for one in kept}, dropped, now)


@attrs.frozen(kw_only=True)
class _Choice:
    """One kind of method: what there is of it, and what is wanted."""

    #: The field of the cycle that keeps it.
    field: str
    methods: tuple[Method, ...]
    selectable: frozenset[ShopMethod]
    wanted: frozenset[ShopMethod]


@attrs.frozen(kw_only=True)
class _Kept:
    """What a cycle keeps of a choice."""

    field: str
    methods: tuple[str, ...] = ()
    dropped: tuple[Problem, ...] = ()
    #: Why nothing can be kept.
    refused: tuple[Problem, ...] = ()


def _choices(editor: Editor, wanted: WantedMethods) -> Iterator[_Choice]:
    if not isinstance(wanted.payment_methods, Unchanged):
        payments = tuple(editor.snapshot.payment_methods.values())
        yield _Choice(
            field="payment_methods",
            methods=payments,
            selectable=selectable_payments(editor.cycle, payments),
            wanted=wanted.payment_methods,
        )
    if not isinstance(wanted.shipping_methods, Unchanged):
        shipping = tuple(editor.snapshot.shipping_methods.values())
        yield _Choice(
            field="shipping_methods",
            methods=shipping,
            selectable=selectable_shipping(editor.cycle, shipping),
            wanted=wanted.shipping_methods,
        )


def _kept(editor: Editor, choice: _Choice) -> _Kept:
    cycle, path = editor.cycle, f"$.{choice.field}"
    before: tuple[str, ...] = getattr(cycle, choice.field)
    found = choose_methods(
        kept_choice(cycle, before, choice.methods),
        choice.wanted,
        choice.selectable,
        cycle=cycle,
        snapshot=editor.snapshot,
        actor=editor.actor,
        profile=editor.profile,
    )
    if isinstance(found, Refusal):
        return _Kept(field=choice.field, refused=found.problems)
    chosen = {each.method for each in found.chosen}
    # Those that stay, as they stood, and then the new ones.
    methods = (*(key for key in before if key in chosen), *sorted(chosen - set(before)))
    besides = kept_choice(cycle, methods, choice.methods) - found.chosen
    return _Kept(
        field=choice.field,
        methods=methods,
        dropped=tuple(each.under(path) for each in found.dropped),
        refused=tuple(_shared(editor, besides, path)),
    )


def _shared(editor: Editor, besides: AbstractSet[ShopMethod], path: str) -> Iterator[Problem]:
    """Yield the methods that distributors would have chosen *besides*."""
    shops: dict[str, list[str]] = {}
    for each in sorted(besides):
        shops.setdefault(each.method, []).append(editor.relations.name_of(each.shop))
    for method, names in shops.items():
        yield problem(Code.METHOD_SHARED, path, method=method, distributors=tuple(names))

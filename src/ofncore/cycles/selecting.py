"""Which variants an exchange holds after an edit: what was asked for, as far as the actor may tick and untick.

What the actor may not edit stays as it is, ticked or not. Goods in a list that they do not see there stay without a
word, and to ask for them is to ask for something new.

Source:
    CYC-4, CYC-5, PERM-4, PERM-5.3 steps 1 to 5, PERM-G13, PERM-G22, PERM-G23, PERM-G31.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property

import attrs

from ofncore.cycles.editor import Editor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.kernel.paths import keyed
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.grant import Permission
from ofncore.model.product import Variant
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.decisions import Decision
from ofncore.permissions.relations import Relations
from ofncore.permissions.rules.cycle_sets import (
    EDITABLE_INCOMING_VARIANTS,
    EDITABLE_OUTGOING_VARIANTS,
    VISIBLE_OUTGOING_VARIANTS,
)
from ofncore.permissions.view import View


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Ticking:
    """A list of variants, the one asked for in its place, and who asks."""

    editor: Editor
    #: How the actor sees the exchange at this moment.
    view: View
    #: Whose exchange it is.
    participant: EnterpriseId
    before: tuple[VariantId, ...]
    wanted: tuple[VariantId, ...]
    path: str

    def at(self, key: VariantId) -> str:
        """Return the place of a variant in the list."""
        return keyed(self.path, key)

    def added(self) -> list[VariantId]:
        """Return what is new to the actor, each once, in the order in which it was asked for."""
        return [key for key in dict.fromkeys(self.wanted) if key not in self.seen_before]

    def stale(self, brought: AbstractSet[VariantId]) -> list[VariantId]:
        """Return what is in the list and was asked for, but does not come in."""
        unbrought = self.live_before & self.seen_before - brought
        return [key for key in dict.fromkeys(self.wanted) if key in unbrought]

    @cached_property
    def live_before(self) -> frozenset[VariantId]:
        """Return what is in the list and not deleted. Deleted variants stay stored, and nobody sees them."""
        return self.editor.snapshot.goods.live_among(self.before)

    @cached_property
    def seen_before(self) -> frozenset[VariantId]:
        """Return what is in the list as far as the actor sees it. To whom it is closed, it is closed as a whole."""
        if _manages_either(self) or not self.concerns_the_actor:
            return frozenset(self.before)
        return frozenset(
            key for key in self.live_before if self.is_own(key) or VISIBLE_OUTGOING_VARIANTS.holds(self.view, key)
        )

    def unticked(self) -> list[VariantId]:
        """Return what the actor sees in the list and did not ask for, sorted."""
        return sorted(self.live_before & self.seen_before - set(self.wanted))

    @cached_property
    def whole(self) -> Decision:
        """Whether the actor may change a list of a distributor as a whole."""
        return self.editor.check(CycleAction.EDIT_OUTGOING_VARIANTS, self.path, self.participant)

    @cached_property
    def concerns_the_actor(self) -> bool:
        """Whether the actor may change the list as a whole, or has goods in it or among what was asked for."""
        return self.whole.allowed or any(map(self.is_own, {*self.live_before, *self.wanted}))

    def is_own(self, key: VariantId) -> bool:
        """Whether *key* is a variant of an enterprise that the actor manages."""
        found = self.editor.snapshot.variants.get(key)
        return found is not None and self.editor.manages(found.supplier)

    def variant(self, key: VariantId) -> Variant | None:
        """Return the variant if there is one that is not deleted."""
        found = self.editor.snapshot.variants.get(key)
        return None if found is None or found.deleted else found


@attrs.frozen
class Ticked:
    """What a list holds afterwards, and what of the request came to nothing."""

    variants: tuple[VariantId, ...]
    dropped: tuple[Problem, ...]


def incoming_variants(asked: Ticking) -> Ticked:
    """Decide what a supplier brings, for who manages it or the coordinator: they tick and untick its live variants."""
    dropped: list[Problem] = []
    kept = set(asked.live_before)
    for key in asked.added():
        if asked.variant(key) is None:
            dropped.append(_unknown(asked, key))
        elif EDITABLE_INCOMING_VARIANTS.holds(asked.view, key):
            kept.add(key)
        else:
            dropped.append(_not_of_supplier(asked, key))
    for key in asked.unticked():
        if EDITABLE_INCOMING_VARIANTS.holds(asked.view, key):
            kept.remove(key)
        else:
            dropped.append(_not_of_supplier(asked, key))
    return Ticked(_in_order(asked, kept), tuple(dropped))


def outgoing_variants(asked: Ticking, brought: AbstractSet[VariantId]) -> Ticked:
    """Decide what a distributor sells, of what is *brought*: by whom, see `EDITABLE_OUTGOING_VARIANTS`.

    Whom the list does not concern at all is told so once, not for each variant.
    """
    kept = set(asked.live_before & brought)
    if not asked.concerns_the_actor:
        asks = asked.added() or asked.unticked()
        return Ticked(_in_order(asked, kept), asked.whole.problems if asks else ())
    dropped = [not_brought(asked.path, key) for key in asked.stale(brought)]
    for key in asked.added():
        found = tuple(_adding_problems(asked, key, brought))
        dropped += found
        if not found:
            kept.add(key)
    for key in asked.unticked():
        if key not in kept:
            continue
        found = tuple(_editing_problems(asked, key))
        dropped += found
        if not found:
            kept.remove(key)
    return Ticked(_in_order(asked, kept), tuple(dropped))


def _adding_problems(asked: Ticking, key: VariantId, brought: AbstractSet[VariantId]) -> Iterator[Problem]:
    variant = asked.variant(key)
    if variant is None:
        yield _unknown(asked, key)
    elif key not in brought:
        yield not_brought(asked.path, key)
    else:
        yield from _currency_problems(asked, variant)
        yield from _editing_problems(asked, key)


def _currency_problems(asked: Ticking, variant: Variant) -> Iterator[Problem]:
    shop = asked.editor.relations.enterprises.get(asked.participant)
    if shop is not None and variant.price.currency != shop.currency:
        found, path = variant.price.currency, asked.at(variant.id)
        yield problem(Code.OTHER_CURRENCY, path, found=found, expected=shop.currency)


def _editing_problems(asked: Ticking, key: VariantId) -> Iterator[Problem]:
    """Why the actor may not tick or untick *key*: what they manage, what was granted, what the supplier is (PERM-4)."""
    if EDITABLE_OUTGOING_VARIANTS.holds(asked.view, key):
        return
    distributor, relations, path = asked.participant, asked.editor.relations, asked.at(key)
    supplier = asked.editor.snapshot.variants[key].supplier
    manages = asked.whole.allowed or (distributor in asked.view.cycle.outgoing and asked.is_own(key))
    if not manages:
        yield from (attrs.evolve(each, path=path) for each in asked.whole.problems)
    if not relations.may_sell_for(distributor, supplier):
        yield needs_grant(relations, grantor=supplier, grantee=distributor, path=path)
    elif manages and not relations.enterprises[supplier].is_producer:
        yield problem(Code.NOT_A_PRODUCER, path, enterprise=relations.name_of(supplier))
    elif manages and not relations.may_sell_for(supplier, distributor):
        yield needs_grant(relations, grantor=distributor, grantee=supplier, path=path)
    elif manages:
        yield problem(Code.NOT_A_PARTICIPANT, path, enterprise=relations.name_of(supplier))


def _unknown(asked: Ticking, key: VariantId) -> Problem:
    return problem(Code.UNKNOWN_RECORD, asked.at(key), kind="variant", id=key)


def _not_of_supplier(asked: Ticking, key: VariantId) -> Problem:
    supplier = asked.editor.relations.name_of(asked.participant)
    return problem(Code.NOT_OF_SUPPLIER, asked.at(key), variant=key, enterprise=supplier)


def not_brought(path: str, key: VariantId) -> Problem:
    """Return the problem that nobody brings *key*, which is to be in the list at *path*."""
    return problem(Code.VARIANT_NOT_INCOMING, keyed(path, key), variant=key)


def needs_grant(relations: Relations, *, grantor: EnterpriseId, grantee: EnterpriseId, path: str) -> Problem:
    """Return the problem that *grantor* did not let *grantee* sell its goods."""
    return problem(
        Code.NEEDS_GRANT,
        path,
        grantor=relations.name_of(grantor),
        grantee=relations.name_of(grantee),
        permission=Permission.ADD_TO_ORDER_CYCLE,
    )


def _manages_either(asked: Ticking) -> bool:
    return asked.editor.coordinates or asked.editor.manages(asked.participant)


def _in_order(asked: Ticking, kept: AbstractSet[VariantId]) -> tuple[VariantId, ...]:
    """As a manager of the exchange asked, if all that stays is named; else as it was, with what is new at the end."""
    stored = set(asked.before) - asked.live_before
    asked_for = [key for key in dict.fromkeys(asked.wanted) if key in kept or key in stored]
    if _manages_either(asked) and stored | kept <= set(asked_for):
        return tuple(asked_for)
    stays = [key for key in asked.before if key in kept or key in stored]
    return (*stays, *(key for key in asked_for if key not in stays))

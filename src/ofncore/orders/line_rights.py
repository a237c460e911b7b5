"""What an actor may change of the lines of a placed order.

No window binds staff or suppliers: they act until the order is shipped, also after the close of its cycle.

Source:
    ORD-5, ORD-6, ORD-O24, ORD-O25, PERM-7 (editable lines), PERM-10 (`row-level`).
"""

from collections.abc import Collection, Iterator, Mapping

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import VariantId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Problem
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.order import Order
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.order_scope import check_order, editable_lines, is_staff
from ofncore.permissions.relations import Relations


@attrs.frozen(kw_only=True)
class LineRights:
    """What one actor may change of the lines of one order, as far as it depends on who acts."""

    #: Why the actor may not do so to the order as a whole; empty for staff, and for the buyer and the engine where they
    #: may.
    problems: tuple[Problem, ...]
    is_staff: bool
    #: Whether goods of an enterprise that the actor manages are in the order, whatever they may do to them.
    supplies: bool
    #: Variants of the lines that the actor may change as staff, or as their supplier.
    own: frozenset[VariantId]

    @property
    def is_supplier(self) -> bool:
        """Whether the actor changes lines for their supplier, and not as staff."""
        return bool(self.own) and not self.is_staff

    def denials(self, paths: Mapping[VariantId, str]) -> Iterator[Problem]:
        """Yield why the actor may not change the lines of some variants, each at its place in *paths*.

        To a supplier, lines of others are not told from lines that there are not.
        """
        if not self.own:
            yield from self.problems
        for variant, path in paths.items():
            if self.own and variant not in self.own:
                yield from (attrs.evolve(each, path=path) for each in self.problems)

    def is_free(self, variants: Collection[VariantId]) -> bool:
        """Whether the actor changes the lines of *variants* whatever the shop lets its customers do, and when."""
        return self.is_staff or (bool(self.own) and self.own.issuperset(variants))

    def may_raise(self, variant: VariantId) -> bool:
        """Whether the actor may order more of *variant* in its line."""
        return self.is_staff or variant in self.own


def line_rights(
    order: Order,
    actor: Actor,
    action: OrderAction,
    relations: Relations,
    *,
    customer: Customer,
    cycle: OrderCycle,
    profile: Profile,
) -> LineRights:
    """Return to which lines of *order*, which is of *customer* in *cycle*, *actor* may do *action*.

    Staff may do it to all of them. A supplier's manager may do it to its own, if the shop lets suppliers change orders.
    The buyer may change what the shop lets customers change.
    """
    shop = order.distributor
    decision = check_order(actor, action, relations, customer=customer, distributor=shop, cycle=cycle, key=order.id)
    return LineRights(
        problems=decision.problems,
        is_staff=is_staff(actor, relations, distributor=shop, coordinator=cycle.coordinator),
        supplies=not relations.managed_by(actor).isdisjoint(line.supplier for line in order.lines),
        own=editable_lines(actor, order, relations, customer=customer, cycle=cycle, profile=profile),
    )

"""The facts that permissions follow from, indexed.

A `Snapshot` is built from any part of a network: a host loads what its question needs, and what is not in the snapshot
is not there for the rules. Every index is made once, when it is first needed.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, Self, TypedDict, Unpack, cast

import attrs

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    FeeId,
    GrantId,
    OrderCycleId,
    OrderId,
    PaymentMethodId,
    ProductId,
    ScheduleId,
    ShippingMethodId,
    SubscriptionId,
    VariantId,
)
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle, OutgoingExchange
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import EnterpriseFee
from ofncore.model.grant import PermissionGrant
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order
from ofncore.model.product import Product, Variant
from ofncore.model.subscription import Schedule, Subscription
from ofncore.model.user import User
from ofncore.model.world import World
from ofncore.permissions.cycle_index import CycleIndex
from ofncore.permissions.facts import Role
from ofncore.permissions.goods import Goods
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.pairs import Pairs
from ofncore.permissions.relations import Relations
from ofncore.permissions.supposing import with_facts

#: An order and one of its variants.
LineKey = tuple[OrderId, VariantId]


@attrs.frozen
class TagRuleFacts:
    """A tag rule, and the enterprise whose shop it is for."""

    id: str
    enterprise: EnterpriseId


class Records(TypedDict, total=False):
    """The records that a snapshot may hold, by the names of its fields."""

    customers: Iterable[Customer]
    products: Iterable[Product]
    variants: Iterable[Variant]
    fees: Iterable[EnterpriseFee]
    shipping_methods: Iterable[ShippingMethod]
    payment_methods: Iterable[PaymentMethod]
    order_cycles: Iterable[OrderCycle]
    schedules: Iterable[Schedule]
    subscriptions: Iterable[Subscription]
    orders: Iterable[OrderFacts]
    tag_rules: Iterable[TagRuleFacts]


#: In the place of customers that nobody looked for, which is not to say that there are none.
_NOT_LOOKED_FOR: Final[Mapping[CustomerId, Customer]] = MappingProxyType({})


def _by_id(records: Iterable[Any]) -> Mapping[Any, Any]:
    return {each.id: each for each in records}


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Snapshot:
    """An immutable picture of what is known, ready to be asked. Records are by their ids."""

    relations: Relations
    customers: Mapping[CustomerId, Customer] = attrs.field(default=_NOT_LOOKED_FOR)
    products: Mapping[ProductId, Product] = attrs.field(factory=dict)
    variants: Mapping[VariantId, Variant] = attrs.field(factory=dict)
    fees: Mapping[FeeId, EnterpriseFee] = attrs.field(factory=dict)
    shipping_methods: Mapping[ShippingMethodId, ShippingMethod] = attrs.field(factory=dict)
    payment_methods: Mapping[PaymentMethodId, PaymentMethod] = attrs.field(factory=dict)
    order_cycles: Mapping[OrderCycleId, OrderCycle] = attrs.field(factory=dict)
    schedules: Mapping[ScheduleId, Schedule] = attrs.field(factory=dict)
    subscriptions: Mapping[SubscriptionId, Subscription] = attrs.field(factory=dict)
    orders: Mapping[OrderId, OrderFacts] = attrs.field(factory=dict)
    tag_rules: Mapping[str, TagRuleFacts] = attrs.field(factory=dict)

    @classmethod
    def of(
        cls,
        *,
        users: Iterable[User] = (),
        enterprises: Iterable[Enterprise] = (),
        grants: Iterable[PermissionGrant] = (),
        **records: Unpack[Records],
    ) -> Self:
        """Take over the given facts: users, enterprises, grants, and other records."""
        return cls.around(Relations.of(users=users, enterprises=enterprises, grants=grants), **records)

    @classmethod
    def around(cls, relations: Relations, **records: Unpack[Records]) -> Self:
        """Take over *relations*, and other records."""
        given = cast("Mapping[str, Iterable[Any]]", records)
        return cls(relations=relations, **{name: _by_id(each) for name, each in given.items()})

    @classmethod
    def of_world(cls, world: World, orders: Iterable[Order] = ()) -> Self:
        """Take over all of *world*, and *orders* of its customers."""
        customers = {each.id: each for each in world.customers}
        return cls.of(
            users=world.users,
            enterprises=world.enterprises,
            grants=world.grants,
            customers=world.customers,
            products=world.products,
            variants=world.variants,
            fees=world.fees,
            shipping_methods=world.shipping_methods,
            payment_methods=world.payment_methods,
            order_cycles=world.order_cycles,
            schedules=world.schedules,
            subscriptions=world.subscriptions,
            orders=(OrderFacts.of(order, customers) for order in orders),
        )

    def with_facts(self, facts: Iterable[Role]) -> "Snapshot":
        """Return the same picture with the roles and grants of *facts* added.

        Raises:
            NotFoundError: a role is of an unknown user, or in an unknown enterprise.
        """
        return self.with_relations(with_facts(self.relations, facts))

    def with_relations(self, relations: Relations) -> "Snapshot":
        """Return the same records with other *relations*. It shares every index that does not follow from those."""
        changed = attrs.evolve(self, relations=relations)
        vars(changed).update({name: each for name, each in vars(self).items() if name != "relations"})
        return changed

    def with_indexes(self, indexes: Mapping[str, object]) -> "Snapshot":
        """Return the same records with *indexes* over them that were made elsewhere, by the names of properties."""
        indexed = attrs.evolve(self)
        vars(indexed).update(indexes)
        return indexed

    def knows(self, actor: Actor) -> bool:
        """Whether *actor* is somebody; a customer is believed to be where no customers were looked for."""
        match actor.kind:
            case ActorKind.USER:
                return self.relations.user_of(actor) is not None
            case ActorKind.CUSTOMER:
                return self.customers is _NOT_LOOKED_FOR or actor.id in self.customers
            case ActorKind.ENGINE:
                return True

    @property
    def grants(self) -> Mapping[GrantId, PermissionGrant]:
        """Every known grant."""
        return self.relations.grants_by_id

    @property
    def lines(self) -> AbstractSet[LineKey]:
        """Every line of a known order, by its order and variant."""
        return self.suppliers_of_lines.lefts

    @property
    def enterprises(self) -> Mapping[EnterpriseId, Enterprise]:
        """Every known enterprise."""
        return self.relations.enterprises

    @cached_property
    def goods(self) -> Goods:
        """The variants, indexed."""
        return Goods(self.variants)

    # ---------------------------------------------------------------- cycles

    @cached_property
    def coordinators(self) -> Pairs[OrderCycleId, EnterpriseId]:
        """Each cycle with its coordinator."""
        return Pairs.of((each.id, each.coordinator) for each in self.order_cycles.values())

    @cached_property
    def suppliers(self) -> Pairs[OrderCycleId, EnterpriseId]:
        """Each cycle with its suppliers."""
        return Pairs.of((cycle.id, each.supplier) for cycle in self.order_cycles.values() for each in cycle.incoming)

    @cached_property
    def distributors(self) -> Pairs[OrderCycleId, EnterpriseId]:
        """Each cycle with its distributors."""
        return Pairs.of((cycle.id, each.distributor) for cycle in self.order_cycles.values() for each in cycle.outgoing)

    def cycle_index(self, order_cycle: OrderCycleId) -> CycleIndex | None:
        """Return a cycle, indexed by its participants; None if there is no such cycle."""
        if order_cycle not in self._cycle_indexes and order_cycle in self.order_cycles:
            self._cycle_indexes[order_cycle] = CycleIndex(self.order_cycles[order_cycle], self.goods)
        return self._cycle_indexes.get(order_cycle)

    @cached_property
    def _cycle_indexes(self) -> dict[OrderCycleId, CycleIndex]:
        return {}

    @cached_property
    def cycles_of_schedules(self) -> Pairs[ScheduleId, OrderCycleId]:
        """Each schedule with its cycles."""
        return Pairs.of((each.id, cycle) for each in self.schedules.values() for cycle in each.order_cycles)

    @cached_property
    def lists_of(self) -> Mapping[EnterpriseId, tuple[OutgoingExchange, ...]]:
        """Each distributor's lists in all cycles."""
        lists: dict[EnterpriseId, list[OutgoingExchange]] = {}
        for cycle in self.order_cycles.values():
            for each in cycle.outgoing:
                lists.setdefault(each.distributor, []).append(each)
        return {distributor: tuple(found) for distributor, found in lists.items()}

    def goods_carried_by(self, distributor: EnterpriseId) -> Pairs[VariantId, EnterpriseId]:
        """Return the live variants in any list of *distributor*, with their suppliers."""
        if distributor not in self._carried:
            lists = (each.variants for each in self.lists_of.get(distributor, ()))
            live = self.goods.live_among(chain.from_iterable(lists))
            self._carried[distributor] = Pairs.of((each, self.variants[each].supplier) for each in live)
        return self._carried[distributor]

    @cached_property
    def _carried(self) -> dict[EnterpriseId, Pairs[VariantId, EnterpriseId]]:
        return {}

    # ---------------------------------------------------------------- records and their enterprises

    @cached_property
    def enterprises_of_fees(self) -> Pairs[FeeId, EnterpriseId]:
        """Each fee with the enterprise that owns it."""
        return Pairs.of((each.id, each.enterprise) for each in self.fees.values())

    @cached_property
    def enterprises_of_customers(self) -> Pairs[CustomerId, EnterpriseId]:
        """Each customer with the enterprise that knows them."""
        return Pairs.of((each.id, each.enterprise) for each in self.customers.values())

    @cached_property
    def accounts_of_customers(self) -> Pairs[CustomerId, str]:
        """Each customer with the actor it is: its account, or its secret link."""
        links = ((each.id, str(Actor.customer(each.id))) for each in self.customers.values())
        users = ((each.id, str(Actor.user(each.user))) for each in self.customers.values() if each.user is not None)
        return Pairs.of((*links, *users))

    @property
    def grantors(self) -> Pairs[GrantId, EnterpriseId]:
        """Each grant with who gives it."""
        return self.relations.grantors

    @property
    def grantees(self) -> Pairs[GrantId, EnterpriseId]:
        """Each grant with who gets it."""
        return self.relations.grantees

    @cached_property
    def shops_of_subscriptions(self) -> Pairs[SubscriptionId, EnterpriseId]:
        """Each subscription with its shop."""
        return Pairs.of((each.id, each.shop) for each in self.subscriptions.values())

    @cached_property
    def enterprises_of_tag_rules(self) -> Pairs[str, EnterpriseId]:
        """Each tag rule with the enterprise whose shop it is for."""
        return Pairs.of((each.id, each.enterprise) for each in self.tag_rules.values())

    @cached_property
    def shops_of_payment_methods(self) -> Pairs[PaymentMethodId, EnterpriseId]:
        """Each payment method with the shops that offer it."""
        return Pairs.of((each.id, shop) for each in self.payment_methods.values() for shop in each.distributors)

    @cached_property
    def shops_of_shipping_methods(self) -> Pairs[ShippingMethodId, EnterpriseId]:
        """Each shipping method with the shops that offer it."""
        return Pairs.of((each.id, shop) for each in self.shipping_methods.values() for shop in each.distributors)

    # ---------------------------------------------------------------- orders

    @cached_property
    def shops_of_orders(self) -> Pairs[OrderId, EnterpriseId]:
        """Each order with its distributor, if it has one."""
        return Pairs.of((each.id, each.distributor) for each in self.orders.values() if each.distributor is not None)

    @cached_property
    def orders_without_shop(self) -> Mapping[OrderId, OrderFacts]:
        """The orders that have no distributor: carts."""
        return {each.id: each for each in self.orders.values() if each.distributor is None}

    @cached_property
    def cycles_of_orders(self) -> Pairs[OrderId, OrderCycleId]:
        """Each order with its cycle, if it has one."""
        return Pairs.of((each.id, each.order_cycle) for each in self.orders.values() if each.order_cycle is not None)

    @cached_property
    def suppliers_of_lines(self) -> Pairs[LineKey, EnterpriseId]:
        """Each line, by its order and variant, with the enterprise whose goods it holds."""
        return Pairs.of(
            ((each.id, line.variant), line.supplier) for each in self.orders.values() for line in each.lines
        )

    @cached_property
    def suppliers_of_orders(self) -> Pairs[OrderId, EnterpriseId]:
        """Each order with the enterprises whose goods it holds."""
        return Pairs.of((each.id, supplier) for each in self.orders.values() for supplier in each.suppliers)

    @cached_property
    def buyers_of_orders(self) -> Pairs[OrderId, str]:
        """Each order with its buyer as an actor: the account, and the customer whose secret link it is."""
        return Pairs.of((each.id, str(buyer)) for each in self.orders.values() for buyer in each.buyers)

    @cached_property
    def makers_of_orders(self) -> Pairs[OrderId, str]:
        """Each order with the actor who made it."""
        return Pairs.of((each.id, str(each.creator)) for each in self.orders.values())

"""All that permissions follow from, read as far as rules look."""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from typing import Any, Final

import attrs

from ofncore.kernel.actors import Actor, ActorKind
from ofncore.kernel.ids import CustomerId, EnterpriseId, OrderCycleId, OrderId, ProductId, ScheduleId, UserId, VariantId
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle, OutgoingExchange
from ofncore.model.order import Order
from ofncore.model.product import Product, Variant
from ofncore.model.subscription import Schedule
from ofncore.permissions.goods import Goods
from ofncore.permissions.order_facts import OrderFacts
from ofncore.permissions.snapshot import LineKey, Snapshot
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.near.gathering import Gathered, LookedUp, Stored, pairs_of
from ofncore.services.near.relations import NearRelations


def near_snapshot(unit: UnitOfWork) -> Snapshot:
    """Return all that is stored, read as far as it is looked at, before *unit* writes.

    A question by one actor about one thing reads what is near the two: the enterprises, grants, cycles and orders of
    the actor, and of the thing. A rule that goes through all records of a kind reads all of them. To administrators
    everything is near.
    """
    near = NearRelations(unit)
    customers, goods = _Customers(unit, near), _Goods(unit, near)
    cycles = _Cycles(unit, near, goods)
    parts = (_Owned(unit, near), customers, goods, cycles, _Orders(unit, near, customers, cycles))
    records = dict(chain.from_iterable(each.records.items() for each in parts))
    indexes = dict(chain.from_iterable(each.indexes.items() for each in parts))
    given: Any = records
    return Snapshot(relations=near.relations, **given).with_indexes(indexes)


class _Owned:
    """What belongs to enterprises, and has nothing more to do with anything else."""

    def __init__(self, unit: UnitOfWork, near: NearRelations) -> None:
        self.records: Final[dict[str, Stored[Any, Any]]] = {}
        self.indexes: Final[dict[str, object]] = {}
        for name, index, parts in _OWNED:
            repository = getattr(unit, name)
            stored = self.records[name] = Stored(repository.get_many, repository.all)
            found = near.by_enterprise(stored, repository.of_enterprises, parts)
            self.indexes[index] = stored.pairs(parts, found.of)


#: Records and their index in a snapshot, with the enterprises of one record.
_OWNED: Final[tuple[tuple[str, str, Callable[[Any], Iterable[EnterpriseId]]], ...]] = (
    ("fees", "enterprises_of_fees", lambda each: (each.enterprise,)),
    ("payment_methods", "shops_of_payment_methods", lambda each: each.distributors),
    ("shipping_methods", "shops_of_shipping_methods", lambda each: each.distributors),
    ("subscriptions", "shops_of_subscriptions", lambda each: (each.shop,)),
)


class _Customers:
    def __init__(self, unit: UnitOfWork, near: NearRelations) -> None:
        self._unit: Final = unit
        self.stored: Final[Stored[CustomerId, Customer]] = Stored(unit.customers.get_many, unit.customers.all)
        self._of_enterprise: Final = near.by_enterprise(self.stored, unit.customers.of_enterprises, _known_by)

    @property
    def records(self) -> Mapping[str, object]:
        return {"customers": self.stored}

    @property
    def indexes(self) -> Mapping[str, object]:
        return {
            "enterprises_of_customers": self.stored.pairs(_known_by, self._of_enterprise.of),
            "accounts_of_customers": self.stored.pairs(_accounts, self.of_account),
        }

    def of_account(self, actor: str) -> Iterable[Customer]:
        """Return the customers that *actor* is."""
        who = Actor.parse(actor)
        if who.kind is ActorKind.USER:
            return self._unit.customers.of_user(UserId(who.id))
        return self.stored.one(CustomerId(who.id)) if who.kind is ActorKind.CUSTOMER else ()


def _known_by(customer: Customer) -> Iterable[EnterpriseId]:
    return (customer.enterprise,)


def _accounts(customer: Customer) -> Iterable[str]:
    yield str(Actor.customer(customer.id))
    if customer.user is not None:
        yield str(Actor.user(customer.user))


class _Goods:
    def __init__(self, unit: UnitOfWork, near: NearRelations) -> None:
        self._products: Final[Stored[ProductId, Product]] = Stored(unit.products.get_many, unit.products.all)
        self._variants: Final[Stored[VariantId, Variant]] = Stored(
            unit.variants.get_many, unit.variants.all, self._expect_products
        )
        self.of_supplier: Final = near.by_enterprise(self._variants, unit.variants.of_enterprises, _supplier)
        self._of_product: Final = self._variants.gathered(unit.variants.of_products, lambda each: (each.product,))

    @property
    def records(self) -> Mapping[str, object]:
        return {"products": self._products, "variants": self._variants}

    @property
    def indexes(self) -> Mapping[str, object]:
        goods = _NearGoods(self._variants)
        vars(goods).update(
            suppliers_of_live=self._variants.pairs(_supplier_of_live, self.of_supplier.of),
            suppliers_of_products=pairs_of(
                self._variants,
                lambda each: ((each.product, supplier) for supplier in _supplier_of_live(each)),
                self._of_product.of,
                self.of_supplier.of,
            ),
        )
        return {"goods": goods}

    def _expect_products(self, variants: Iterable[Variant]) -> None:
        self._products.expect(each.product for each in variants)


@attrs.frozen(slots=False, eq=False)
class _NearGoods(Goods):
    variants: Stored[VariantId, Variant]

    def live_among(self, variants: Iterable[VariantId]) -> frozenset[VariantId]:
        """Return which of *variants* are known and not deleted, read together."""
        keys = tuple(variants)
        self.variants.expect(keys)
        return super().live_among(keys)


def _supplier(variant: Variant) -> Iterable[EnterpriseId]:
    return (variant.supplier,)


def _supplier_of_live(variant: Variant) -> Iterable[EnterpriseId]:
    return () if variant.deleted else (variant.supplier,)


class _Cycles:
    """Cycles and schedules. All who take part in a cycle that is asked for by its id are read together."""

    def __init__(self, unit: UnitOfWork, near: NearRelations, goods: _Goods) -> None:
        self._unit, self._near, self._goods = unit, near, goods
        self.stored: Final[Stored[OrderCycleId, OrderCycle]] = Stored(self._get_many, unit.order_cycles.all)
        self._of_enterprise: Final = near.by_enterprise(self.stored, unit.order_cycles.of_enterprises, _participants)
        self._schedules: Final[Stored[ScheduleId, Schedule]] = Stored(unit.schedules.get_many, unit.schedules.all)
        self._with_cycle: Final = self._schedules.gathered(self._with_cycles, lambda each: each.order_cycles)

    @property
    def records(self) -> Mapping[str, object]:
        return {"order_cycles": self.stored, "schedules": self._schedules}

    @property
    def indexes(self) -> Mapping[str, object]:
        found = self._of_enterprise.of
        return {
            "coordinators": self.stored.pairs(lambda each: (each.coordinator,), found),
            "suppliers": self.stored.pairs(_suppliers, found),
            "distributors": self.stored.pairs(_distributors, found),
            "lists_of": LookedUp(self._lists_of, lambda: set(chain.from_iterable(map(_distributors, self._all())))),
            "cycles_of_schedules": self._schedules.pairs(lambda each: each.order_cycles, self._with_cycle.of),
        }

    def _all(self) -> Collection[OrderCycle]:
        return self.stored.values()

    def _get_many(self, keys: Iterable[OrderCycleId]) -> Iterable[OrderCycle]:
        found = self._unit.order_cycles.get_many(keys)
        together = {key for each in found for key in _participants(each)}
        self._near.expect(together)
        self._goods.of_supplier.expect(together)
        return found

    def _lists_of(self, distributor: EnterpriseId) -> tuple[OutgoingExchange, ...] | None:
        cycles = self._of_enterprise.of(distributor)
        found = (each for cycle in cycles for each in cycle.outgoing if each.distributor == distributor)
        return tuple(found) or None

    def _with_cycles(self, cycles: Iterable[OrderCycleId]) -> Iterable[Schedule]:
        return chain.from_iterable(map(self._unit.schedules.with_cycle, cycles))


def _suppliers(cycle: OrderCycle) -> Iterable[EnterpriseId]:
    return (each.supplier for each in cycle.incoming)


def _distributors(cycle: OrderCycle) -> Iterable[EnterpriseId]:
    return (each.distributor for each in cycle.outgoing)


def _participants(cycle: OrderCycle) -> Iterable[EnterpriseId]:
    return (cycle.coordinator, *_suppliers(cycle), *_distributors(cycle))


class _Orders:
    def __init__(self, unit: UnitOfWork, near: NearRelations, customers: _Customers, cycles: _Cycles) -> None:
        orders = unit.orders
        self._unit, self._near, self._customers, self._cycles = unit, near, customers, cycles
        self._stored: Final[Stored[OrderId, OrderFacts]] = Stored(
            lambda keys: self._facts(orders.get_many(keys)), lambda: self._facts(orders.all()), self._expect_around
        )
        self._of_enterprise: Final = near.by_enterprise(
            self._stored, lambda keys: self._facts(orders.of_enterprises(keys)), _sellers
        )
        self._of_buyer: Final = self._stored.gathered(self._bought_by, _buyers)
        self._of_maker: Final = self._stored.gathered(self._made_by, _maker)
        self._of_cycle: Final[Gathered[OrderCycleId, OrderFacts]] = self._stored.gathered(self._of_cycles, _cycles)

    @property
    def records(self) -> Mapping[str, object]:
        return {"orders": self._stored}

    @property
    def indexes(self) -> Mapping[str, object]:
        orders, found = self._stored, self._of_enterprise.of
        return {
            "shops_of_orders": orders.pairs(_shops, found),
            # No order is stored before it has a shop.
            "orders_without_shop": {},
            "cycles_of_orders": orders.pairs(_cycles, self._of_cycle.of),
            "suppliers_of_lines": pairs_of(orders, _lines, lambda key: orders.one(key[0]), found),
            "suppliers_of_orders": orders.pairs(lambda each: each.suppliers, found),
            "buyers_of_orders": orders.pairs(_buyers, self._of_buyer.of),
            "makers_of_orders": orders.pairs(_maker, self._of_maker.of),
        }

    def _facts(self, orders: Iterable[Order]) -> list[OrderFacts]:
        found = list(orders)
        self._customers.stored.expect(each.customer for each in found)
        return [OrderFacts.of(each, self._customers.stored) for each in found]

    def _expect_around(self, orders: Iterable[OrderFacts]) -> None:
        """Read the shops of *orders* together, and their cycles."""
        found = list(orders)
        self._near.enterprises.expect(key for each in found for key in _shops(each))
        self._cycles.stored.expect(key for each in found for key in _cycles(each))

    def _of_cycles(self, cycles: Iterable[OrderCycleId]) -> list[OrderFacts]:
        return self._facts(chain.from_iterable(map(self._unit.orders.of_cycle, cycles)))

    def _bought_by(self, actors: Iterable[str]) -> list[OrderFacts]:
        customers = chain.from_iterable(map(self._customers.of_account, actors))
        return self._facts(self._unit.orders.of_customers([each.id for each in customers]))

    def _made_by(self, actors: Iterable[str]) -> list[OrderFacts]:
        return self._facts(chain.from_iterable(map(self._unit.orders.placed_by, map(Actor.parse, actors))))


def _shops(order: OrderFacts) -> Iterable[EnterpriseId]:
    return () if order.distributor is None else (order.distributor,)


def _cycles(order: OrderFacts) -> Iterable[OrderCycleId]:
    return () if order.order_cycle is None else (order.order_cycle,)


def _sellers(order: OrderFacts) -> Iterable[EnterpriseId]:
    return (*_shops(order), *order.suppliers)


def _buyers(order: OrderFacts) -> Iterable[str]:
    return map(str, order.buyers)


def _maker(order: OrderFacts) -> Iterable[str]:
    return (str(order.creator),)


def _lines(order: OrderFacts) -> Iterable[tuple[LineKey, EnterpriseId]]:
    return (((order.id, line.variant), line.supplier) for line in order.lines)

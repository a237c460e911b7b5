"""The contract of the finders that begin with a party: an enterprise, a user, a customer, whoever acts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs
import pytest

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.ids import CustomerId, EnterpriseId, ProductId, UserId
from ofncore.model.order import OrderState
from ofncore.ports.repositories import RecordsOfEnterprises
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing import worlds
from ofncore.testing.contracts.base import START, WorldContract

_BAKERY: Final = EnterpriseId("bakery")


@attrs.frozen(kw_only=True)
class Part:
    """One way for the bakery to have a part in a record."""

    #: Name of the repository.
    name: str
    make: Callable[..., Any]
    #: The field that names the bakery, and the same without it.
    there: Mapping[str, Any]
    gone: Mapping[str, Any]
    #: The rest of the record: out of use, where it can be.
    rest: Mapping[str, Any] = attrs.field(factory=dict)

    def __str__(self) -> str:
        return f"{self.name}-{'-'.join(self.there)}"


def _lines(*suppliers: str) -> tuple[Any, ...]:
    goods = ("cheese", "eggs")
    return tuple(worlds.order_line(one, supplier=other) for one, other in zip(goods, suppliers, strict=True))


_SHOPS: Final = {"distributors": ("hub", _BAKERY)}
_HUB_ONLY: Final = {"distributors": ("hub",)}
_IN: Final = {"incoming": (worlds.incoming("farm", "eggs"), worlds.incoming(_BAKERY))}
_IN_WITHOUT: Final = {"incoming": (worlds.incoming("farm", "eggs"),)}
_OUT: Final = {"outgoing": (worlds.outgoing("hub", "eggs"), worlds.outgoing(_BAKERY))}
_OUT_WITHOUT: Final = {"outgoing": (worlds.outgoing("hub", "eggs"),)}
_CANCELLED: Final = {"state": OrderState.CANCELLED}

PARTS: Final = (
    Part(name="grants", make=worlds.grant, there={"grantor": _BAKERY}, gone={"grantor": "hub"}),
    Part(name="grants", make=worlds.grant, there={"grantee": _BAKERY}, gone={"grantee": "dairy"}),
    Part(name="customers", make=worlds.customer, there={"enterprise": _BAKERY}, gone={"enterprise": "hub"}),
    Part(
        name="variants",
        make=worlds.variant,
        there={"supplier": _BAKERY},
        gone={"supplier": "farm"},
        rest={"product": "eggs", "deleted": True},
    ),
    Part(
        name="fees",
        make=worlds.fee,
        there={"enterprise": _BAKERY},
        gone={"enterprise": "hub"},
        rest={"deleted": True},
    ),
    Part(name="shipping_methods", make=worlds.shipping_method, there=_SHOPS, gone=_HUB_ONLY),
    Part(name="payment_methods", make=worlds.payment_method, there=_SHOPS, gone=_HUB_ONLY, rest={"active": False}),
    Part(name="order_cycles", make=worlds.order_cycle, there={"coordinator": _BAKERY}, gone={"coordinator": "hub"}),
    Part(name="order_cycles", make=worlds.order_cycle, there=_IN, gone=_IN_WITHOUT),
    Part(name="order_cycles", make=worlds.order_cycle, there=_OUT, gone=_OUT_WITHOUT),
    Part(
        name="subscriptions",
        make=worlds.subscription,
        there={"shop": _BAKERY},
        gone={"shop": "hub"},
        rest={"cancelled_at": worlds.NOW},
    ),
    Part(
        name="orders",
        make=worlds.order,
        there={"distributor": _BAKERY},
        gone={"distributor": "hub"},
        rest=_CANCELLED,
    ),
    Part(
        name="orders",
        make=worlds.order,
        there={"lines": _lines("dairy", _BAKERY)},
        gone={"lines": _lines("dairy", "farm")},
        rest=_CANCELLED,
    ),
)


def _found(work: UnitOfWork, part: Part, *enterprises: str) -> Sequence[Any]:
    """Return what is found, asked by something that can be gone through only once."""
    records: RecordsOfEnterprises[Any, Any] = getattr(work, part.name)
    return list(records.of_enterprises(EnterpriseId(each) for each in enterprises))


class PartContract(WorldContract):
    """Which records are found by who has a part in them."""

    @pytest.mark.parametrize("part", PARTS, ids=str)
    def test_a_record_is_found_by_an_enterprise_with_a_part(self, world: UnitOfWorkFactory, part: Part) -> None:
        """Also one that is out of use; and only as long as the enterprise has its part."""
        with world() as work:
            work.enterprises.add(worlds.enterprise(_BAKERY))
            assert _found(work, part, _BAKERY) == []
            stored = getattr(work, part.name).add(part.make("new", **part.rest, **part.there))
            assert _found(work, part, _BAKERY) == [stored]
            assert _found(work, part, "absent", _BAKERY, _BAKERY) == [stored]
            assert _found(work, part, "absent") == _found(work, part) == []
            getattr(work, part.name).save(attrs.evolve(stored, **part.gone))
            assert _found(work, part, _BAKERY) == []

    @pytest.mark.parametrize("name", sorted({each.name for each in PARTS}))
    def test_records_of_several_enterprises_come_sorted_and_each_once(
        self, world: UnitOfWorkFactory, name: str
    ) -> None:
        with world() as work:
            records = getattr(work, name)
            for part in (each for each in PARTS if each.name == name):
                more = {"code": "Z"} if name == "orders" and "lines" in part.there else {}
                key = f"{'a' if more else 'z'}-{'-'.join(part.there)}"
                records.add(part.make(key, **part.rest, **part.gone, **more))
            everybody = [each.id for each in reversed(START.enterprises)]
            assert list(records.of_enterprises(everybody)) == list(records.all())

    def test_an_enterprise_is_found_by_its_owner_and_by_its_managers(self, world: UnitOfWorkFactory) -> None:
        """Each once, also by who is both; whoever is neither finds nothing."""
        paul, berta = UserId("paul"), UserId("berta")
        with world() as work:
            farm = work.enterprises.get(EnterpriseId("farm"))
            owned = work.enterprises.add(worlds.enterprise("z-owned", owner="paul", managers=("berta",)))
            managed = work.enterprises.add(worlds.enterprise("a-managed", owner="amelie", managers=("berta", "paul")))
            assert list(work.enterprises.of_user(paul)) == [managed, farm, owned]
            assert list(work.enterprises.of_user(UserId("root"))) == []
            left = work.enterprises.save(attrs.evolve(managed, managers=(berta,)))
            assert list(work.enterprises.of_user(paul)) == [farm, owned]
            assert left in work.enterprises.of_user(berta)

    def test_a_customer_is_found_by_the_account(self, world: UnitOfWorkFactory) -> None:
        with world() as work:
            here = work.customers.add(worlds.customer("z-paul", user="paul"))
            there = work.customers.add(worlds.customer("a-paul", enterprise="dairy", user="paul"))
            work.customers.add(worlds.customer("b-berta", user="berta"))
            assert list(work.customers.of_user(UserId("paul"))) == [there, here]
            assert list(work.customers.of_user(UserId("anna"))) == []
            work.customers.save(attrs.evolve(there, user=None))
            assert list(work.customers.of_user(UserId("paul"))) == [here]

    def test_variants_are_found_by_their_products(self, world: UnitOfWorkFactory) -> None:
        """Deleted ones too."""
        eggs, carrots = ProductId("eggs"), ProductId("carrots")
        with world() as work:
            gone = work.variants.add(worlds.variant("a-gone", product="eggs", deleted=True))
            start = {each.id: each for each in work.variants.all()}
            assert list(work.variants.of_products([eggs])) == [gone, start["eggs"]]  # type: ignore[index]
            several = [eggs, carrots, eggs, ProductId("absent")]
            assert [each.id for each in work.variants.of_products(iter(several))] == ["a-gone", "carrots", "eggs"]
            assert list(work.variants.of_products([])) == []

    def test_orders_are_found_by_their_customers(self, world: UnitOfWorkFactory) -> None:
        """Cancelled ones too."""
        anna, ben = CustomerId("anna"), CustomerId("ben")
        with world() as work:
            other = work.orders.add(worlds.order("a", customer="ben", state=OrderState.CANCELLED))
            start = work.orders.all()[-1]
            assert list(work.orders.of_customers([ben])) == [other]
            assert list(work.orders.of_customers(iter([anna, CustomerId("absent"), ben, anna]))) == [other, start]
            assert list(work.orders.of_customers([])) == []

    def test_orders_are_found_by_who_placed_them(self, world: UnitOfWorkFactory) -> None:
        """A user and a customer of the same id are two."""
        with world() as work:
            actors = (Actor.user("anna"), Actor.customer("anna"), ENGINE)
            placed = [work.orders.add(worlds.order(f"by-{each.kind}", placed_by=each)) for each in actors]
            work.orders.add(worlds.order("again", placed_by=ENGINE, state=OrderState.CANCELLED))
            found = [[each.id for each in work.orders.placed_by(actor)] for actor in actors]
            assert found == [["by-user"], ["by-customer"], ["again", "by-engine"]]
            work.orders.save(attrs.evolve(placed[0], placed_by=ENGINE))
            assert list(work.orders.placed_by(actors[0])) == []

"""What the suites share: the world they start from, and the record kinds they go through."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any, ClassVar, Final

import attrs
import pytest
from hypothesis import HealthCheck, settings

from ofncore.kernel.ids import EnterpriseId, PaymentMethodId, ShippingMethodId, VariantId
from ofncore.model.fee import TaxPlace
from ofncore.model.grant import Permission
from ofncore.model.methods import ShopPaymentMethod, ShopShippingMethod
from ofncore.model.payment import PaymentState
from ofncore.model.subscription import SubscriptionLine
from ofncore.ports.repositories import Repository
from ofncore.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from ofncore.testing import worlds

#: The small world, three more cycles, and one order that was placed and paid.
START: Final = worlds.small_state(
    order_cycles=[worlds.order_cycle(key) for key in ("week-10", "week-11", "week-12", "week-13")],
    orders=[worlds.order()],
    payments=[worlds.payment()],
)


@attrs.frozen(kw_only=True)
class KindOfRecord:
    """One kind of record, and what tells it from the others."""

    #: Name of the repository.
    name: str
    #: Its name in errors.
    word: str
    #: Builds a record from one of `parts`.
    make: Callable[..., Any]
    #: What `make` is given for three new records, in the order of their keys.
    parts: tuple[str, str, str] = ("new-1", "new-2", "new-3")
    #: Another state of a record: fields, the longer part of them in a list.
    change: Mapping[str, Any]
    versioned: bool = False

    def repository(self, work: UnitOfWork) -> Repository[Any, Any]:
        """Return the repository in *work*."""
        repository: Repository[Any, Any] = getattr(work, self.name)
        return repository

    def new(self, number: int = 0) -> Any:  # noqa: ANN401 - a record of this kind
        """Return one of three new records."""
        return self.make(self.parts[number])

    def changed(self, record: Any) -> Any:  # noqa: ANN401 - a record of this kind
        """Return *record* in another state."""
        return attrs.evolve(record, **self.change)

    def stored(self, record: Any, version: int = 1) -> Any:  # noqa: ANN401 - a record of this kind
        """Return *record* as a storage gives it back when it was written *version* times."""
        return attrs.evolve(record, version=version) if self.versioned else record


_HUB: Final = EnterpriseId("hub")
_TWO_SHOPS: Final = (EnterpriseId("farm"), _HUB)

KINDS: Final = (
    KindOfRecord(name="users", word="user", make=worlds.user, change={"name": "Changed", "is_admin": True}),
    KindOfRecord(name="enterprises", word="enterprise", make=worlds.enterprise, change={"managers": ("berta", "paul")}),
    KindOfRecord(
        name="grants",
        word="grant",
        make=worlds.grant,
        change={"permissions": (Permission.EDIT_PROFILE, Permission.MANAGE_PRODUCTS)},
    ),
    KindOfRecord(name="customers", word="customer", make=worlds.customer, change={"tags": ("bread", "cheese")}),
    KindOfRecord(name="tax_categories", word="tax category", make=worlds.tax_category, change={"name": "Changed"}),
    KindOfRecord(name="tax_rates", word="tax rate", make=worlds.tax_rate, change={"included_in_price": False}),
    KindOfRecord(
        name="tax_zones",
        word="tax zone",
        make=worlds.tax_zone,
        change={"is_default": True, "members": (TaxPlace("BE"), TaxPlace("FR", "Bretagne"))},
    ),
    KindOfRecord(name="vouchers", word="voucher", make=worlds.voucher, change={"value": Decimal("12.5")}),
    KindOfRecord(
        name="products",
        word="product",
        make=worlds.product,
        change={"description": "Changed"},
    ),
    KindOfRecord(
        name="variants",
        word="variant",
        make=lambda key: worlds.variant(key, product="eggs"),
        change={"tags": ("a", "b")},
    ),
    KindOfRecord(name="fees", word="fee", make=worlds.fee, change={"calculator": worlds.calculator("flat_rate")}),
    KindOfRecord(
        name="shipping_methods",
        word="shipping method",
        make=worlds.shipping_method,
        change={"distributors": _TWO_SHOPS},
    ),
    KindOfRecord(
        name="payment_methods", word="payment method", make=worlds.payment_method, change={"distributors": _TWO_SHOPS}
    ),
    KindOfRecord(
        name="order_cycles",
        word="order cycle",
        make=worlds.order_cycle,
        change={
            "incoming": (worlds.incoming("dairy", "cheese"),),
            "outgoing": (),
            "payment_methods": tuple(ShopPaymentMethod(shop, PaymentMethodId("cash")) for shop in _TWO_SHOPS),
            "shipping_methods": (ShopShippingMethod(_HUB, ShippingMethodId("pickup")),),
        },
        versioned=True,
    ),
    KindOfRecord(
        name="schedules", word="schedule", make=worlds.schedule, change={"order_cycles": ("week-12", "week-11")}
    ),
    KindOfRecord(
        name="subscriptions",
        word="subscription",
        make=worlds.subscription,
        change={"lines": tuple(SubscriptionLine(variant=VariantId(each), quantity=2) for each in ("cheese", "eggs"))},
        versioned=True,
    ),
    KindOfRecord(
        name="proxy_orders",
        word="proxy order",
        make=lambda cycle: worlds.proxy_order("anna-weekly", cycle),
        parts=("week-11", "week-12", "week-13"),
        change={"order": "order-1"},
        versioned=True,
    ),
    KindOfRecord(
        name="orders",
        word="order",
        make=worlds.order,
        change={"lines": (worlds.order_line("cheese"), worlds.order_line("eggs", quantity=4))},
        versioned=True,
    ),
    KindOfRecord(
        name="payments",
        word="payment",
        make=worlds.payment,
        change={"state": PaymentState.SETTLED},
        versioned=True,
    ),
)

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
each_versioned_kind = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.versioned], ids=lambda kind: kind.name
)


class WorldContract:
    """Base of the suites."""

    #: Whether a unit of work that leaves a reference to nothing behind raises `StorageError`.
    checks_references: ClassVar[bool] = False

    @pytest.fixture
    def second(self, storage: UnitOfWorkFactory) -> UnitOfWorkFactory:
        """Return another handle on the same storage; the same one, if it has no other."""
        return storage

    @pytest.fixture
    def world(self, storage: UnitOfWorkFactory) -> UnitOfWorkFactory:
        """Return the storage with `START` in it."""
        with storage() as work:
            worlds.store(work, START)
        return storage


#: For tests that draw examples. Each example takes back what it wrote, so the storage is as new for the next; and one
#: suite runs for several adapters.
EXAMPLES: Final = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
)


class DeliberateError(Exception):
    """Raised by a test to make a unit of work fail."""


@contextmanager
def taken_back(storage: UnitOfWorkFactory) -> Iterator[UnitOfWork]:
    """Begin a unit of work that fails at its end."""
    with suppress(DeliberateError), storage() as work:
        yield work
        raise DeliberateError

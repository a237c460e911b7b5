"""What one actor sees and manages outside a cycle: enterprises, goods, cycles, schedules, subscriptions.

Source:
    PERM-3.
"""

from typing import Final

from ofncore.kernel.ids import (
    CustomerId,
    EnterpriseId,
    FeeId,
    GrantId,
    OrderCycleId,
    PaymentMethodId,
    ProductId,
    ScheduleId,
    ShippingMethodId,
    SubscriptionId,
    VariantId,
)
from ofncore.kernel.permission_policies import UnsetCoordinator
from ofncore.model.grant import Permission
from ofncore.permissions.facts import Link
from ofncore.permissions.rules.cycle_sets import PARTICIPANT
from ofncore.permissions.rules.enterprises import (
    HELD,
    HUB,
    MANAGED,
    NOT_CLOSED,
    PRODUCER,
    SHOP,
    Enterprises,
    Grantees,
    Grantors,
)
from ofncore.permissions.rules.links import ACTOR, HasLink, Linked
from ofncore.permissions.rules.scopes import Everything, Given, IsAdmin, Policy, Scope, Some

_SELL: Final = Permission.ADD_TO_ORDER_CYCLE

# ---------------------------------------------------------------- enterprises

VISIBLE_ENTERPRISES: Final = MANAGED | Grantors(_SELL, MANAGED)
#: In the filters of reports on orders.
REPORTED_ENTERPRISES: Final = VISIBLE_ENTERPRISES | Grantees(_SELL, MANAGED)
EDITABLE_ENTERPRISES: Final = MANAGED | Grantors(Permission.EDIT_PROFILE, MANAGED)
#: Whose products the actor manages.
PRODUCT_ENTERPRISES: Final = MANAGED | Grantors(Permission.MANAGE_PRODUCTS, MANAGED)
#: Who lets the actor copy variants into a catalogue of its own.
LINKING_ENTERPRISES: Final = Grantors(Permission.CREATE_LINKED_VARIANTS, MANAGED)
POSSIBLE_COORDINATORS: Final = Given(Policy("unset_coordinator", UnsetCoordinator.REFUSED), MANAGED & SHOP) | Given(
    Policy("unset_coordinator", UnsetCoordinator.OFFERED), MANAGED & NOT_CLOSED
)
#: The actor may run cycles of several enterprises.
RUNS_SHARED_CYCLES: Final = Some(VISIBLE_ENTERPRISES & HUB)

INVENTORY_HUBS: Final = MANAGED & NOT_CLOSED


def _inventory_producers(hubs: Enterprises) -> Enterprises:
    return Grantors(Permission.CREATE_VARIANT_OVERRIDES, hubs) | (hubs & PRODUCER)


#: Of whose goods some hub of the actor may keep its own prices and stock; and of whose the hub that is meant may.
INVENTORY_PRODUCERS: Final = _inventory_producers(INVENTORY_HUBS)
INVENTORY_PRODUCERS_OF_ONE: Final = _inventory_producers(PARTICIPANT)

# ---------------------------------------------------------------- products


def _products(enterprises: Enterprises) -> Scope[ProductId]:
    return Linked(lambda snapshot: snapshot.goods.suppliers_of_products, Link.OWNED_BY, enterprises)


def _variants(enterprises: Enterprises) -> Scope[VariantId]:
    return Linked(lambda snapshot: snapshot.goods.suppliers_of_live, Link.OWNED_BY, enterprises)


_ALL_PRODUCTS: Final[Scope[ProductId]] = Given(IsAdmin(), Everything(lambda snapshot: snapshot.products))
_HELD_PRODUCTS: Final = HELD | Grantors(Permission.MANAGE_PRODUCTS, MANAGED)

VISIBLE_PRODUCTS: Final = _ALL_PRODUCTS | _products(_HELD_PRODUCTS | Grantors(_SELL, MANAGED))
#: On the screen for many products, where some may only be looked at.
LISTED_PRODUCTS: Final = _ALL_PRODUCTS | _products(_HELD_PRODUCTS | LINKING_ENTERPRISES)
MANAGED_PRODUCTS: Final = _products(PRODUCT_ENTERPRISES)
BULK_PRODUCTS: Final = _products(PRODUCT_ENTERPRISES | LINKING_ENTERPRISES)
MANAGED_VARIANTS: Final = _variants(PRODUCT_ENTERPRISES)
LINKABLE_VARIANTS: Final = _variants(LINKING_ENTERPRISES)

# ---------------------------------------------------------------- cycles and subscriptions

_ALL_CYCLES: Final[Scope[OrderCycleId]] = Given(IsAdmin(), Everything(lambda snapshot: snapshot.order_cycles))


def coordinated_by(enterprises: Enterprises) -> Scope[OrderCycleId]:
    """Return the cycles that *enterprises* coordinate."""
    return Linked(lambda snapshot: snapshot.coordinators, Link.COORDINATED_BY, enterprises)


def _supplied_by(enterprises: Enterprises) -> Scope[OrderCycleId]:
    return Linked(lambda snapshot: snapshot.suppliers, Link.SUPPLIED_BY, enterprises)


def _distributed_by(enterprises: Enterprises) -> Scope[OrderCycleId]:
    return Linked(lambda snapshot: snapshot.distributors, Link.DISTRIBUTED_BY, enterprises)


COORDINATED_CYCLES: Final = coordinated_by(HELD) | _ALL_CYCLES
VISIBLE_CYCLES: Final = COORDINATED_CYCLES | _supplied_by(HELD) | _distributed_by(HELD)
#: The coordinator takes part in every exchange, so it counts as a distributor and as a supplier.
CYCLES_AS_DISTRIBUTOR: Final = _distributed_by(MANAGED) | (
    coordinated_by(MANAGED) & HasLink(lambda snapshot: snapshot.distributors)
)
CYCLES_AS_SUPPLIER: Final = _supplied_by(MANAGED) | (
    coordinated_by(MANAGED) & HasLink(lambda snapshot: snapshot.suppliers)
)
EDITABLE_SCHEDULES: Final[Scope[ScheduleId]] = Linked(
    lambda snapshot: snapshot.cycles_of_schedules, Link.HOLDS, COORDINATED_CYCLES
)


def subscriptions_of(enterprises: Enterprises) -> Scope[SubscriptionId]:
    """Return the subscriptions at shops of *enterprises*."""
    return Linked(lambda snapshot: snapshot.shops_of_subscriptions, Link.SOLD_BY, enterprises)


EDITABLE_SUBSCRIPTIONS: Final = subscriptions_of(MANAGED)

# ---------------------------------------------------------------- what belongs to an enterprise

HELD_FEES: Final[Scope[FeeId]] = Linked(lambda snapshot: snapshot.enterprises_of_fees, Link.OWNED_BY, HELD)
HELD_TAG_RULES: Final[Scope[str]] = Linked(lambda snapshot: snapshot.enterprises_of_tag_rules, Link.OWNED_BY, HELD)
MANAGED_CUSTOMERS: Final[Scope[CustomerId]] = Linked(
    lambda snapshot: snapshot.enterprises_of_customers, Link.OWNED_BY, MANAGED
)
HELD_PAYMENT_METHODS: Final[Scope[PaymentMethodId]] = Linked(
    lambda snapshot: snapshot.shops_of_payment_methods, Link.OFFERED_BY, HELD
)
HELD_SHIPPING_METHODS: Final[Scope[ShippingMethodId]] = Linked(
    lambda snapshot: snapshot.shops_of_shipping_methods, Link.OFFERED_BY, HELD
)
#: The actor as a customer of somebody.
OWN_ACCOUNTS: Final[Scope[CustomerId]] = Linked(
    lambda snapshot: snapshot.accounts_of_customers, Link.IS_ACCOUNT_OF, ACTOR
)
#: Grants that an enterprise of the actor gave or got: both sides may end one.
OWN_GRANTS: Final = Linked[GrantId, EnterpriseId](lambda snapshot: snapshot.grantors, Link.GIVEN_BY, MANAGED) | Linked[
    GrantId, EnterpriseId
](lambda snapshot: snapshot.grantees, Link.GIVEN_TO, MANAGED)

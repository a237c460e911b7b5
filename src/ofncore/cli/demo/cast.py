"""Who takes part in the demo, and in whose name."""

from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import CustomerId, EnterpriseId, UserId
from ofncore.model.customer import Customer
from ofncore.model.enterprise import Enterprise
from ofncore.model.methods import DisplayOn, PaymentKind, PaymentMethod, ShippingMethod
from ofncore.model.world import World


class Cast:
    """The people of a world."""

    def __init__(self, world: World) -> None:
        self._users: Final = {each.id: each for each in world.users}
        self._enterprises: Final = {each.id: each for each in world.enterprises}
        self._customers: Final = {each.id: each for each in world.customers}
        self._shipping: Final = world.shipping_methods
        self._payment: Final = world.payment_methods
        subscribed = {each.customer for each in world.subscriptions}
        self.shops: Final = tuple(sorted(each.id for each in world.enterprises if each.is_shop))
        #: Those who write mails, and so order on the web, by shop; with and without a standing order.
        self.shoppers: Final = {shop: self._of(shop, by_mail=True) for shop in self.shops}
        #: Those who do not, by shop; they telephone, or come by.
        self.callers: Final = {shop: self._of(shop, by_mail=False) for shop in self.shops}
        self.subscribed: Final = frozenset(subscribed)

    def staff(self, enterprise: EnterpriseId) -> Actor:
        """Return the manager who acts for *enterprise*."""
        return Actor.user(self._enterprises[enterprise].managers[0])

    def buyer(self, customer: CustomerId) -> Actor:
        """Return a customer as actor: by account, or by secret link."""
        found = self._customers[customer]
        return Actor.customer(customer) if found.user is None else Actor.user(found.user)

    def customer(self, key: CustomerId) -> Customer:
        """Return a customer."""
        return self._customers[key]

    def enterprise(self, key: EnterpriseId) -> Enterprise:
        """Return an enterprise."""
        return self._enterprises[key]

    def name_of(self, actor: Actor) -> str:
        """Return what people call *actor*."""
        user = self._users.get(UserId(actor.id))
        customer = self._customers.get(CustomerId(actor.id))
        return user.name if user else customer.name if customer else str(actor)

    def shipping_methods(self, shop: EnterpriseId) -> tuple[ShippingMethod, ...]:
        """Return the ways from *shop* to its customers, those for everybody."""
        return tuple(each for each in self._shipping if shop in each.distributors and each.display_on is DisplayOn.BOTH)

    def payment_method(self, shop: EnterpriseId, kind: PaymentKind) -> PaymentMethod:
        """Return the first way of *kind* to pay at *shop* that everybody may pick."""
        return next(
            each
            for each in self._payment
            if shop in each.distributors and each.kind is kind and each.display_on is DisplayOn.BOTH
        )

    def _of(self, shop: EnterpriseId, *, by_mail: bool) -> tuple[CustomerId, ...]:
        mine = (each for each in self._customers.values() if each.enterprise == shop)
        return tuple(sorted(each.id for each in mine if (each.email is not None) is by_mail))

"""A world: everything a network of enterprises has agreed on; and its state: what came of it."""

import attrs

from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import Event
from ofncore.model.fee import EnterpriseFee, TaxCategory, TaxRate, TaxZone
from ofncore.model.grant import PermissionGrant
from ofncore.model.message import Message
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import Order
from ofncore.model.payment import Payment
from ofncore.model.product import Product, Variant
from ofncore.model.stock import StockItem, StockMovement
from ofncore.model.subscription import ProxyOrder, Schedule, Subscription
from ofncore.model.user import User
from ofncore.model.voucher import Voucher


@attrs.frozen(kw_only=True)
class World:
    """What a world file describes. References between its parts are ids."""

    #: For people.
    name: str
    users: tuple[User, ...] = ()
    enterprises: tuple[Enterprise, ...] = ()
    grants: tuple[PermissionGrant, ...] = ()
    customers: tuple[Customer, ...] = ()
    tax_categories: tuple[TaxCategory, ...] = ()
    tax_zones: tuple[TaxZone, ...] = ()
    tax_rates: tuple[TaxRate, ...] = ()
    products: tuple[Product, ...] = ()
    variants: tuple[Variant, ...] = ()
    stock: tuple[StockItem, ...] = ()
    fees: tuple[EnterpriseFee, ...] = ()
    vouchers: tuple[Voucher, ...] = ()
    shipping_methods: tuple[ShippingMethod, ...] = ()
    payment_methods: tuple[PaymentMethod, ...] = ()
    order_cycles: tuple[OrderCycle, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()


@attrs.frozen(kw_only=True)
class State(World):
    """A world and all that happened in it."""

    orders: tuple[Order, ...] = ()
    proxy_orders: tuple[ProxyOrder, ...] = ()
    payments: tuple[Payment, ...] = ()
    stock_movements: tuple[StockMovement, ...] = ()
    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()

"""The kinds of records and their tables."""

from typing import Final

from ofncore.adapters.sql import schema
from ofncore.adapters.sql.mapping import RecordMapping
from ofncore.kernel.ids import joined_id
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
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


def stock_key(counted: StockItem | StockMovement) -> str:
    """Return the id of the item that is counted or moved: made of variant and hub."""
    return joined_id(counted.variant) if counted.hub is None else joined_id(counted.variant, counted.hub)


USERS: Final = RecordMapping("user", User, schema.users)
ENTERPRISES: Final = RecordMapping(
    "enterprise",
    Enterprise,
    schema.enterprises,
    {
        "managers": schema.enterprise_managers,
        "shop.fee_waivers": schema.enterprise_fee_waivers,
        "shop.fee_waivers.customer_tags": schema.fee_waiver_customer_tags,
        "shop.fee_waivers.fee_tags": schema.fee_waiver_fee_tags,
    },
)
GRANTS: Final = RecordMapping(
    "grant",
    PermissionGrant,
    schema.grants,
    {"permissions": schema.grant_permissions},
    enterprises=(schema.grants.c.grantor, schema.grants.c.grantee),
)
CUSTOMERS: Final = RecordMapping(
    "customer",
    Customer,
    schema.customers,
    {"tags": schema.customer_tags, "consents": schema.customer_consents},
    enterprises=(schema.customers.c.enterprise,),
)
TAX_CATEGORIES: Final = RecordMapping("tax category", TaxCategory, schema.tax_categories)
TAX_ZONES: Final = RecordMapping("tax zone", TaxZone, schema.tax_zones, {"members": schema.tax_zone_members})
TAX_RATES: Final = RecordMapping("tax rate", TaxRate, schema.tax_rates)
PRODUCTS: Final = RecordMapping("product", Product, schema.products)
VARIANTS: Final = RecordMapping(
    "variant",
    Variant,
    schema.variants,
    {"tags": schema.variant_tags},
    enterprises=(schema.variants.c.supplier,),
)
FEES: Final = RecordMapping(
    "fee",
    EnterpriseFee,
    schema.fees,
    {"tags": schema.fee_tags, "only_for": schema.fee_only_for, "never_for": schema.fee_never_for},
    enterprises=(schema.fees.c.enterprise,),
)
VOUCHERS: Final = RecordMapping("voucher", Voucher, schema.vouchers, unique=(("enterprise", "code"),))
SHIPPING_METHODS: Final = RecordMapping(
    "shipping method",
    ShippingMethod,
    schema.shipping_methods,
    {"distributors": schema.shipping_method_distributors, "tags": schema.shipping_method_tags},
    enterprises=(schema.shipping_method_distributors.c.distributor,),
)
PAYMENT_METHODS: Final = RecordMapping(
    "payment method",
    PaymentMethod,
    schema.payment_methods,
    {"distributors": schema.payment_method_distributors, "tags": schema.payment_method_tags},
    enterprises=(schema.payment_method_distributors.c.distributor,),
)
ORDER_CYCLES: Final = RecordMapping(
    "order cycle",
    OrderCycle,
    schema.order_cycles,
    {
        "coordinator_fees": schema.order_cycle_coordinator_fees,
        "incoming": schema.incoming_exchanges,
        "incoming.variants": schema.incoming_exchange_variants,
        "incoming.fees": schema.incoming_exchange_fees,
        "outgoing": schema.outgoing_exchanges,
        "outgoing.variants": schema.outgoing_exchange_variants,
        "outgoing.fees": schema.outgoing_exchange_fees,
        "outgoing.tags": schema.outgoing_exchange_tags,
        "payment_methods": schema.order_cycle_payment_methods,
        "shipping_methods": schema.order_cycle_shipping_methods,
    },
    enterprises=(
        schema.order_cycles.c.coordinator,
        schema.incoming_exchanges.c.supplier,
        schema.outgoing_exchanges.c.distributor,
    ),
)
SCHEDULES: Final = RecordMapping("schedule", Schedule, schema.schedules, {"order_cycles": schema.schedule_order_cycles})
SUBSCRIPTIONS: Final = RecordMapping(
    "subscription",
    Subscription,
    schema.subscriptions,
    {"lines": schema.subscription_lines},
    enterprises=(schema.subscriptions.c.shop,),
)
PROXY_ORDERS: Final = RecordMapping("proxy order", ProxyOrder, schema.proxy_orders, unique=(("order",),))
ORDERS: Final = RecordMapping(
    "order",
    Order,
    schema.orders,
    {
        "lines": schema.order_lines,
        "lines.fees": schema.order_line_fees,
        "lines.fees.taxes": schema.order_line_fee_taxes,
        "lines.taxes": schema.order_line_taxes,
        "fees": schema.order_fees,
        "fees.taxes": schema.order_fee_taxes,
        "shipping.taxes": schema.order_shipping_taxes,
        "adjustments": schema.order_adjustments,
        "adjustments.taxes": schema.order_adjustment_taxes,
        "discounts": schema.order_discounts,
    },
    unique=(("code",),),
    enterprises=(schema.orders.c.distributor, schema.order_lines.c.supplier),
)
PAYMENTS: Final = RecordMapping("payment", Payment, schema.payments)
STOCK_ITEMS: Final = RecordMapping("stock item", StockItem, schema.stock_items, key_of=stock_key)
STOCK_MOVEMENTS: Final = RecordMapping("stock movement", StockMovement, schema.stock_movements)
MESSAGES: Final = RecordMapping("message", Message, schema.messages)

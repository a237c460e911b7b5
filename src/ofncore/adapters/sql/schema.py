"""The tables.

Money is a whole number of minor units (``*_minor``) with its currency (``*_currency``). Instants are in UTC. A value
that holds a list (the lines of an order, the managers of an enterprise) has a table for it, whose key is that of its
owner and a `position` from 0. References are checked at the end of the transaction, so records may be written in any
order.

Where a column is not named as the field of the value it keeps, its `key` is: `customer_id` has the key `customer`.
"""

import enum
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from ofncore.adapters.sql.types import (
    ActorText,
    Choice,
    Currency,
    ExactDecimal,
    ExactRatio,
    PlainText,
    UtcDateTime,
    Whole,
)
from ofncore.kernel.policies import RoundingPolicy
from ofncore.model.customer import Consent
from ofncore.model.enterprise import Sells, TaxAddress
from ofncore.model.fee import ChargedPer, FeeBase, FeeRole, FeeType
from ofncore.model.grant import Permission
from ofncore.model.message import MessageKind, MessageState
from ofncore.model.methods import DisplayOn, PaymentKind
from ofncore.model.order import Channel, OrderState
from ofncore.model.payment import PaymentPurpose, PaymentState
from ofncore.model.product import Measure
from ofncore.model.stock import StockCause
from ofncore.model.subscription import ProxyOutcome
from ofncore.model.voucher import VoucherKind

#: Changes whenever a table does; a database of another version is refused.
SCHEMA_VERSION: Final = "3"

#: All tables, for hosts that keep their own migrations.
metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# ---------------------------------------------------------------- kinds of columns


def _id() -> Column[Any]:
    return Column("id", PlainText, primary_key=True)


def _text(name: str, *, key: str | None = None, optional: bool = False) -> Column[Any]:
    return Column(name, Text, key=key or name, nullable=optional)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _instant(name: str, *, optional: bool = True) -> Column[Any]:
    return Column(name, UtcDateTime, nullable=optional)


def _whole(name: str, check: str | None = None) -> Column[Any]:
    checks = [] if check is None else [CheckConstraint(f"{name} {check}", name=name)]
    return Column(name, Whole, *checks, nullable=False)


def _version() -> Column[Any]:
    return _whole("version", ">= 1")


def _actor(name: str) -> Column[Any]:
    return Column(name, ActorText, nullable=False)


def _choice(name: str, choices: type[enum.StrEnum], *, optional: bool = False) -> Column[Any]:
    allowed = ", ".join(f"'{each.value}'" for each in choices)
    return Column(name, Choice(choices), CheckConstraint(f"{name} IN ({allowed})", name=name), nullable=optional)


def _money(name: str) -> tuple[Column[Any], Column[Any]]:
    currency = f"{name}_currency"
    return (
        Column(f"{name}_minor", Whole, nullable=False),
        Column(currency, Currency, CheckConstraint(f"length({currency}) = 3", name=currency), nullable=False),
    )


def _decimal(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, ExactDecimal, nullable=optional)


def _ratio(name: str) -> Column[Any]:
    return Column(name, ExactRatio, nullable=False)


def _calculator(owner: str = "", *, optional: bool = False) -> tuple[Column[Any], Column[Any]]:
    """Kind and settings, a JSON object, of a fee calculator."""
    kind, settings = f"{owner}calculator_kind", f"{owner}calculator_settings"
    return _text(kind, optional=optional), _text(settings, optional=optional)


def _tag_list(owner: Table, name: str, key: str) -> Table:
    """The tags of one kind of record, with a position."""
    return Table(f"ofncore_{name}", metadata, *_keys(key, "position"), _text("tag"), _part_of(owner, key))


def _address(name: str) -> tuple[Column[Any], ...]:
    return tuple(_text(f"{name}_{part}") for part in ("street", "postcode", "city", "country", "state"))


def _reference(field: str, table: str, *, optional: bool = False) -> Column[Any]:
    return Column(
        f"{field}_id",
        PlainText,
        ForeignKey(f"ofncore_{table}.id", deferrable=True, initially="DEFERRED"),
        key=field,
        nullable=optional,
    )


def _keys(owner: str, *positions: str) -> tuple[Column[Any], ...]:
    """Key of a list: the id of the owner, then positions from the outermost list to this one."""
    return (
        Column(owner, PlainText, primary_key=True),
        *(
            Column(name, Integer, CheckConstraint(f"{name} >= 0", name=name), primary_key=True, autoincrement=False)
            for name in positions
        ),
    )


def _part_of(owner: Table, *columns: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        columns, list(owner.primary_key.columns), ondelete="CASCADE", deferrable=True, initially="DEFERRED"
    )


# ---------------------------------------------------------------- the installation

#: One row: the version of this schema.
meta = Table("ofncore_meta", metadata, Column("name", Text, primary_key=True), _text("text"))

settings = Table("ofncore_settings", metadata, Column("name", PlainText, primary_key=True), _text("text"))


# ---------------------------------------------------------------- people and enterprises

users = Table(
    "ofncore_users",
    metadata,
    _id(),
    _text("name"),
    _text("email"),
    _flag("is_admin"),
    _text("locale"),
)

enterprises = Table(
    "ofncore_enterprises",
    metadata,
    _id(),
    _text("name"),
    _reference("owner", "users"),
    _flag("is_producer"),
    _choice("sells", Sells),
    Column("currency", Currency, nullable=False),
    _text("time_zone"),
    _text("locale"),
    _text("order_code_prefix", optional=True),
    _text("email", optional=True),
    _text("phone", optional=True),
    *_address("address"),
    _flag("charges_sales_tax"),
    _flag("shop_subscriptions_enabled"),
    _whole("shop_late_placement_days", ">= 0"),
    _flag("shop_customers_may_change_orders"),
    _flag("shop_producers_may_change_orders"),
    _flag("shop_show_customer_names_to_suppliers"),
    _flag("shop_show_customer_contacts_to_suppliers"),
    _choice("shop_rounding", RoundingPolicy),
    _choice("shop_tax_address", TaxAddress),
    _flag("shop_empty_orders_pay_fees"),
)
Index(None, enterprises.c.owner)

enterprise_managers = Table(
    "ofncore_enterprise_managers",
    metadata,
    *_keys("enterprise_id", "position"),
    _reference("user", "users"),
    _part_of(enterprises, "enterprise_id"),
)
Index(None, enterprise_managers.c.user)

enterprise_fee_waivers = Table(
    "ofncore_enterprise_fee_waivers",
    metadata,
    *_keys("enterprise_id", "position"),
    _part_of(enterprises, "enterprise_id"),
)


def _waiver_tags(of: str) -> Table:
    return Table(
        f"ofncore_enterprise_fee_waiver_{of}_tags",
        metadata,
        *_keys("enterprise_id", "waiver_position", "position"),
        _text("tag"),
        _part_of(enterprise_fee_waivers, "enterprise_id", "waiver_position"),
    )


fee_waiver_customer_tags = _waiver_tags("customer")
fee_waiver_fee_tags = _waiver_tags("fee")

grants = Table(
    "ofncore_grants",
    metadata,
    _id(),
    _reference("grantor", "enterprises"),
    _reference("grantee", "enterprises"),
)
Index(None, grants.c.grantor)
Index(None, grants.c.grantee)

grant_permissions = Table(
    "ofncore_grant_permissions",
    metadata,
    *_keys("grant_id", "position"),
    _choice("permission", Permission),
    _part_of(grants, "grant_id"),
)

customers = Table(
    "ofncore_customers",
    metadata,
    _id(),
    _reference("enterprise", "enterprises"),
    _text("first_name"),
    _text("last_name"),
    _text("email", optional=True),
    _text("phone", optional=True),
    _reference("user", "users", optional=True),
    _text("locale"),
    *_address("address"),
    _text("saved_card", optional=True),
)
Index(None, customers.c.enterprise)
Index(None, customers.c.user)

customer_tags = Table(
    "ofncore_customer_tags",
    metadata,
    *_keys("customer_id", "position"),
    _text("tag"),
    _part_of(customers, "customer_id"),
)

customer_consents = Table(
    "ofncore_customer_consents",
    metadata,
    *_keys("customer_id", "position"),
    _choice("consent", Consent),
    _part_of(customers, "customer_id"),
)


# ---------------------------------------------------------------- goods, taxes, fees and methods

tax_categories = Table("ofncore_tax_categories", metadata, _id(), _text("name"), _flag("is_default"))

tax_zones = Table("ofncore_tax_zones", metadata, _id(), _text("name"), _flag("is_default"))

tax_zone_members = Table(
    "ofncore_tax_zone_members",
    metadata,
    *_keys("tax_zone_id", "position"),
    _text("country"),
    _text("state"),
    _part_of(tax_zones, "tax_zone_id"),
)

tax_rates = Table(
    "ofncore_tax_rates",
    metadata,
    _id(),
    _text("name"),
    _reference("tax_category", "tax_categories"),
    _decimal("amount"),
    _flag("included_in_price"),
    _reference("zone", "tax_zones", optional=True),
    _flag("shows_percentage"),
    _instant("valid_from"),
    _instant("valid_until"),
)

products = Table("ofncore_products", metadata, _id(), _text("name"), _text("description"))

variants = Table(
    "ofncore_variants",
    metadata,
    _id(),
    _reference("product", "products"),
    _reference("supplier", "enterprises"),
    _text("name"),
    *_money("price"),
    _choice("measure", Measure),
    _decimal("unit_value"),
    _text("unit_name"),
    _decimal("weight_kg", optional=True),
    _reference("tax_category", "tax_categories", optional=True),
    _text("sku"),
    _flag("deleted"),
)
Index(None, variants.c.product)
Index(None, variants.c.supplier)

variant_tags = Table(
    "ofncore_variant_tags",
    metadata,
    *_keys("variant_id", "position"),
    _text("tag"),
    _part_of(variants, "variant_id"),
)

fees = Table(
    "ofncore_fees",
    metadata,
    _id(),
    _reference("enterprise", "enterprises"),
    _text("name"),
    _choice("fee_type", FeeType),
    *_calculator(),
    _reference("tax_category", "tax_categories", optional=True),
    _flag("inherits_tax_category"),
    _choice("base", FeeBase),
    _choice("charged_per", ChargedPer),
    _decimal("at_least", optional=True),
    _decimal("at_most", optional=True),
    _instant("valid_from"),
    _instant("valid_until"),
    _flag("deleted"),
    CheckConstraint("NOT (inherits_tax_category AND tax_category_id IS NOT NULL)", name="one_tax_category"),
)
Index(None, fees.c.enterprise)

fee_tags = _tag_list(fees, "fee_tags", "fee_id")
fee_only_for = _tag_list(fees, "fee_only_for", "fee_id")
fee_never_for = _tag_list(fees, "fee_never_for", "fee_id")

vouchers = Table(
    "ofncore_vouchers",
    metadata,
    _id(),
    _reference("enterprise", "enterprises"),
    _text("code"),
    _choice("kind", VoucherKind),
    _decimal("value"),
    _flag("deleted"),
    # Also the index by which a code is found; its first column is that of the enterprise.
    UniqueConstraint("enterprise", "code"),
)

shipping_methods = Table(
    "ofncore_shipping_methods",
    metadata,
    _id(),
    _text("name"),
    *_calculator(),
    _reference("tax_category", "tax_categories", optional=True),
    _choice("display_on", DisplayOn),
    _flag("is_delivery"),
    *_address("place"),
)

shipping_method_distributors = Table(
    "ofncore_shipping_method_distributors",
    metadata,
    *_keys("shipping_method_id", "position"),
    _reference("distributor", "enterprises"),
    _part_of(shipping_methods, "shipping_method_id"),
)
Index(None, shipping_method_distributors.c.distributor)

shipping_method_tags = Table(
    "ofncore_shipping_method_tags",
    metadata,
    *_keys("shipping_method_id", "position"),
    _text("tag"),
    _part_of(shipping_methods, "shipping_method_id"),
)

payment_methods = Table(
    "ofncore_payment_methods",
    metadata,
    _id(),
    _text("name"),
    _choice("kind", PaymentKind),
    *_calculator(),
    _choice("display_on", DisplayOn),
    _flag("active"),
)

payment_method_distributors = Table(
    "ofncore_payment_method_distributors",
    metadata,
    *_keys("payment_method_id", "position"),
    _reference("distributor", "enterprises"),
    _part_of(payment_methods, "payment_method_id"),
)
Index(None, payment_method_distributors.c.distributor)

payment_method_tags = Table(
    "ofncore_payment_method_tags",
    metadata,
    *_keys("payment_method_id", "position"),
    _text("tag"),
    _part_of(payment_methods, "payment_method_id"),
)


# ---------------------------------------------------------------- order cycles and schedules

order_cycles = Table(
    "ofncore_order_cycles",
    metadata,
    _id(),
    _text("name"),
    _reference("coordinator", "enterprises"),
    _instant("orders_open_at"),
    _instant("orders_close_at"),
    _flag("automatic_notifications"),
    _instant("opened_at"),
    _instant("closed_at"),
    _instant("producers_notified_at"),
    _instant("settled_at"),
    _version(),
    CheckConstraint("orders_close_at > orders_open_at", name="closes_after_opening"),
)
Index(None, order_cycles.c.coordinator)
# What is due is found however much has been done before.
Index(
    "ix_ofncore_order_cycles_waiting_to_open",
    order_cycles.c.orders_open_at,
    sqlite_where=order_cycles.c.opened_at.is_(None),
    postgresql_where=order_cycles.c.opened_at.is_(None),
)
Index(
    "ix_ofncore_order_cycles_waiting_to_close",
    order_cycles.c.orders_close_at,
    sqlite_where=order_cycles.c.closed_at.is_(None),
    postgresql_where=order_cycles.c.closed_at.is_(None),
)
Index(
    "ix_ofncore_order_cycles_unsettled",
    order_cycles.c.id,
    sqlite_where=order_cycles.c.settled_at.is_(None),
    postgresql_where=order_cycles.c.settled_at.is_(None),
)

order_cycle_coordinator_fees = Table(
    "ofncore_order_cycle_coordinator_fees",
    metadata,
    *_keys("order_cycle_id", "position"),
    _reference("fee", "fees"),
    _part_of(order_cycles, "order_cycle_id"),
)

order_cycle_payment_methods = Table(
    "ofncore_order_cycle_payment_methods",
    metadata,
    *_keys("order_cycle_id", "position"),
    _reference("shop", "enterprises"),
    _reference("method", "payment_methods"),
    _part_of(order_cycles, "order_cycle_id"),
)

order_cycle_shipping_methods = Table(
    "ofncore_order_cycle_shipping_methods",
    metadata,
    *_keys("order_cycle_id", "position"),
    _reference("shop", "enterprises"),
    _reference("method", "shipping_methods"),
    _part_of(order_cycles, "order_cycle_id"),
)

incoming_exchanges = Table(
    "ofncore_incoming_exchanges",
    metadata,
    *_keys("order_cycle_id", "position"),
    _reference("supplier", "enterprises"),
    _text("receival_instructions"),
    _part_of(order_cycles, "order_cycle_id"),
)
Index(None, incoming_exchanges.c.supplier)

incoming_exchange_variants = Table(
    "ofncore_incoming_exchange_variants",
    metadata,
    *_keys("order_cycle_id", "exchange_position", "position"),
    _reference("variant", "variants"),
    _part_of(incoming_exchanges, "order_cycle_id", "exchange_position"),
)

incoming_exchange_fees = Table(
    "ofncore_incoming_exchange_fees",
    metadata,
    *_keys("order_cycle_id", "exchange_position", "position"),
    _reference("fee", "fees"),
    _part_of(incoming_exchanges, "order_cycle_id", "exchange_position"),
)

outgoing_exchanges = Table(
    "ofncore_outgoing_exchanges",
    metadata,
    *_keys("order_cycle_id", "position"),
    _reference("distributor", "enterprises"),
    _text("ready_for"),
    _text("pickup_instructions"),
    _part_of(order_cycles, "order_cycle_id"),
)
Index(None, outgoing_exchanges.c.distributor)

outgoing_exchange_variants = Table(
    "ofncore_outgoing_exchange_variants",
    metadata,
    *_keys("order_cycle_id", "exchange_position", "position"),
    _reference("variant", "variants"),
    _part_of(outgoing_exchanges, "order_cycle_id", "exchange_position"),
)

outgoing_exchange_fees = Table(
    "ofncore_outgoing_exchange_fees",
    metadata,
    *_keys("order_cycle_id", "exchange_position", "position"),
    _reference("fee", "fees"),
    _part_of(outgoing_exchanges, "order_cycle_id", "exchange_position"),
)

outgoing_exchange_tags = Table(
    "ofncore_outgoing_exchange_tags",
    metadata,
    *_keys("order_cycle_id", "exchange_position", "position"),
    _text("tag"),
    _part_of(outgoing_exchanges, "order_cycle_id", "exchange_position"),
)

schedules = Table("ofncore_schedules", metadata, _id(), _text("name"))

schedule_order_cycles = Table(
    "ofncore_schedule_order_cycles",
    metadata,
    *_keys("schedule_id", "position"),
    _reference("order_cycle", "order_cycles"),
    _part_of(schedules, "schedule_id"),
)
Index(None, schedule_order_cycles.c.order_cycle)


# ---------------------------------------------------------------- subscriptions

subscriptions = Table(
    "ofncore_subscriptions",
    metadata,
    _id(),
    _reference("shop", "enterprises"),
    _reference("customer", "customers"),
    _reference("schedule", "schedules"),
    _reference("shipping_method", "shipping_methods"),
    _reference("payment_method", "payment_methods"),
    _instant("begins_at", optional=False),
    _instant("ends_at"),
    _instant("paused_at"),
    _instant("cancelled_at"),
    _version(),
)
Index(None, subscriptions.c.shop)
Index(None, subscriptions.c.schedule)

subscription_lines = Table(
    "ofncore_subscription_lines",
    metadata,
    *_keys("subscription_id", "position"),
    _reference("variant", "variants"),
    _whole("quantity", ">= 0"),
    _part_of(subscriptions, "subscription_id"),
)


# ---------------------------------------------------------------- orders

orders = Table(
    "ofncore_orders",
    metadata,
    _id(),
    Column("code", PlainText, nullable=False),
    _choice("state", OrderState),
    _reference("customer", "customers"),
    _reference("distributor", "enterprises"),
    _reference("order_cycle", "order_cycles"),
    Column("currency", Currency, nullable=False),
    _reference("shipping_method", "shipping_methods"),
    _text("shipping_name"),
    *_money("shipping_amount"),
    _reference("shipping_tax_category", "tax_categories", optional=True),
    *_calculator("shipping_", optional=True),
    _ratio("shipping_remainder"),
    _reference("payment_method", "payment_methods"),
    _text("payment_name"),
    *_money("payment_amount"),
    *_calculator("payment_", optional=True),
    _ratio("payment_remainder"),
    _reference("tax_zone", "tax_zones", optional=True),
    _choice("rounding", RoundingPolicy),
    _text("profile"),
    _choice("channel", Channel),
    _actor("placed_by"),
    _instant("placed_at", optional=False),
    _reference("subscription", "subscriptions", optional=True),
    _text("comment"),
    _text("override_reason", optional=True),
    _instant("cancelled_at"),
    _instant("late_at"),
    _instant("repriced_at"),
    _version(),
    UniqueConstraint("code"),
)
Index(None, orders.c.customer)
Index(None, orders.c.distributor)
Index(None, orders.c.placed_by)
Index(None, orders.c.order_cycle)

order_lines = Table(
    "ofncore_order_lines",
    metadata,
    *_keys("order_id", "position"),
    _reference("variant", "variants"),
    _reference("supplier", "enterprises"),
    _text("product_name"),
    _text("variant_name"),
    _whole("quantity", ">= 0"),
    _whole("wanted"),
    *_money("price"),
    _decimal("final_weight", optional=True),
    _reference("tax_category", "tax_categories", optional=True),
    _part_of(orders, "order_id"),
)
Index(None, order_lines.c.supplier)


def _fee_charge() -> tuple[Column[Any], ...]:
    return (
        _reference("fee", "fees"),
        _text("name"),
        _choice("fee_type", FeeType),
        _choice("role", FeeRole),
        _reference("enterprise", "enterprises"),
        _reference("exchange", "enterprises", optional=True),
        _reference("supplier", "enterprises", optional=True),
        *_money("amount"),
        _reference("tax_category", "tax_categories", optional=True),
        *_calculator(optional=True),
        _choice("base", FeeBase),
        _decimal("at_least", optional=True),
        _decimal("at_most", optional=True),
        _ratio("remainder"),
    )


def _tax_charge() -> tuple[Column[Any], ...]:
    return _reference("rate", "tax_rates"), _text("name"), *_money("amount"), _flag("included"), _ratio("remainder")


order_line_fees = Table(
    "ofncore_order_line_fees",
    metadata,
    *_keys("order_id", "line_position", "position"),
    *_fee_charge(),
    _part_of(order_lines, "order_id", "line_position"),
)

order_line_fee_taxes = Table(
    "ofncore_order_line_fee_taxes",
    metadata,
    *_keys("order_id", "line_position", "fee_position", "position"),
    *_tax_charge(),
    _part_of(order_line_fees, "order_id", "line_position", "fee_position"),
)

order_line_taxes = Table(
    "ofncore_order_line_taxes",
    metadata,
    *_keys("order_id", "line_position", "position"),
    *_tax_charge(),
    _part_of(order_lines, "order_id", "line_position"),
)

order_fees = Table(
    "ofncore_order_fees",
    metadata,
    *_keys("order_id", "position"),
    *_fee_charge(),
    _part_of(orders, "order_id"),
)

order_fee_taxes = Table(
    "ofncore_order_fee_taxes",
    metadata,
    *_keys("order_id", "fee_position", "position"),
    *_tax_charge(),
    _part_of(order_fees, "order_id", "fee_position"),
)

order_shipping_taxes = Table(
    "ofncore_order_shipping_taxes",
    metadata,
    *_keys("order_id", "position"),
    *_tax_charge(),
    _part_of(orders, "order_id"),
)

order_adjustments = Table(
    "ofncore_order_adjustments",
    metadata,
    *_keys("order_id", "position"),
    _text("id"),
    _text("label"),
    *_money("amount"),
    _reference("enterprise", "enterprises", optional=True),
    _reference("tax_category", "tax_categories", optional=True),
    _part_of(orders, "order_id"),
)

order_adjustment_taxes = Table(
    "ofncore_order_adjustment_taxes",
    metadata,
    *_keys("order_id", "adjustment_position", "position"),
    *_tax_charge(),
    _part_of(order_adjustments, "order_id", "adjustment_position"),
)

order_discounts = Table(
    "ofncore_order_discounts",
    metadata,
    *_keys("order_id", "position"),
    _text("code"),
    _ratio("rate"),
    *_money("amount"),
    *_money("included_tax"),
    _flag("is_tax_part"),
    _part_of(orders, "order_id"),
)

proxy_orders = Table(
    "ofncore_proxy_orders",
    metadata,
    _id(),
    _reference("subscription", "subscriptions"),
    _reference("order_cycle", "order_cycles"),
    _reference("order", "orders", optional=True),
    _choice("outcome", ProxyOutcome, optional=True),
    _text("reason", optional=True),
    _instant("placed_at"),
    _instant("confirmed_at"),
    _instant("cancelled_at"),
    _instant("late_at"),
    _version(),
    UniqueConstraint("subscription", "order_cycle"),
    UniqueConstraint("order"),
)
Index(None, proxy_orders.c.order_cycle)


# ---------------------------------------------------------------- money, stock, messages, events

payments = Table(
    "ofncore_payments",
    metadata,
    _id(),
    _reference("order", "orders"),
    _reference("method", "payment_methods"),
    _choice("purpose", PaymentPurpose),
    *_money("amount"),
    _choice("state", PaymentState),
    _flag("through_gateway"),
    _whole("attempt"),
    _actor("actor"),
    _instant("at", optional=False),
    _reference("refund_of", "payments", optional=True),
    _text("gateway_reference", optional=True),
    _text("reason", optional=True),
    _instant("late_at"),
    _version(),
)
Index(None, payments.c.order)
Index(None, payments.c.state)

#: Counted stock. The id is made of variant and hub; `on_hand` is `opening` plus the movements.
stock_items = Table(
    "ofncore_stock_items",
    metadata,
    _id(),
    _reference("variant", "variants"),
    _reference("hub", "enterprises", optional=True),
    _whole("on_hand"),
    _flag("on_demand"),
    _whole("opening"),
    UniqueConstraint("variant", "hub"),
)
# A unique key does not hold for rows without a hub: no NULL equals another.
Index(
    "uq_ofncore_stock_items_producer",
    stock_items.c.variant,
    unique=True,
    sqlite_where=stock_items.c.hub.is_(None),
    postgresql_where=stock_items.c.hub.is_(None),
)

stock_movements = Table(
    "ofncore_stock_movements",
    metadata,
    _id(),
    _reference("variant", "variants"),
    _reference("hub", "enterprises", optional=True),
    _whole("delta"),
    _choice("cause", StockCause),
    _reference("order", "orders", optional=True),
    _actor("actor"),
    _instant("at", optional=False),
    _instant("late_at"),
)

messages = Table(
    "ofncore_messages",
    metadata,
    _id(),
    _choice("kind", MessageKind),
    _text("about"),
    _text("recipient"),
    _text("occasion"),
    _text("mail_to", key="to", optional=True),
    _text("reply_to", optional=True),
    _text("locale"),
    _text("subject"),
    _text("body"),
    _instant("at", optional=False),
    _choice("state", MessageState),
    _text("reason", optional=True),
    _whole("attempts", ">= 0"),
    _instant("next_try_at"),
    _instant("late_at"),
)
Index(None, messages.c.state, messages.c.at, messages.c.id)

#: Append-only. `payload` is the whole event, a JSON object.
events = Table(
    "ofncore_events",
    metadata,
    _id(),
    _text("kind"),
    _text("subject"),
    _text("occasion"),
    _instant("at", optional=False),
    _instant("late_at"),
    _text("payload"),
)
Index(None, events.c.at, events.c.id)

"""Screens and reports: what opens at all, whatever is then to be seen on it."""

from enum import StrEnum


class Screen(StrEnum):
    """Parts of a back office, and the making of something new (PERM-8)."""

    ENTERPRISES = "enterprises"
    FEES = "fees"
    GRANTS = "grants"
    PRODUCTS = "products"
    ORDER_CYCLES = "order_cycles"
    SCHEDULES = "schedules"
    ORDERS = "orders"
    ORDERS_IN_BULK = "orders_in_bulk"
    PAYMENT_METHODS = "payment_methods"
    SHIPPING_METHODS = "shipping_methods"
    CUSTOMERS = "customers"
    SUBSCRIPTIONS = "subscriptions"
    REPORTS = "reports"
    NEW_ENTERPRISE = "new_enterprise"
    NEW_PRODUCT = "new_product"
    NEW_ORDER_CYCLE = "new_order_cycle"
    NEW_ORDER = "new_order"


class Report(StrEnum):
    """Reports; what is in one always follows from the rules of orders (PERM-7)."""

    CUSTOMERS = "customers"
    ORDERS_AND_DISTRIBUTORS = "orders_and_distributors"
    GROUP_BUYS = "group_buys"
    PAYMENTS = "payments"
    ORDERS_AND_FULFILLMENT = "orders_and_fulfillment"
    PRODUCTS_AND_INVENTORY = "products_and_inventory"
    ORDER_CYCLE_MANAGEMENT = "order_cycle_management"
    ENTERPRISE_FEE_SUMMARY = "enterprise_fee_summary"
    BULK_COOP = "bulk_coop"
    PACKING = "packing"
    SUPPLIERS = "suppliers"
    SALES_TAX = "sales_tax"
    XERO_INVOICES = "xero_invoices"
    REVENUES_BY_HUB = "revenues_by_hub"
    USERS_AND_ENTERPRISES = "users_and_enterprises"

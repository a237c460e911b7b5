"""What may be asked for. What is not listed here cannot be asked, so it is never allowed.

Which action goes with which kind of thing, and who may do it, is said in `ofncore.permissions.rules.book`.
"""

from enum import StrEnum


class CycleAction(StrEnum):
    """Changes to one order cycle (PERM-5)."""

    #: Name, dates, automatic notification; who may, also replaces what all shops chose of methods.
    EDIT_ATTRIBUTES = "edit_attributes"
    EDIT_COORDINATOR_FEES = "edit_coordinator_fees"
    #: Which suppliers and distributors take part.
    EDIT_PARTICIPANTS = "edit_participants"
    #: What a supplier brings.
    EDIT_INCOMING_VARIANTS = "edit_incoming_variants"
    EDIT_INCOMING_FEES = "edit_incoming_fees"
    EDIT_RECEIVAL_INSTRUCTIONS = "edit_receival_instructions"
    #: What a distributor sells: its whole list.
    EDIT_OUTGOING_VARIANTS = "edit_outgoing_variants"
    #: A distributor's ready-for text, pick-up instructions, fees and tags.
    EDIT_OUTGOING_TERMS = "edit_outgoing_terms"
    NOTIFY_PRODUCERS = "notify_producers"


class CycleAccess(StrEnum):
    """What of one order cycle is seen, listed, offered (PERM-3, PERM-4, PERM-8)."""

    #: See that it is there, in a list.
    LIST = "list_cycle"
    #: Open it, and see in it what one may see.
    SEE = "see_cycle"
    #: Duplicate, delete and change many at once.
    MANAGE = "manage_cycle"
    #: See an enterprise in it.
    SEE_ENTERPRISE = "see_enterprise_in_cycle"
    #: Be offered an enterprise as one more supplier, or distributor.
    PICK_SUPPLIER = "pick_supplier"
    PICK_DISTRIBUTOR = "pick_distributor"
    #: See the part of a supplier, or of a distributor.
    SEE_EXCHANGE = "see_exchange"
    #: See a variant in the part of a supplier or distributor, if it is in it.
    SEE_VARIANT = "see_listed_variant"
    #: Choose the shipping and payment methods of a distributor for it.
    CHOOSE_METHODS = "choose_methods"


class OrderAction(StrEnum):
    """Acts on one order (PERM-8, ORD-6)."""

    #: Place an order for a customer.
    TAKE = "take"
    CHANGE = "change"
    CANCEL = "cancel"
    RECORD_PAYMENT = "record_payment"
    #: Tell what its lines really weigh.
    WEIGH = "weigh"
    #: Set amounts on it by hand.
    ADJUST = "adjust"
    #: Price it by other terms than it was placed by.
    REPRICE = "reprice"


class OrderAccess(StrEnum):
    """What of one order is seen, and which screens it opens on (PERM-7, PERM-8)."""

    #: See that it is there, in a list that shows every viewer their own lines of it only.
    SEE = "see_order"
    #: See it in reports.
    REPORT = "report_order"
    #: Change it, or one's own lines of it.
    EDIT = "edit_order"
    #: Open it in the back office or as its buyer.
    OPEN = "open_order"
    #: Handle all of it: customer, shipping, payments; cancel and resume it, send it again, invoice it.
    HANDLE = "handle_order"
    #: Open it to change one's own lines only.
    OPEN_AS_SUPPLIER = "open_order_as_supplier"
    #: Change it on the screen for many orders.
    OPEN_IN_BULK = "open_order_in_bulk"
    PRINT = "print_order"
    #: Cancel it as its buyer.
    CANCEL_OWN = "cancel_own_order"
    EDIT_SHIPMENT = "edit_shipment"
    DELETE_ADJUSTMENT = "delete_adjustment"


class EnterpriseAction(StrEnum):
    """Acts on one enterprise (PERM-3, PERM-8)."""

    SEE = "see_enterprise"
    #: Choose it in the filters of reports on orders.
    REPORT_ON = "report_on_enterprise"
    #: Settings, images, groups of tag rules.
    EDIT = "edit_enterprise"
    #: Owner, list of managers, what it sells.
    TRANSFER = "transfer_enterprise"
    CHOOSE_PACKAGE = "choose_package"
    #: Its pages of fees, payment and shipping methods, connected programs.
    EDIT_TERMS = "edit_enterprise_terms"
    INVITE_MANAGER = "invite_manager"
    REMOVE_MANAGER = "remove_manager"
    DELETE = "delete_enterprise"
    #: Make it the coordinator of a new cycle.
    COORDINATE = "coordinate"
    #: Change its products.
    EDIT_PRODUCTS = "edit_products_of_enterprise"
    #: Keep an inventory for it.
    KEEP_INVENTORY = "keep_inventory"
    #: Keep its goods in an inventory, with other prices and counts.
    OVERRIDE_GOODS = "override_goods"


class RecordAction(StrEnum):
    """Acts on what belongs to an enterprise (PERM-8)."""

    EDIT_FEE = "edit_fee"
    EDIT_TAG_RULE = "edit_tag_rule"
    EDIT_PAYMENT_METHOD = "edit_payment_method"
    EDIT_SHIPPING_METHOD = "edit_shipping_method"
    EDIT_SCHEDULE = "edit_schedule"
    #: Also pause, resume and cancel it, and edit its orders.
    EDIT_SUBSCRIPTION = "edit_subscription"
    #: In the list of customers; also delete it.
    SEE_CUSTOMER = "see_customer"
    EDIT_CUSTOMER = "edit_customer"
    CREDIT_CUSTOMER = "credit_customer"


class ProductAction(StrEnum):
    """Acts on products and variants (PERM-3, PERM-8)."""

    SEE = "see_product"
    #: See it on the screen for many products.
    LIST = "list_product"
    EDIT = "edit_product"
    EDIT_IN_BULK = "edit_product_in_bulk"
    EDIT_VARIANT = "edit_variant"
    #: Copy a variant into a catalogue of one's own.
    LINK_VARIANT = "link_variant"


class LineAction(StrEnum):
    """Acts on one line of an order (PERM-7, PERM-8)."""

    SEE = "see_line"
    EDIT = "edit_line"
    #: What the screens of orders ask before a line is made, changed, taken away.
    ADD = "add_line"
    OPEN = "open_line"
    REMOVE = "remove_line"
    #: See who bought it, and how to reach them.
    SEE_BUYER_NAME = "see_buyer_name"
    SEE_BUYER_CONTACT = "see_buyer_contact"
    SEE_BUYER_ADDRESS = "see_buyer_address"


class ScreenAction(StrEnum):
    """Acts on what is not one record (PERM-8)."""

    OPEN = "open_screen"
    RUN = "run_report"


class GrantAction(StrEnum):
    """Acts on what one enterprise allows another (PERM-6)."""

    #: Allow somebody something in the name of an enterprise.
    GRANT = "grant"
    #: Take back what was granted, or give it up.
    WITHDRAW = "withdraw"


#: Everything that may be asked for.
Action = (
    CycleAction
    | CycleAccess
    | OrderAction
    | OrderAccess
    | EnterpriseAction
    | RecordAction
    | ProductAction
    | LineAction
    | ScreenAction
    | GrantAction
)

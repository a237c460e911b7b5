"""The codes of problems. Each has a text in every catalogue under ``locale``.

The comment above a code names its parameters.
"""

from enum import StrEnum


class Code(StrEnum):
    """Why something is refused, or is not as asked for."""

    # Anything named by id. Parameters: kind, id.
    UNKNOWN_RECORD = "record.unknown"

    # Something is loaded already. Parameters: name (of the world).
    WORLD_EXISTS = "world.exists"

    # What would allow it. Parameters: action, enterprises (names of which one must be managed).
    NEEDS_MANAGER = "permission.needs_manager"
    # The owner alone may do it. Parameters: action, enterprises (names of which one must be owned).
    NEEDS_OWNER = "permission.needs_owner"
    # Neither managing nor owning one more enterprise would do. Parameters: action.
    NOT_ALLOWED = "permission.not_allowed"
    # Parameters: grantor, grantee, permission.
    NEEDS_GRANT = "permission.needs_grant"
    # A pair has one grant at most (PERM-1). Parameters: grantor, grantee.
    GRANT_EXISTS = "permission.grant_exists"

    # Order cycles. Parameters: at.
    CYCLE_CLOSED = "cycle.closed"
    # Parameters: at.
    CYCLE_UPCOMING = "cycle.upcoming"
    CYCLE_UNDATED = "cycle.undated"
    NAME_BLANK = "cycle.name_blank"
    # Parameters: enterprise.
    NOT_A_SHOP = "cycle.not_a_shop"
    # A coordinator that is no hub, so nobody else has a part in its cycles (PERM-G3). Parameters: enterprise.
    NOT_A_HUB = "cycle.not_a_hub"
    # A coordinator that sells nothing (PERM-G4). Parameters: enterprise.
    CANNOT_COORDINATE = "cycle.cannot_coordinate"
    # A shop that cannot be selected (PERM-G12). Parameters: enterprise.
    NO_PAYMENT_METHOD = "cycle.no_payment_method"
    # Parameters: enterprise.
    NO_SHIPPING_METHOD = "cycle.no_shipping_method"
    # Goods of somebody who is no producer, for the list of another shop (PERM-4). Parameters: enterprise.
    NOT_A_PRODUCER = "cycle.not_a_producer"
    # Parameters: enterprise.
    NOT_A_PARTICIPANT = "cycle.not_a_participant"
    # Somebody else's goods among what a supplier brings. Parameters: variant, enterprise.
    NOT_OF_SUPPLIER = "cycle.not_of_supplier"
    # Parameters: distributor.
    NOT_DISTRIBUTOR = "cycle.not_distributor"
    # A method that a cycle cannot offer in a shop (PERM-5.4). Parameters: method, distributor.
    METHOD_NOT_SELECTABLE = "cycle.method_not_selectable"
    # Parameters: opens, closes.
    CLOSES_BEFORE_OPENING = "cycle.closes_before_opening"
    # Automatic notification of a cycle without an end in sight (CYC-14.10).
    ENDLESS_CYCLE = "cycle.endless"
    # A new cycle under an id that is taken. Parameters: id.
    CYCLE_EXISTS = "cycle.exists"
    # Parameters: variant.
    VARIANT_NOT_INCOMING = "cycle.variant_not_incoming"
    # A cycle in which something was ordered cannot be deleted (CYC-12). Parameters: orders (how many, cancelled ones
    # and standing ones included).
    CYCLE_HAS_ORDERS = "cycle.has_orders"
    # A cycle of a schedule cannot be deleted (CYC-12). Parameters: schedules (names).
    CYCLE_SCHEDULED = "cycle.scheduled"

    # Orders.
    ORDER_EMPTY = "order.empty"
    # Parameters: found.
    BAD_QUANTITY = "order.bad_quantity"
    # Parameters: variant.
    DUPLICATE_LINE = "order.duplicate_line"
    # Parameters: variant.
    NOT_DISTRIBUTED = "order.not_distributed"
    # Parameters: variant, wanted, available.
    INSUFFICIENT_STOCK = "order.insufficient_stock"
    # Parameters: customer, distributor.
    CUSTOMER_OF_OTHER_SHOP = "order.customer_of_other_shop"
    # Parameters: method, distributor.
    METHOD_NOT_OFFERED = "order.method_not_offered"
    # The request key was used for another request. Parameters: key.
    KEY_REUSED = "order.key_reused"
    # Parameters: state.
    NOT_CHANGEABLE = "order.not_changeable"
    # Parameters: variant.
    NO_SUCH_LINE = "order.no_such_line"
    # Parameters: variant.
    ONLY_LESS = "order.only_less"
    LAST_LINE = "order.last_line"
    # An amount to be paid, or to be set by hand, in another currency than the order. Parameters: found, expected.
    WRONG_CURRENCY = "order.wrong_currency"
    # A final weight that is no number of zero or more (FEE-3). Parameters: found.
    BAD_WEIGHT = "order.bad_weight"
    # More than a hundred times what was ordered, or less than a hundredth (ORD-L6). Parameters: variant, found,
    # ordered.
    UNLIKELY_WEIGHT = "order.unlikely_weight"
    # The shop does not let customers change placed orders. Parameters: distributor.
    CHANGES_NOT_ALLOWED = "order.changes_not_allowed"
    # A supplier asks, and the shop lets none change its orders. Parameters: distributor.
    PRODUCER_CHANGES_NOT_ALLOWED = "order.producer_changes_not_allowed"
    # Warnings about an order placed against a rule. Parameters: producer, at.
    SUMMARY_ALREADY_SENT = "order.summary_already_sent"
    # The reason for the override is missing.
    OVERRIDE_NEEDS_REASON = "order.override_needs_reason"

    # A setting of a fee that is kept in another way than it was typed. Parameters: found, kept.
    SETTING_CHANGED = "fee.setting_changed"
    # A margin that is all of the sale price or more (FEE-14). Parameters: found.
    MARGIN_TOO_HIGH = "fee.margin_too_high"
    # A tier that begins no later than the one before (FEE-14). Parameters: found, before.
    TIERS_NOT_ASCENDING = "fee.tiers_not_ascending"
    # No tiers as "0:10%;100:8%+2.50" (FEE-14). Parameters: found.
    BAD_TIERS = "fee.bad_tiers"

    # A cost that nobody can bear (FEE-14). Parameters: label, shared_by.
    NOTHING_TO_SHARE = "cost.nothing_to_share"
    # An invoice for what nobody has (FEE-14). Parameters: goods, supplier.
    INVOICED_NOT_ORDERED = "invoice.not_ordered"
    # An invoice of somebody nobody ordered anything from (FEE-14). Parameters: supplier.
    NOTHING_OF_SUPPLIER = "invoice.nothing_of_supplier"
    # Another invoice of the supplier left amounts beside the prices of the same goods (FEE-14). Parameters: key (of the
    # other), supplier.
    INVOICED_ALREADY = "invoice.already"

    # Payments.
    PAYMENT_NOT_DUE = "payment.not_due"
    # A payment is under way, or awaits the customer. Parameters: amount.
    PAYMENT_OPEN = "payment.open"
    # Parameters: amount, outstanding.
    PAYMENT_TOO_LARGE = "payment.too_large"
    NOTHING_TO_REFUND = "payment.nothing_to_refund"
    # Parameters: method.
    PAID_BY_HAND = "payment.paid_by_hand"
    # Parameters: customer.
    NO_CONSENT = "payment.no_consent"
    # Parameters: customer.
    NO_CARD = "payment.no_card"
    # Parameters: reason (the gateway's own word).
    CHARGE_REFUSED = "payment.charge_refused"
    CHARGE_NEEDS_CUSTOMER = "payment.charge_needs_customer"

    # Subscriptions: why one was not placed as asked.
    NOTHING_AVAILABLE = "subscription.nothing_available"
    PLACED_SHORT = "subscription.placed_short"
    MISSED = "subscription.missed"

    # Documents: text that is no document. Parameters: byte (counted from 1).
    NOT_UTF8 = "document.not_utf8"
    # Parameters: line, column.
    NOT_JSON = "document.not_json"
    # Lists and objects nested without end.
    TOO_DEEP = "document.too_deep"
    # One key twice in one object. Parameters: key.
    DUPLICATE_KEY = "document.duplicate_key"
    # Parameters: found (NaN, Infinity or -Infinity).
    NOT_FINITE = "document.not_finite"
    # Parameters: found, accepted (list).
    WRONG_FORMAT = "document.wrong_format"
    # Parameters: found, accepted (list).
    WRONG_VERSION = "document.wrong_version"

    # Documents: keys. Parameters: key, accepted (list).
    UNKNOWN_KEY = "document.unknown_key"
    # Parameters: key, meant (the accepted key that is nearest), accepted (list).
    MISSPELT_KEY = "document.misspelt_key"
    # Parameters: key.
    MISSING_KEY = "document.missing_key"

    # Documents: values of another type than needed. Parameters of each: found.
    NOT_OBJECT = "document.not_object"
    NOT_LIST = "document.not_list"
    NOT_TEXT = "document.not_text"
    NOT_WHOLE_NUMBER = "document.not_whole_number"
    NOT_TRUE_OR_FALSE = "document.not_true_or_false"
    # A number where a decimal is written as text, such as "12.50".
    NUMBER_NOT_TEXT = "document.number_not_text"

    # Documents: values of the right type. Text that is no decimal such as "12.50". Parameters: found.
    BAD_DECIMAL = "document.bad_decimal"
    # More decimals than the currency has. Parameters: found, currency, decimals.
    TOO_FINE = "document.too_fine"
    # More decimals than can be charged exactly, or than are kept. Parameters: found, decimals.
    TOO_MANY_DECIMALS = "document.too_many_decimals"
    # No currency code of ISO 4217. Parameters: found.
    BAD_CURRENCY = "document.bad_currency"
    # No name in the IANA time zone database. Parameters: found.
    BAD_TIME_ZONE = "document.bad_time_zone"
    # No language such as "fr" or "ca_ES". Parameters: found.
    BAD_LOCALE = "document.bad_locale"
    # No country code of two capital letters. Parameters: found.
    BAD_COUNTRY = "document.bad_country"
    # No instant such as "2026-03-05T18:00:00Z". Parameters: found.
    BAD_INSTANT = "document.bad_instant"
    # An instant without a time zone. Parameters: found.
    NAIVE_INSTANT = "document.naive_instant"
    # No actor such as "user:amelie", "customer:c17" or "engine". Parameters: found.
    BAD_ACTOR = "document.bad_actor"
    # No length of time such as "PT3600S". Parameters: found.
    BAD_DURATION = "document.bad_duration"
    # Text with a NUL character or half a surrogate pair. Parameters: found.
    BAD_TEXT = "document.bad_text"
    # Parameters: length, lowest, highest (numbers of characters).
    BAD_LENGTH = "document.bad_length"
    # Parameters: found, lowest, highest.
    NUMBER_OUT_OF_RANGE = "document.number_out_of_range"
    # Parameters: found.
    NOT_ABOVE_ZERO = "document.not_above_zero"
    # Parameters: found.
    BELOW_ZERO = "document.below_zero"
    # A tax rate that is no fraction from 0 to 1, such as 0.055 for 5.5 %. Parameters: found.
    NOT_A_FRACTION = "document.not_a_fraction"
    # Parameters: found, accepted (list).
    NOT_ACCEPTED = "document.not_accepted"
    # Refused by the class itself, which says why in English. Parameters: reason.
    REFUSED_VALUE = "document.refused_value"

    # Documents: records that do not fit together. Parameters: id, list (the path where it should be).
    UNKNOWN_REFERENCE = "document.unknown_reference"
    # Parameters: id, list (the path where it should be), meant (the id that is nearest).
    MISSPELT_REFERENCE = "document.misspelt_reference"
    # Parameters: id, first (path of the first).
    DUPLICATE_ID = "document.duplicate_id"
    # The same entry twice in one list. Parameters: id, first (path of the first).
    DUPLICATE_ENTRY = "document.duplicate_entry"
    # Two counts of one item. Parameters: variant, first (path of the first).
    DUPLICATE_STOCK = "document.duplicate_stock"
    # Two grants for one pair (PERM-1). Parameters: grantor, grantee, first (path of the first).
    DUPLICATE_GRANT = "document.duplicate_grant"
    # Parameters: enterprise.
    GRANT_TO_SELF = "document.grant_to_self"
    # Two permissions that exclude each other (PERM-1). Parameters: permission, other.
    EXCLUSIVE_PERMISSIONS = "document.exclusive_permissions"
    # A shop without the prefix of its order codes (ORD-K1). Parameters: enterprise.
    MISSING_PREFIX = "document.missing_prefix"
    # No 2 to 5 symbols of Crockford's alphabet (ORD-K1). Parameters: found, accepted (the alphabet).
    BAD_PREFIX = "document.bad_prefix"
    # Parameters: prefix, first (path of the first).
    DUPLICATE_PREFIX = "document.duplicate_prefix"
    # One prefix begins another (ORD-K6a). Parameters: prefix, other (the longer one), first (path of the other).
    PREFIX_BEGINS_ANOTHER = "document.prefix_begins_another"
    # Two exchanges of one enterprise in one direction (CYC-1). Parameters: enterprise, first (path of the first).
    DUPLICATE_EXCHANGE = "document.duplicate_exchange"
    # Parameters: found, expected.
    OTHER_CURRENCY = "document.other_currency"
    # A fee with a tax category of its own that inherits the product's too (FEE-4).
    FEE_TAXED_TWICE = "document.fee_taxed_twice"
    # A fee charged per order that inherits the product's tax category (FEE-4). Parameters: calculator.
    ORDER_FEE_INHERITS_TAX = "document.order_fee_inherits_tax"
    # A subscription that ends no later than it begins (SUB-5). Parameters: begins, ends.
    ENDS_BEFORE_BEGINNING = "document.ends_before_beginning"
    # What is stated does not follow from the rest of the document. Parameters: found, expected.
    MISSTATED = "document.misstated"
    # A movement of what is not counted. Parameters: variant.
    NOT_COUNTED = "document.not_counted"
    # Two orders with one code (ORD-K4). Parameters: found, first (path of the first).
    DUPLICATE_CODE = "document.duplicate_code"
    # Two proxy orders with one order (SUB-17.1). Parameters: order, first (path of the first).
    SHARED_ORDER = "document.shared_order"
    # The order of a proxy order is of another subscription or cycle. Parameters: order.
    FOREIGN_ORDER = "document.foreign_order"
    # A payment that goes the wrong way for its purpose. Parameters: found, purpose.
    WRONG_SIGN = "document.wrong_sign"
    # A refund of a payment of another order. Parameters: payment.
    FOREIGN_PAYMENT = "document.foreign_payment"

    # The command line. A database that was not begun. Parameters: database, command (that creates the tables).
    DATABASE_NOT_READY = "database.not_ready"
    # A database into which nothing was loaded. Parameters: database, command (that loads a world).
    DATABASE_EMPTY = "database.empty"
    # A database of something else. Parameters: database.
    DATABASE_FOREIGN = "database.foreign"
    # Somebody else writes, and does not end. Parameters: database.
    DATABASE_BUSY = "database.busy"
    # Parameters: database, reason (its own words).
    DATABASE_UNUSABLE = "database.unusable"
    # A file or folder that cannot be read or written. Parameters: file, reason (the system's own words).
    FILE_UNUSABLE = "file.unusable"
    # One part of a tick that failed while the rest was done. Parameters: subject (kind and id), reason (its own words).
    WORK_UNFINISHED = "work.unfinished"
    # Parameters: module, package (that has it).
    MODULE_MISSING = "module.missing"

    # Tax. A rate included in prices while no zone is the default (FEE-8). Parameters: rate.
    TAX_INCLUDED_NOWHERE = "tax.included_nowhere"

    # Documents: taxes, fees and vouchers. Two tax zones, or two tax categories, that are the default (FEE-8).
    # Parameters: first (path of the first).
    SECOND_DEFAULT = "document.second_default"
    # A fee that is at least more than it is at most. Parameters: at_least, at_most.
    LIMITS_CROSSED = "document.limits_crossed"
    # A fee or a tax rate that ends no later than it begins. Parameters: begins, ends.
    VALIDITY_EMPTY = "document.validity_empty"
    # Two vouchers of one shop with one code (FEE-10). Parameters: found, first (path of the first).
    DUPLICATE_VOUCHER = "document.duplicate_voucher"

    # Vouchers. The shop has none with this code, or withdrew it (FEE-10). Parameters: voucher, distributor.
    UNKNOWN_VOUCHER = "voucher.unknown"

    # Enterprises. The name is blank.
    ENTERPRISE_UNNAMED = "enterprise.unnamed"
    # The owner of an enterprise, who goes on managing it (PERM-1). Parameters: enterprise, user (names).
    OWNER_MANAGES = "enterprise.owner_manages"
    # The only one who manages an enterprise (PERM-1). Parameters: enterprise, user (names).
    LAST_MANAGER = "enterprise.last_manager"
    # It takes part in cycles that are not closed as what it would no longer be (CYC-1). Parameters: enterprise, cycles
    # (names).
    STILL_SELLS = "enterprise.still_sells"
    # Order codes begin with the prefix that it has (ORD-K1). Parameters: enterprise (name), prefix.
    HAS_PREFIX = "enterprise.has_prefix"
    # A fee on a whole cycle whose owner has no part in the cycle (PERM-10). Parameters: fee (id), enterprise (name).
    FEE_OF_OUTSIDER = "cycle.fee_of_outsider"
    # A role or grant that is to come and to go at once.
    ADDED_AND_REMOVED = "role.added_and_removed"

"""What may be asked for. What is not listed here cannot be asked, so it is never allowed."""

from enum import StrEnum


class CycleAction(StrEnum):
    """Changes to one order cycle (PERM-5)."""

    #: Name, dates, automatic notification, chosen methods.
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


class OrderAction(StrEnum):
    """Acts on one order (PERM-8, ORD-6)."""

    #: Place an order for a customer.
    TAKE = "take"
    CHANGE = "change"
    CANCEL = "cancel"
    RECORD_PAYMENT = "record_payment"

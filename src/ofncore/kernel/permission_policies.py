"""Policies of permissions: where Open Food Network and the specification answer "who may?" in different ways.

Source:
    PERM-10.
"""

from enum import StrEnum


class DistributorKind(StrEnum):
    """Which visible enterprises are offered as distributors of a cycle (PERM-4, PERM-G11, code `distributor-kind`)."""

    #: All that sell: hubs and producer shops.
    SHOPS = "shops"
    #: Hubs only.
    HUBS = "hubs"


class UnsetCoordinator(StrEnum):
    """Whether an enterprise that never chose what it sells may coordinate (PERM-G4, code `unset-coordinator`)."""

    REFUSED = "refused"
    OFFERED = "offered"


class OrdersKept(StrEnum):
    """Whether a supplier sees orders of its goods whatever is granted today (PERM-7, PERM-G19, code `orders-kept`)."""

    #: Always, its own lines only.
    ALWAYS = "always"
    #: As long as it is a producer and the grant holds.
    GRANTED = "granted"


class CarriedGoods(StrEnum):
    """Whom a hub keeps seeing because of what it carries (PERM-4 L5, code `variant-level`)."""

    #: The suppliers of the live variants it carries.
    VARIANTS = "variants"
    #: The suppliers of all live variants of the products it carries any variant of.
    PRODUCTS = "products"


class OrderScreens(StrEnum):
    """What line creation and the screen for many orders ask of a manager of a shop (PERM-8, code `row-level`)."""

    #: The right to the one line or order that is meant.
    ROWS = "rows"
    #: The right to open the screen, for whatever it is called with.
    SCREENS = "screens"


class OrphanOrders(StrEnum):
    """Who may handle an order without a distributor (PERM-8, code `orphan-orders`)."""

    #: Whoever made it, and administrators.
    CREATOR = "creator"
    #: Every manager of a shop.
    SHOPS = "shops"

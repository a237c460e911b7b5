"""What an enterprise counts as, and whom it knows.

Source:
    PERM-1, and the names of its kinds.
"""

from collections.abc import Set as AbstractSet
from enum import StrEnum

from ofncore.kernel.ids import EnterpriseId
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.permissions.relations import Relations


class EnterpriseKind(StrEnum):
    """The kinds that people speak of."""

    PRODUCER_HUB = "producer_hub"
    PRODUCER_SHOP = "producer_shop"
    PRODUCER = "producer"
    HUB = "hub"
    HUB_PROFILE = "hub_profile"


_PRODUCERS = {
    Sells.ANY: EnterpriseKind.PRODUCER_HUB,
    Sells.OWN: EnterpriseKind.PRODUCER_SHOP,
    Sells.NONE: EnterpriseKind.PRODUCER,
}
_OTHERS = {Sells.ANY: EnterpriseKind.HUB, Sells.OWN: EnterpriseKind.HUB, Sells.NONE: EnterpriseKind.HUB_PROFILE}


def kind_of(enterprise: Enterprise) -> EnterpriseKind | None:
    """Return the kind of *enterprise*; None as long as it has not chosen what it sells."""
    return (_PRODUCERS if enterprise.is_producer else _OTHERS).get(enterprise.sells)


def is_activated(enterprise: Enterprise) -> bool:
    """Whether *enterprise* has chosen what it sells, be it nothing."""
    return enterprise.sells is not Sells.UNSPECIFIED


def is_distributor(enterprise: Enterprise) -> bool:
    """Whether *enterprise* never said that it sells nothing: one that has not chosen counts."""
    return enterprise.sells is not Sells.NONE


def relatives_of(enterprise: EnterpriseId, relations: Relations) -> AbstractSet[EnterpriseId]:
    """Return who granted something to *enterprise* or was granted something by it, and itself."""
    return relations.partners_of(enterprise) | {enterprise}

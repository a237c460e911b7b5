"""The facts that a decision rests on.

Roles and grants are facts that people can change; the rest tells what things are. A set of roles and grants can be
added to a `Snapshot` to see what it would allow (`Snapshot.with_facts`).
"""

from enum import StrEnum

import attrs

from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.model.grant import Permission


def _as_permission(value: Permission | str) -> Permission:
    # Facts are made for every yes; to ask the enumeration takes longer than all the rest.
    return value if isinstance(value, Permission) else Permission(value)


@attrs.frozen
class AdminFact:
    """*user* is an administrator."""

    user: UserId


@attrs.frozen
class ManagesFact:
    """*user* manages *enterprise*."""

    user: UserId
    enterprise: EnterpriseId


@attrs.frozen
class OwnsFact:
    """*user* owns *enterprise*."""

    user: UserId
    enterprise: EnterpriseId


@attrs.frozen
class GrantFact:
    """*grantor* granted *permission* to *grantee*.

    Raises:
        ValueError: there is no such permission.
    """

    grantor: EnterpriseId
    grantee: EnterpriseId
    #: A permission, or its text.
    permission: Permission = attrs.field(converter=_as_permission)


class Kind(StrEnum):
    """What an enterprise is (PERM-1)."""

    PRODUCER = "producer"
    #: It sells the goods of others too.
    HUB = "hub"
    #: It sells its own goods, or others' too.
    SHOP = "shop"
    #: It never said that it sells nothing: a shop, or one that has not chosen yet.
    NOT_CLOSED = "not_closed"
    #: A producer that sells nothing itself.
    PLAIN_PRODUCER = "plain_producer"
    #: More than a mere profile: it grows something, or never said that it sells nothing.
    NO_PROFILE = "no_profile"


@attrs.frozen
class KindFact:
    """*enterprise* is of *kind*."""

    enterprise: EnterpriseId
    kind: Kind


class Setting(StrEnum):
    """A switch of a shop that opens something to others."""

    PRODUCERS_MAY_CHANGE_ORDERS = "producers_may_change_orders"
    CUSTOMERS_MAY_CHANGE_ORDERS = "customers_may_change_orders"
    SHOW_CUSTOMER_NAMES = "show_customer_names_to_suppliers"
    SHOW_CUSTOMER_CONTACTS = "show_customer_contacts_to_suppliers"


@attrs.frozen
class SettingFact:
    """*setting* of *enterprise* is on."""

    enterprise: EnterpriseId
    setting: Setting


class Link(StrEnum):
    """How one thing belongs to another."""

    COORDINATES = "coordinates"
    SUPPLIES = "supplies"
    DISTRIBUTES = "distributes"
    COORDINATED_BY = "coordinated_by"
    SUPPLIED_BY = "supplied_by"
    DISTRIBUTED_BY = "distributed_by"
    #: Its goods are in the list of a distributor.
    CARRIED_BY = "carried_by"
    #: The owner of a record: of a fee, a customer, a tag rule, a variant.
    OWNED_BY = "owned_by"
    SOLD_BY = "sold_by"
    ORDERED_IN = "ordered_in"
    HOLDS_ORDER = "holds_order"
    #: An order holds goods of an enterprise.
    HOLDS_GOODS_OF = "holds_goods_of"
    HOLDS = "holds"
    BOUGHT_BY = "bought_by"
    MADE_BY = "made_by"
    OFFERED_BY = "offered_by"
    #: A customer whose account it is.
    IS_ACCOUNT_OF = "is_account_of"
    #: A grant and its two sides.
    GIVEN_BY = "given_by"
    GIVEN_TO = "given_to"


@attrs.frozen
class LinkFact:
    """*one* is linked to *other*, such as an order to the shop it is sold by."""

    one: str
    link: Link
    other: str


#: What a decision may rest on.
Fact = AdminFact | ManagesFact | OwnsFact | GrantFact | KindFact | SettingFact | LinkFact
#: Facts that people can change to change what is allowed.
Role = AdminFact | ManagesFact | OwnsFact | GrantFact
Facts = tuple[Fact, ...]

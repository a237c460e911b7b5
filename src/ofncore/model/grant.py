"""Grants between enterprises (in Open Food Network: enterprise relationships)."""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, GrantId


class Permission(StrEnum):
    """What one enterprise may allow another (PERM-1)."""

    ADD_TO_ORDER_CYCLE = "add_to_order_cycle"
    MANAGE_PRODUCTS = "manage_products"
    EDIT_PROFILE = "edit_profile"
    CREATE_VARIANT_OVERRIDES = "create_variant_overrides"
    CREATE_LINKED_VARIANTS = "create_linked_variants"


def _distinct(names: Iterable[Permission]) -> tuple[Permission, ...]:
    return tuple(sorted(set(names)))


@attrs.frozen(kw_only=True)
class PermissionGrant:
    """The *grantor* allows the *grantee* some permissions. Never symmetric, never passed on (PERM-1)."""

    id: GrantId
    grantor: EnterpriseId
    grantee: EnterpriseId
    permissions: tuple[Permission, ...] = attrs.field(
        converter=_distinct, validator=attrs.validators.deep_iterable(choice_of(Permission))
    )

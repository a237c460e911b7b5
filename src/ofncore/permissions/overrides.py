"""What a change of a grant does to prices and stock that hubs keep for goods of others.

Source:
    PERM-6.
"""

from collections.abc import Iterable

import attrs

from ofncore.kernel.ids import EnterpriseId, VariantId
from ofncore.model.grant import Permission
from ofncore.permissions.goods import Goods
from ofncore.permissions.granting import GrantPlan


@attrs.frozen(kw_only=True)
class OverrideFacts:
    """That *hub* keeps its own price or stock of *variant*."""

    id: str
    hub: EnterpriseId
    variant: VariantId
    #: Out of use, because the supplier does not allow it any more.
    is_revoked: bool = False


@attrs.frozen(kw_only=True)
class OverrideChanges:
    """Which overrides go out of use, and which come back; by id, sorted."""

    revoked: tuple[str, ...]
    revived: tuple[str, ...]


def override_changes(plan: GrantPlan, overrides: Iterable[OverrideFacts], goods: Goods) -> OverrideChanges:
    """Return what becomes of the grantee's *overrides* of the grantor's live goods.

    They are in use as long as the grant as it will be allows it, whatever it was before.
    """
    concerned = [
        each
        for each in overrides
        if each.hub == plan.grantee and plan.grantor in goods.suppliers_of_live.rights_of(each.variant)
    ]
    allowed = plan.after is not None and Permission.CREATE_VARIANT_OVERRIDES in plan.after.permissions
    changed = tuple(sorted(each.id for each in concerned if each.is_revoked is allowed))
    return OverrideChanges(revoked=() if allowed else changed, revived=changed if allowed else ())

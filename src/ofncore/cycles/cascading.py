"""What leaves the lists of distributors because it does not come in any more.

Source:
    CYC-12, PERM-5.3 step 10, PERM-10 (`cascade`).
"""

from collections.abc import Set as AbstractSet

import attrs

from ofncore.kernel.edit_policies import UntickedGoods
from ofncore.kernel.ids import VariantId
from ofncore.kernel.policies import Profile
from ofncore.model.cycle import OutgoingExchange


def gone_with_supplier(
    goods: AbstractSet[VariantId], brought: AbstractSet[VariantId], profile: Profile
) -> AbstractSet[VariantId]:
    """Return what of the *goods* of an exchange that is removed leaves the lists, while others bring *brought*."""
    # Where unticked goods stay on sale, a whole exchange still takes all it held with it.
    return goods - brought if profile.unticked_goods is UntickedGoods.LEAVE_LISTS else goods


def without(exchange: OutgoingExchange, gone: AbstractSet[VariantId]) -> OutgoingExchange:
    """Return *exchange* without what is *gone*."""
    return attrs.evolve(exchange, variants=tuple(each for each in exchange.variants if each not in gone))

"""Variants and their suppliers, indexed."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from ofncore.kernel.ids import EnterpriseId, ProductId, VariantId
from ofncore.model.product import Variant
from ofncore.permissions.pairs import Pairs


@attrs.frozen(slots=False, eq=False)
class Goods:
    """The known variants."""

    variants: Mapping[VariantId, Variant]

    @cached_property
    def suppliers_of_live(self) -> Pairs[VariantId, EnterpriseId]:
        """Each variant that is not deleted, with its supplier."""
        return Pairs.of((each.id, each.supplier) for each in self.variants.values() if not each.deleted)

    @cached_property
    def suppliers_of_products(self) -> Pairs[ProductId, EnterpriseId]:
        """Each product with the suppliers of its live variants; a product may have several."""
        return Pairs.of((each.product, each.supplier) for each in self.variants.values() if not each.deleted)

    def live_among(self, variants: Iterable[VariantId]) -> frozenset[VariantId]:
        """Return which of *variants* are known and not deleted."""
        return frozenset(each for each in variants if self.is_live(each))

    def is_live(self, variant: VariantId) -> bool:
        """Whether *variant* is known and not deleted."""
        found = self.variants.get(variant)
        return found is not None and not found.deleted

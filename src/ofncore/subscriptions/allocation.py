"""Who gets what there is, when there is not enough.

Source:
    SUB-K6, SUB-18 d15, SUB-19 (5).
"""

from collections.abc import Mapping, Sequence

import attrs

from ofncore.kernel.ids import VariantId


@attrs.frozen
class Want:
    """So much of one variant, wanted by one party."""

    party: str
    variant: VariantId
    quantity: int = attrs.field(validator=attrs.validators.ge(0))


@attrs.frozen(kw_only=True)
class Allocation:
    """What each want was given, in the order of the wants."""

    wants: tuple[Want, ...]
    given: tuple[int, ...]

    @property
    def unmet(self) -> tuple[Want, ...]:
        """What was wanted and not given."""
        short = zip(self.wants, self.given, strict=True)
        return tuple(
            attrs.evolve(want, quantity=want.quantity - given) for want, given in short if given < want.quantity
        )


def allocate_first_come(wants: Sequence[Want], available: Mapping[VariantId, int | None]) -> Allocation:
    """Serve *wants* one after the other until the stock runs out; the last served may get a part of what it wants.

    *available* tells how many there are of each variant; None means without limit, absent means none.
    """
    left = dict(available)
    given: list[int] = []
    for want in wants:
        stock = left.get(want.variant, 0)
        if stock is None:
            given.append(want.quantity)
            continue
        part = min(want.quantity, max(stock, 0))
        left[want.variant] = stock - part
        given.append(part)
    return Allocation(wants=tuple(wants), given=tuple(given))

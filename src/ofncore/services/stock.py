"""Stock that comes in, or is lost, apart from orders."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, MovementId, VariantId, joined_id
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Problem, Refusal, problem, refusal_of
from ofncore.kernel.texts import LONGEST_ID, text_problems
from ofncore.model.stock import StockCause, StockItem, StockMovement
from ofncore.permissions.relations import Relations
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_managers
from ofncore.services.recording import move_stock
from ofncore.services.wiring import Wiring

#: A larger movement of one variant is a slip of the hand.
MOST_AT_ONCE: Final = 1_000_000
#: What documents take.
MOST_ON_HAND: Final = 999_999_999


class StockService:
    """Counts what comes in, tells what is there."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def levels(self, variants: Iterable[VariantId]) -> Mapping[VariantId, StockItem]:
        """Return the stock of those of *variants* that are counted."""
        return self._wiring.run(lambda unit: unit.stock.items(variants))

    def supply(self, quantities: Mapping[VariantId, int], *, key: str, actor: Actor, now: datetime) -> Refusal | None:
        """Add *quantities* to the stock; negative ones are goods lost. For managers of the suppliers.

        *key* is chosen by the caller; a repeat with the same key adds nothing more, one with another quantity is
        refused. All or nothing.

        Returns:
            None when it is done, or a refusal with every problem.
        """
        instant = as_instant(now)
        return self._wiring.run(lambda unit: _supply(unit, quantities, key=key, actor=actor, now=instant))


def _supply(
    unit: UnitOfWork, quantities: Mapping[VariantId, int], *, key: str, actor: Actor, now: datetime
) -> Refusal | None:
    suppliers = {each.id: each.supplier for each in unit.variants.get_many(quantities)}
    relations = load_managers(unit, actor, suppliers.values())
    refused = refusal_of(
        (*text_problems("$.key", key, 1, LONGEST_ID), *_problems(quantities, suppliers, actor, relations))
    )
    if refused is not None:
        return refused
    refused = refusal_of(_ledger_problems(unit, quantities, key))
    if refused is not None:
        return refused
    movements = tuple(
        StockMovement(
            id=_movement_id(key, variant),
            variant=variant,
            delta=quantity,
            cause=StockCause.SUPPLIED if quantity > 0 else StockCause.LOST,
            actor=actor,
            at=now,
        )
        for variant, quantity in sorted(quantities.items())
        if quantity
    )
    return move_stock(unit, movements)


def _movement_id(key: str, variant: VariantId) -> MovementId:
    return MovementId(joined_id("stock", key, variant))


def _ledger_problems(unit: UnitOfWork, quantities: Mapping[VariantId, int], key: str) -> Iterator[Problem]:
    earlier = {each.id: each.delta for each in unit.stock.entered(_movement_id(key, variant) for variant in quantities)}
    items = unit.stock.items(quantities)
    for variant, quantity in quantities.items():
        path, entered = f"$.quantities.{variant}", earlier.get(_movement_id(key, variant))
        on_hand = items[variant].on_hand if variant in items else 0
        if entered is None and quantity and abs(on_hand + quantity) > max(MOST_ON_HAND, abs(on_hand)):
            yield problem(Code.BAD_QUANTITY, path, found=str(quantity))
        elif entered not in (None, quantity):
            yield problem(Code.KEY_REUSED, path, key=key)


def _problems(
    quantities: Mapping[VariantId, int],
    suppliers: Mapping[VariantId, EnterpriseId],
    actor: Actor,
    relations: Relations,
) -> Iterator[Problem]:
    for variant, quantity in quantities.items():
        path = f"$.quantities.{variant}"
        if type(quantity) is not int or abs(quantity) > MOST_AT_ONCE:
            yield problem(Code.BAD_QUANTITY, path, found=str(quantity))
        supplier = suppliers.get(variant)
        if supplier is None:
            yield problem(Code.UNKNOWN_RECORD, path, kind="variant", id=variant)
        elif not relations.manages(actor, supplier):
            names = (relations.name_of(supplier),)
            yield problem(Code.NEEDS_MANAGER, path, action="supply", enterprises=names)

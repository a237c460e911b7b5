"""The names that people know the parts of an edit by."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from ofncore.cycles.edit_words import EditIds, EditNames
from ofncore.kernel.texts import storable
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.record_names import load_variant_names


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def load_edit_names(unit: UnitOfWork, ids: EditIds) -> EditNames:
    """Return the names of what *ids* name, as far as it is known."""
    return EditNames(
        enterprises=_names(unit.enterprises.get_many(storable(ids.enterprises))),
        variants=load_variant_names(unit, storable(ids.variants)),
        fees=_names(unit.fees.get_many(storable(ids.fees))),
        schedules=_names(unit.schedules.get_many(storable(ids.schedules))),
        payment_methods=_names(unit.payment_methods.get_many(storable(ids.payment_methods))),
        shipping_methods=_names(unit.shipping_methods.get_many(storable(ids.shipping_methods))),
    )


def _names(records: Iterable[_Named]) -> Mapping[str, str]:
    return {each.id: each.name for each in records}

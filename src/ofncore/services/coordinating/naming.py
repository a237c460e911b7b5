"""The names that people know the parts of an edit by."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from ofncore.cycles.edit_words import EditIds, EditNames
from ofncore.kernel.texts import storable
from ofncore.orders.lines import full_name
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_catalogue


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def load_edit_names(unit: UnitOfWork, ids: EditIds) -> EditNames:
    """Return the names of what *ids* name, as far as it is known."""
    variants, products = load_catalogue(unit, storable(ids.variants))
    return EditNames(
        enterprises=_names(unit.enterprises.get_many(storable(ids.enterprises))),
        variants={key: full_name(each, products[each.product]) for key, each in variants.items()},
        fees=_names(unit.fees.get_many(storable(ids.fees))),
        schedules=_names(unit.schedules.get_many(storable(ids.schedules))),
        payment_methods=_names(unit.payment_methods.get_many(storable(ids.payment_methods))),
        shipping_methods=_names(unit.shipping_methods.get_many(storable(ids.shipping_methods))),
    )


def _names(records: Iterable[_Named]) -> Mapping[str, str]:
    return {each.id: each.name for each in records}

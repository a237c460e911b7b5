"""Loads what records are called, and no more of them than are asked for."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ofncore.kernel.ids import VariantId
from ofncore.orders.lines import full_name
from ofncore.permissions.telling.names import Key, Names
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_catalogue


def _name(record: Any) -> str:  # noqa: ANN401 - any record with a name
    return str(record.name)


def _code(record: Any) -> str:  # noqa: ANN401 - an order
    return str(record.code)


#: The repository of each kind of record that has a name of its own, and the name. Variants are called by their products
#: too; tag rules, grants and subscriptions by their ids.
_NAMED: Final[Mapping[str, tuple[str, Callable[[Any], str]]]] = MappingProxyType(
    {
        "user": ("users", _name),
        "enterprise": ("enterprises", _name),
        "customer": ("customers", _name),
        "product": ("products", _name),
        "order_cycle": ("order_cycles", _name),
        "order": ("orders", _code),
        "schedule": ("schedules", _name),
        "fee": ("fees", _name),
        "payment_method": ("payment_methods", _name),
        "shipping_method": ("shipping_methods", _name),
    }
)


def load_names(unit: UnitOfWork, records: Iterable[Key]) -> Names:
    """Return the names of *records*; those without one, or with an empty one, are left out."""
    ids: dict[str, set[str]] = {}
    for kind, key in records:
        ids.setdefault(kind, set()).add(key)
    found = {(kind, key): name for kind, keys in ids.items() for key, name in _names_of(unit, kind, keys)}
    return {key: name for key, name in found.items() if name}


def load_variant_names(unit: UnitOfWork, variants: Iterable[VariantId]) -> dict[VariantId, str]:
    """Return what people call each of *variants* that there is."""
    found, products = load_catalogue(unit, variants)
    return {key: full_name(each, products[each.product]) for key, each in found.items()}


def _names_of(unit: UnitOfWork, kind: str, keys: set[str]) -> Iterable[tuple[str, str]]:
    if kind == "variant":
        return load_variant_names(unit, map(VariantId, keys)).items()
    if kind not in _NAMED:
        return ()
    repository, name = _NAMED[kind]
    return [(each.id, name(each)) for each in getattr(unit, repository).get_many(keys)]

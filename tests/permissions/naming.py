"""Names of records as a host would load them, for tests of words; and networks in which every name is told apart."""

from collections.abc import Iterable
from typing import Any

import attrs

from ofncore.permissions.relations import Relations
from ofncore.permissions.snapshot import Snapshot
from ofncore.permissions.telling.names import Names


def names_of(relations: Relations, **records: Iterable[Any]) -> Names:
    """Return the names of users and enterprises, and of *records* by their kind."""
    given = {"user": relations.users.values(), "enterprise": relations.enterprises.values(), **records}
    return {(kind, each.id): each.name for kind, found in given.items() for each in found}


def all_names(network: Snapshot) -> Names:
    """Return a name for every record that may have one."""
    return names_of(
        network.relations,
        customer=network.customers.values(),
        order_cycle=network.order_cycles.values(),
        product=network.products.values(),
        schedule=network.schedules.values(),
        fee=network.fees.values(),
    )


def called(kind: str, key: str) -> str:
    """Return a name that nothing else has."""
    return f"{kind.capitalize()}-{key}-name"


def with_names(network: Snapshot) -> Snapshot:
    """Return *network* with a name of its own for everybody."""
    given = network.relations
    relations = Relations.of(
        users=[attrs.evolve(each, name=called("user", each.id)) for each in given.users.values()],
        enterprises=[attrs.evolve(each, name=called("enterprise", each.id)) for each in given.enterprises.values()],
        grants=given.grants,
    )
    customers = [
        attrs.evolve(each, first_name="", last_name=called("customer", each.id)) for each in network.customers.values()
    ]
    return attrs.evolve(network, relations=relations, customers={each.id: each for each in customers})

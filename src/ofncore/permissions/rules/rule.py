"""What a rule is."""

from collections.abc import Mapping
from typing import Any

import attrs

from ofncore.permissions.actions import Action
from ofncore.permissions.resources import WHEREABOUTS, ResourceKind
from ofncore.permissions.rules.classes import ADMIN
from ofncore.permissions.rules.scopes import Everything, Given, Scope


@attrs.frozen
class Rule:
    """Who may do one thing to which things of one kind."""

    #: The things for which it is a yes, with the reasons.
    scope: Scope[Any]
    #: Identifiers of what it implements, such as ``PERM-G18``.
    ids: tuple[str, ...]


#: Rules by kind of thing and action.
Rules = Mapping[tuple[ResourceKind, Action], Rule]


def rule(scope: Scope[Any], *ids: str) -> Rule:
    """Return a rule for everybody, administrators too, as *scope* says."""
    return Rule(scope, ids)


def matrix_rule(kind: ResourceKind, scope: Scope[Any], *ids: str) -> Rule:
    """Return a rule of the ability matrix: administrators may do it to all of *kind*, others as *scope* says."""
    everything = Everything[Any](WHEREABOUTS[kind].known)
    return Rule(Given(ADMIN, everything) | scope, ("PERM-8", *ids))

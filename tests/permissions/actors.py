"""The people and enterprises of these tests.

``hub`` coordinates, ``farm`` and ``dairy`` supply, ``hub`` and ``market`` sell. Each has one manager. Nobody granted
anything unless a test says so.
"""

from collections.abc import Iterable
from typing import Final

from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, GrantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Sells
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.permissions.relations import Relations
from ofncore.testing.worlds import enterprise, incoming, order_cycle, outgoing, producer, user

HUB, FARM, DAIRY, MARKET, ORCHARD = map(EnterpriseId, ("hub", "farm", "dairy", "market", "orchard"))

AMELIE, PAUL, BERTA, MONA = map(Actor.user, ("amelie", "paul", "berta", "mona"))
#: Manages ``orchard``, which has no part in the cycle.
OLGA: Final = Actor.user("olga")
ROOT: Final = Actor.user("root")
#: Has an account and manages nothing.
NOBODY: Final = Actor.user("nobody")

USERS: Final = (
    *(user(name) for name in ("amelie", "paul", "berta", "mona", "olga", "nobody", "owner")),
    user("root", is_admin=True),
)
ENTERPRISES: Final = (
    enterprise("hub"),
    enterprise("market", owner="mona", order_code_prefix="MRK"),
    producer("farm"),
    producer("dairy", owner="berta"),
    producer("orchard", owner="olga"),
    enterprise("absent", owner="owner", managers=(), sells=Sells.OWN, order_code_prefix="ABS"),
)

#: ``farm`` brings carrots and eggs, ``dairy`` cheese; ``hub`` sells all, ``market`` eggs.
CYCLE: Final[OrderCycle] = order_cycle(
    incoming=(incoming("farm", "carrots", "eggs"), incoming("dairy", "cheese")),
    outgoing=(outgoing("hub", "carrots", "cheese", "eggs"), outgoing("market", "eggs")),
)


def grant(grantor: str, grantee: str, *permissions: Permission) -> PermissionGrant:
    """Return a grant, by default of the right to sell the grantor's goods."""
    return PermissionGrant(
        id=GrantId(f"{grantor}-{grantee}"),
        grantor=EnterpriseId(grantor),
        grantee=EnterpriseId(grantee),
        permissions=permissions or (Permission.ADD_TO_ORDER_CYCLE,),
    )


def relations(grants: Iterable[PermissionGrant] = ()) -> Relations:
    """Return the relations of these people and enterprises."""
    return Relations.of(users=USERS, enterprises=ENTERPRISES, grants=grants)

"""The classes of actors that the ability matrix speaks of.

Source:
    PERM-8.
"""

from typing import Final

from ofncore.permissions.rules.enterprises import MANAGED, NO_PROFILE, PLAIN_PRODUCER, SHOP
from ofncore.permissions.rules.order_sets import SUPPLY_AND_EDIT
from ofncore.permissions.rules.record_sets import VISIBLE_CYCLES
from ofncore.permissions.rules.scopes import AllOf, IsAdmin, Not, OneOf, SignedIn, Some

ADMIN: Final = IsAdmin()
#: Anybody with an account.
USERS: Final = SignedIn()
#: `E`: manages an enterprise.
ENTERPRISES: Final = Some(MANAGED)
#: `Pm`: manages one that is more than a profile.
PRODUCTS: Final = Some(MANAGED & NO_PROFILE)
#: `Om`: manages one that sells.
SHOPS: Final = Some(MANAGED & SHOP)
#: `Cm`: manages one that sells, or sees a cycle.
CYCLES: Final = OneOf((SHOPS, Some(VISIBLE_CYCLES)))
#: `Lm`: manages no shop, but a plain producer, with goods in orders of a shop that lets producers change their lines.
LINES: Final = AllOf((Not(SHOPS), Some(MANAGED & PLAIN_PRODUCER), Some(SUPPLY_AND_EDIT)))

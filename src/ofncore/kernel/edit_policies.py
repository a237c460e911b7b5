"""Policies of what changes cycles and grants: who may put what where, and what a request means by leaving things out.

Source:
    PERM-10; the code of each is named with it.
"""

from enum import StrEnum


class Joining(StrEnum):
    """Who may be added to a cycle (PERM-G8, PERM-G11, codes `supplier-consent`, `distributor-consent`)."""

    #: The coordinator, and who granted it the right; as distributors only who sells at all.
    GRANTED = "granted"
    ANYBODY = "anybody"


class Selectable(StrEnum):
    """Which distributors may be added, by their methods (PERM-G12, PERM-9, code `readiness`)."""

    #: Those with a payment and a shipping method.
    READY = "ready"
    ALL = "all"


class Instructions(StrEnum):
    """Who writes delivery instructions to a supplier (PERM-G29, PERM-G32, code `delivery-instructions`)."""

    COORDINATOR = "coordinator"
    #: Whoever sees the supplier's exchange.
    ALL_WHO_SEE = "all_who_see"


class CycleFees(StrEnum):
    """Who replaces the fees of a whole cycle (PERM-G2, code `cycle-attributes`)."""

    COORDINATOR = "coordinator"
    #: Whoever may open the cycle.
    PARTICIPANTS = "participants"


class ExchangeFees(StrEnum):
    """Whose fees are put on an exchange, or taken off it (PERM-G7, PERM-G21, PERM-G27, code `own-fees`)."""

    #: Those within the reach of who does it.
    OWN = "own"
    #: Anybody's.
    ANY = "any"


class UntickedGoods(StrEnum):
    """What becomes of goods in lists that no supplier brings any more (PERM-G17, code `cascade`)."""

    LEAVE_LISTS = "leave_lists"
    STAY_ON_SALE = "stay_on_sale"


class HiddenExchanges(StrEnum):
    """What saving does to exchanges that the coordinator cannot see, being no hub (PERM-G3, `foreign-exchanges`)."""

    LEFT_ALONE = "left_alone"
    REMOVED = "removed"


class AbsentList(StrEnum):
    """What a form means that names no suppliers, or no distributors, at all (PERM-5.3, code `absent-list`)."""

    UNCHANGED = "unchanged"
    #: As an empty list, if the other list is there.
    EMPTY = "empty"


class AbsentField(StrEnum):
    """What an entry of a form means by a field that it does not name (PERM-5.3, code `absent-field`)."""

    UNCHANGED = "unchanged"
    CLEARED = "cleared"


class CoordinatorChoice(StrEnum):
    """Whom the maker of a cycle may name as its coordinator (PERM-G4, code `create-rights`)."""

    #: A shop that the maker manages.
    MANAGED = "managed"
    #: Anybody; the exchanges of somebody else's cycle are then passed over.
    ANYBODY = "anybody"


class Granting(StrEnum):
    """Who may grant something in the name of an enterprise (PERM-6, code `grant-rights`)."""

    GRANTOR = "grantor"
    #: Whoever manages any enterprise.
    ANY_MANAGER = "any_manager"


class Withdrawal(StrEnum):
    """What becomes of the grantor's goods in the grantee's cycles when the right to sell them is withdrawn (PERM-6).

    PERM-10 (withdrawal), code `withdrawal`.
    """

    #: They leave every cycle that is not closed.
    REMOVE_NOW = "remove_now"
    #: They leave cycles that are not open yet; open ones keep them until they close.
    KEEP_UNTIL_CLOSE = "keep_until_close"
    #: They stay in every cycle that has them, and come into no other: neither by an edit nor by a copy.
    BLOCK_RENEWAL = "block_renewal"
    #: They leave closed cycles too.
    REMOVE_EVERYWHERE = "remove_everywhere"

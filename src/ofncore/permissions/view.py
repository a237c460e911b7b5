"""What one actor is asked about: the facts, the profile, and where the question looks."""

from collections.abc import Set as AbstractSet
from functools import cached_property

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.errors import NotFoundError
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.model.user import User
from ofncore.permissions.cycle_index import CycleIndex
from ofncore.permissions.snapshot import Snapshot


@attrs.frozen(kw_only=True, slots=False, eq=False)
class View:
    """One actor before one snapshot. Rules that are about a cycle, or one exchange of it, look at those named here."""

    snapshot: Snapshot
    actor: Actor
    profile: Profile = PRODUCT
    #: The cycle that is meant. It need not be in the snapshot: one that is about to be made is looked at alike.
    index: CycleIndex | None = None
    #: The supplier or distributor whose exchange is meant.
    participant: EnterpriseId | None = None
    #: Enterprises that the actor is taken to manage too, for the sake of the question.
    supposed: frozenset[EnterpriseId] = frozenset()
    #: Those among them that the actor is taken to own too.
    supposed_owned: frozenset[EnterpriseId] = frozenset()

    def managing(self, enterprise: EnterpriseId) -> "View":
        """Return the view of the same actor if they managed *enterprise* too."""
        return self._at(self.index, self.participant, self.supposed | {enterprise})

    def owning(self, enterprise: EnterpriseId) -> "View":
        """Return the view of the same actor if they owned *enterprise* too, and so managed it."""
        return attrs.evolve(self.managing(enterprise), supposed_owned=self.supposed_owned | {enterprise})

    def at(self, index: CycleIndex | None, participant: EnterpriseId | None) -> "View":
        """Return the view of the same actor in the cycle of *index*, at the exchange of *participant*."""
        return self._at(index, participant, self.supposed)

    @cached_property
    def user(self) -> User | None:
        """The user who acts."""
        return self.snapshot.relations.user_of(self.actor)

    @cached_property
    def user_id(self) -> UserId:
        """The id of the one who acts, where only users can."""
        return UserId(self.actor.id)

    @cached_property
    def is_admin(self) -> bool:
        """Whether an administrator acts."""
        return self.user is not None and self.user.is_admin

    @cached_property
    def managed(self) -> AbstractSet[EnterpriseId]:
        """What the actor manages: everything for an administrator."""
        return self._with_supposed(self.snapshot.relations.managed_by(self.actor))

    @cached_property
    def held(self) -> AbstractSet[EnterpriseId]:
        """Where the actor has the manager role."""
        return self._with_supposed(self.snapshot.relations.held_by(self.actor))

    @cached_property
    def owned(self) -> AbstractSet[EnterpriseId]:
        """What the actor owns."""
        owned = frozenset[EnterpriseId]() if self.user is None else self.snapshot.relations.owned_by(self.user.id)
        return owned | self.supposed_owned if self.supposed_owned else owned

    @property
    def cycle(self) -> CycleIndex:
        """The cycle the question is about.

        Raises:
            NotFoundError: it is about none.
        """
        if self.index is None:
            kind = "order_cycle"
            raise NotFoundError(kind, None)
        return self.index

    def _at(
        self, index: CycleIndex | None, participant: EnterpriseId | None, supposed: frozenset[EnterpriseId]
    ) -> "View":
        # Views are made for every question; attrs.evolve takes twice as long.
        return View(
            snapshot=self.snapshot,
            actor=self.actor,
            profile=self.profile,
            index=index,
            participant=participant,
            supposed=supposed,
            supposed_owned=self.supposed_owned,
        )

    def _with_supposed(self, enterprises: AbstractSet[EnterpriseId]) -> AbstractSet[EnterpriseId]:
        return enterprises | self.supposed if self.supposed else enterprises

"""Enterprises: made, given managers, handed over."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from ofncore.formats.enterprises import enterprise_flaws
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import EnterpriseId, EventId, UserId, joined_id
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Refusal
from ofncore.kernel.texts import is_storable
from ofncore.model.enterprise import Enterprise
from ofncore.model.event import EnterpriseCreated
from ofncore.permissions.new_enterprises import EnterpriseRequest, plan_enterprise
from ofncore.permissions.roles import EnterprisePlan, plan_invitation, plan_removal, plan_transfer
from ofncore.permissions.snapshot import Snapshot
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_relations
from ofncore.services.recording import record_events
from ofncore.services.wiring import Wiring


class EnterpriseService:
    """Makes enterprises, and changes who manages and owns them. Each act is one unit of work: records and events.

    An act that changes nothing leaves no event. Who may do what is decided by `ofncore.permissions.roles` and
    `ofncore.permissions.new_enterprises`.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def create(self, request: EnterpriseRequest, *, actor: Actor, now: datetime) -> Enterprise | Refusal:
        """Make a new enterprise with its grants, all or nothing (see `plan_enterprise`).

        What no world file could hold is refused too: an unknown currency, time zone or locale, and for one that sells a
        prefix of order codes that is missing or taken.
        A repeat of a request by the same actor gives its enterprise as it now stands, and changes nothing; another
        request with its key, or with the id of any enterprise, is refused (`KEY_REUSED`).
        """
        instant = as_instant(now)
        return self._wiring.run(lambda unit: self._create(unit, request, actor, instant))

    def invite_manager(
        self, enterprise: EnterpriseId, user: UserId, *, actor: Actor, now: datetime
    ) -> Enterprise | Refusal:
        """Make *user* one more manager of *enterprise*, and return it as it is stored (see `plan_invitation`)."""
        return self._change_roles(partial(plan_invitation, enterprise, user), actor=actor, now=now)

    def remove_manager(
        self, enterprise: EnterpriseId, user: UserId, *, actor: Actor, now: datetime
    ) -> Enterprise | Refusal:
        """Take its manager's role from *user*, and return *enterprise* as it is stored (see `plan_removal`)."""
        return self._change_roles(partial(plan_removal, enterprise, user), actor=actor, now=now)

    def transfer(self, enterprise: EnterpriseId, owner: UserId, *, actor: Actor, now: datetime) -> Enterprise | Refusal:
        """Hand *enterprise* over to *owner*, and return it as it is stored (see `plan_transfer`)."""
        return self._change_roles(partial(plan_transfer, enterprise, owner), actor=actor, now=now)

    def _create(
        self, unit: UnitOfWork, request: EnterpriseRequest, actor: Actor, now: datetime
    ) -> Enterprise | Refusal:
        key = EnterpriseId(request.key)
        earlier = _earlier(unit, key)
        if earlier is not None and (earlier.request, earlier.actor) == (request.fingerprint, actor):
            return unit.enterprises.get(key)
        snapshot, profile = Snapshot.around(load_relations(unit)), self._wiring.profile
        flaws = partial(enterprise_flaws, others=snapshot.enterprises.values())
        plan = plan_enterprise(request, snapshot, actor=actor, now=now, profile=profile, flaws=flaws)
        if isinstance(plan, Refusal):
            return plan
        stored = unit.enterprises.add(plan.enterprise)
        for grant in plan.grants:
            unit.grants.add(grant)
        record_events(unit, plan.events)
        return stored

    def _change_roles(
        self, decide: Callable[..., EnterprisePlan | Refusal], *, actor: Actor, now: datetime
    ) -> Enterprise | Refusal:
        instant = as_instant(now)

        def work(unit: UnitOfWork) -> Enterprise | Refusal:
            snapshot = Snapshot.around(load_relations(unit))
            plan = decide(snapshot, actor=actor, now=instant, profile=self._wiring.profile)
            if isinstance(plan, Refusal):
                return plan
            record_events(unit, plan.events)
            return unit.enterprises.save(plan.after)

        return self._wiring.run(work)


def _earlier(unit: UnitOfWork, key: EnterpriseId) -> EnterpriseCreated | None:
    if not is_storable(key):
        return None
    found = unit.events.find(EventId(joined_id(EnterpriseCreated.kind, key, "")))
    return found if isinstance(found, EnterpriseCreated) else None

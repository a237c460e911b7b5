"""Enterprises: made, given managers, handed over, made to sell."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from ofncore.cycles.selling import plan_sells
from ofncore.formats.enterprises import enterprise_flaws
from ofncore.kernel.actors import Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.ids import EnterpriseId, EventId, UserId, joined_id
from ofncore.kernel.instants import as_instant
from ofncore.kernel.refusals import Refusal
from ofncore.kernel.texts import is_storable
from ofncore.model.enterprise import Enterprise, Sells
from ofncore.model.event import EnterpriseCreated
from ofncore.permissions.new_enterprises import EnterpriseRequest, plan_enterprise
from ofncore.permissions.roles import EnterprisePlan, plan_invitation, plan_removal, plan_transfer
from ofncore.permissions.snapshot import Snapshot
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.loading import load_relations
from ofncore.services.recording import record_events
from ofncore.services.wiring import Wiring


class EnterpriseService:
    """Makes enterprises, and changes who manages and owns them, and what they sell. Each act is one unit of work.

    An act that changes nothing leaves no event. Who may do what is decided by `ofncore.permissions.roles`,
    `ofncore.permissions.new_enterprises` and `ofncore.cycles.selling`. An argument of another type is a `TypeError`.
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
        check_type(EnterpriseRequest, request=request)
        check_type(Actor, actor=actor)
        instant = as_instant(now)
        return self._wiring.run(lambda unit: self._create(unit, request, actor, instant))

    def invite_manager(
        self, enterprise: EnterpriseId, user: UserId, *, actor: Actor, now: datetime
    ) -> Enterprise | Refusal:
        """Make *user* one more manager of *enterprise*, and return it as it is stored (see `plan_invitation`)."""
        check_type(str, enterprise=enterprise, user=user)
        return self._change_roles(partial(plan_invitation, enterprise, user), actor=actor, now=now)

    def remove_manager(
        self, enterprise: EnterpriseId, user: UserId, *, actor: Actor, now: datetime
    ) -> Enterprise | Refusal:
        """Take its manager's role from *user*, and return *enterprise* as it is stored (see `plan_removal`)."""
        check_type(str, enterprise=enterprise, user=user)
        return self._change_roles(partial(plan_removal, enterprise, user), actor=actor, now=now)

    def transfer(self, enterprise: EnterpriseId, owner: UserId, *, actor: Actor, now: datetime) -> Enterprise | Refusal:
        """Hand *enterprise* over to *owner*, and return it as it is stored (see `plan_transfer`)."""
        check_type(str, enterprise=enterprise, owner=owner)
        return self._change_roles(partial(plan_transfer, enterprise, owner), actor=actor, now=now)

    def change_sells(
        self,
        enterprise: EnterpriseId,
        sells: Sells | str,
        *,
        actor: Actor,
        now: datetime,
        order_code_prefix: str | None = None,
    ) -> Enterprise | Refusal:
        """Make *enterprise* sell nothing, its own goods, or those of others too; return it as it is stored.

        One that begins to sell needs a prefix for its order codes; it gets one here if it has none. What no world file
        could hold is refused, as in `create`; so is what cycles that are not closed forbid (see
        `ofncore.cycles.selling.plan_sells`).

        Raises:
            ValueError: *sells* is neither one of ``none``, ``own`` and ``any`` nor the text of one.
        """
        check_type(str, enterprise=enterprise)
        check_type(Actor, actor=actor)
        if order_code_prefix is not None:
            check_type(str, order_code_prefix=order_code_prefix)
        instant = as_instant(now)

        def work(unit: UnitOfWork) -> Enterprise | Refusal:
            cycles = unit.order_cycles.of_enterprises([enterprise]) if is_storable(enterprise) else ()
            snapshot = Snapshot.around(load_relations(unit), order_cycles=cycles)
            others = (each for each in snapshot.enterprises.values() if each.id != enterprise)
            flaws = partial(enterprise_flaws, others=tuple(others))
            plan = plan_sells(
                enterprise,
                sells,
                snapshot,
                order_code_prefix=order_code_prefix,
                actor=actor,
                now=instant,
                profile=self._wiring.profile,
                flaws=flaws,
            )
            return _store(unit, plan)

        return self._wiring.run(work)

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
        check_type(Actor, actor=actor)
        instant, profile = as_instant(now), self._wiring.profile
        return self._wiring.run(
            lambda unit: _store(
                unit, decide(Snapshot.around(load_relations(unit)), actor=actor, now=instant, profile=profile)
            )
        )


def _store(unit: UnitOfWork, plan: EnterprisePlan | Refusal) -> Enterprise | Refusal:
    if isinstance(plan, Refusal):
        return plan
    record_events(unit, plan.events)
    return unit.enterprises.save(plan.after)


def _earlier(unit: UnitOfWork, key: EnterpriseId) -> EnterpriseCreated | None:
    if not is_storable(key):
        return None
    found = unit.events.find(EventId(joined_id(EnterpriseCreated.kind, key, "")))
    return found if isinstance(found, EnterpriseCreated) else None

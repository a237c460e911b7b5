"""What an edit came to, in words, with the names of things."""

from ofncore.cycles.edit_words import EditIds, edit_text, named_in
from ofncore.cycles.told_edits import EditResult, cycle_of, told_of, told_to_actor
from ofncore.kernel.actors import Actor
from ofncore.kernel.ids import OrderCycleId
from ofncore.kernel.policies import Profile
from ofncore.permissions.asking import Asker
from ofncore.permissions.resources import Resource, ResourceKind, resource
from ofncore.permissions.telling.known import may_name
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.coordinating.naming import load_edit_names
from ofncore.services.near.snapshot import near_snapshot


def text_for_host(unit: UnitOfWork, result: EditResult, locale: str) -> str:
    """Return *result* in words."""
    told = told_of(result)
    return edit_text(told, load_edit_names(unit, named_in(told)), locale)


def text_for_actor(
    unit: UnitOfWork,
    result: EditResult,
    locale: str,
    *,
    actor: Actor,
    order_cycle: OrderCycleId | None,
    profile: Profile,
) -> str:
    """Return *result* in words, as *actor* may know it."""
    asker = Asker(actor, near_snapshot(unit), profile)
    about = cycle_of(result, order_cycle)
    told = told_to_actor(result, asker, about)
    return edit_text(told, load_edit_names(unit, _nameable(named_in(told), asker, about)), locale)


def _nameable(ids: EditIds, asker: Asker, about: Resource | None) -> EditIds:
    """Return those of *ids* whose names the actor may know; the others are called what the actor called them."""

    def known(kind: ResourceKind, key: str) -> bool:
        return may_name(asker, resource(kind, key), about)

    return EditIds(
        enterprises=frozenset(each for each in ids.enterprises if known(ResourceKind.ENTERPRISE, each)),
        variants=frozenset(each for each in ids.variants if known(ResourceKind.VARIANT, each)),
        fees=frozenset(each for each in ids.fees if known(ResourceKind.FEE, each)),
        schedules=frozenset(each for each in ids.schedules if known(ResourceKind.SCHEDULE, each)),
        payment_methods=frozenset(each for each in ids.payment_methods if known(ResourceKind.PAYMENT_METHOD, each)),
        shipping_methods=frozenset(each for each in ids.shipping_methods if known(ResourceKind.SHIPPING_METHOD, each)),
    )

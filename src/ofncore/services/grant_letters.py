"""Messages to coordinators and shops about a right to sell that was withdrawn."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ofncore.cycles.withdrawal_news import WithdrawalNews
from ofncore.kernel.ids import OrderCycleId, VariantId, joined_id
from ofncore.kernel.instants import iso
from ofncore.kernel.texts import told_apart
from ofncore.model.cycle import OrderCycle
from ofncore.model.message import Message, MessageKind
from ofncore.orders import letters
from ofncore.orders.notices import to_enterprise
from ofncore.permissions.granting import GrantPlan
from ofncore.permissions.snapshot import Snapshot
from ofncore.ports.unit_of_work import UnitOfWork
from ofncore.services.record_names import load_variant_names


def withdrawal_letters(
    unit: UnitOfWork, news: Iterable[WithdrawalNews], plan: GrantPlan, snapshot: Snapshot, *, at: datetime
) -> tuple[Message, ...]:
    """Return the messages with *news* of *plan*; answers of shops go to the coordinator.

    *snapshot* holds the enterprises, and the cycles as they were.
    """
    told = tuple(news)
    goods = {key for each in told for lost in each.lists for key in lost.variants}
    names = told_apart(load_variant_names(unit, goods))
    return tuple(_message(each, plan, snapshot, names, at=at) for each in told)


def _message(
    news: WithdrawalNews, plan: GrantPlan, snapshot: Snapshot, goods: Mapping[VariantId, str], *, at: datetime
) -> Message:
    relations, cycles = snapshot.relations, snapshot.order_cycles
    reader, coordinator = relations.enterprises[news.reader], relations.enterprises[news.coordinator]
    letter = letters.goods_withdrawn(
        news,
        reader=reader,
        relations=relations,
        cycles=cycles,
        goods=goods,
        at=at,
        locale=reader.locale,
        zone=reader.time_zone,
    )
    return to_enterprise(
        letter,
        kind=MessageKind.GOODS_WITHDRAWN,
        enterprise=reader,
        about=plan.grantor,
        at=at,
        reply_to=None if reader == coordinator else coordinator.email,
        occasion=joined_id(plan.grantee, iso(at), *_version(news, cycles)),
    )


def _version(news: WithdrawalNews, cycles: Mapping[OrderCycleId, OrderCycle]) -> tuple[str, ...]:
    """Tell one loss from the next at the same instant: to lose goods again, a cycle was saved in between."""
    return next(((key, str(cycles[key].version)) for key in news.cycles), ())

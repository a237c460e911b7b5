"""The letter to coordinators and shops that lose the right to sell a supplier's goods.

Source:
    PERM-6, PERM-10 (withdrawal), PERM-12; CYC-12.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ofncore.cycles.withdrawal_news import WithdrawalNews
from ofncore.kernel.catalogue import one_line
from ofncore.kernel.ids import OrderCycleId, VariantId
from ofncore.model.cycle import OrderCycle
from ofncore.model.enterprise import Enterprise
from ofncore.orders.letters.letter import Letter, Paragraph, Words, listed, written
from ofncore.permissions.relations import Relations


def goods_withdrawn(
    news: WithdrawalNews,
    *,
    reader: Enterprise,
    relations: Relations,
    cycles: Mapping[OrderCycleId, OrderCycle],
    goods: Mapping[VariantId, str],
    at: datetime,
    locale: str,
    zone: str,
) -> Letter:
    """Tell *reader* what left which list and what stays where, because a supplier's goods may no longer be sold.

    Buyers are not named, and of orders only their number is told.

    Args:
        news: What is told.
        reader: Whom it is told; the reader of *news*.
        relations: Hold the names of enterprises.
        cycles: At least those of *news*.
        goods: Names of at least the goods of *news*.
        at: When the right ended.
        locale: Language of the reader.
        zone: Time zone of the reader.
    """
    words = Words(locale=locale, zone=zone)
    named = "goods_withdrawn.intro" if news.supplier else "goods_withdrawn.intro_unseen"
    supplier = relations.name_of(news.supplier) if news.supplier else words.say("goods_withdrawn.unseen")
    coordinator = relations.name_of(news.coordinator)
    left = listed(_left(news, relations, cycles, goods, words))
    kept = listed(_kept(cycles[each], words) for each in news.keeping)
    return written(
        words.say("goods_withdrawn.subject", supplier=supplier),
        words.greeting(reader.name),
        (
            words.say(named, supplier=supplier, coordinator=coordinator, at=at),
            words.say(f"goods_withdrawn.{_ended_by(news)}", coordinator=coordinator),
        ),
        (words.heading("goods_withdrawn.left"), *left) if left else (),
        (words.say("goods_withdrawn.orders", count=news.orders),) if news.orders else (),
        (words.heading("goods_withdrawn.kept"), *kept) if kept else (),
        _what_now(news, words),
    )


def _ended_by(news: WithdrawalNews) -> str:
    if news.ended_by is None:
        return "ended"
    return "given_up" if news.ended_by == news.coordinator else "withdrawn"


def _left(
    news: WithdrawalNews,
    relations: Relations,
    cycles: Mapping[OrderCycleId, OrderCycle],
    goods: Mapping[VariantId, str],
    words: Words,
) -> Iterator[str]:
    for cycle in news.cycles:
        name = cycles[cycle].name
        lists = [each for each in news.lists if each.order_cycle == cycle]
        for each in lists:
            names = tuple(goods[key] for key in each.variants)
            shop = relations.name_of(each.distributor)
            yield words.say("goods_withdrawn.list", cycle=name, shop=shop, goods=names)
        if not lists:
            yield words.say("goods_withdrawn.no_list", cycle=name)


def _kept(cycle: OrderCycle, words: Words) -> str:
    closes = cycle.orders_close_at
    return one_line(cycle.name) if closes is None else words.say("goods_withdrawn.until", cycle=cycle.name, at=closes)


def _what_now(news: WithdrawalNews, words: Words) -> Paragraph:
    """Only the coordinator can put back what left its cycles; what stays needs nobody."""
    is_gone = news.cycles and news.reader == news.coordinator
    return (words.say("goods_withdrawn.again"),) if is_gone else ()

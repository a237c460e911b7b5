"""Deliberately broken memory storages, each with the contract tests that must fail on it."""

# ruff: noqa: ANN401 - a fault takes and gives whatever the right one does

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from ofncore.adapters.memory import MemoryStorage, logs, repositories
from ofncore.adapters.memory.logs import MemoryEventLog, MemoryOutbox, MemorySettings, MemoryStockLedger
from ofncore.adapters.memory.repositories import (
    Customers,
    Enterprises,
    Grants,
    Guard,
    MemoryRepository,
    OrderCycles,
    Orders,
    Payments,
    ProxyOrders,
    RecordsOfEnterprises,
    Variants,
    Vouchers,
)
from ofncore.adapters.memory.tables import Journal, Table, _Index
from ofncore.kernel.errors import NotFoundError
from ofncore.model.message import MessageState
from ofncore.model.order import OrderState
from ofncore.model.payment import PaymentState
from ofncore.model.stock import StockItem

#: Class or module, name in it, what makes the broken one out of the right one.
Patch = tuple[object, str, Callable[[Any], Any]]


@attrs.frozen(kw_only=True)
class Fault:
    """What is broken, and who must notice."""

    name: str
    patches: tuple[Patch, ...]
    noticed_by: frozenset[str] = attrs.field()

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Break the memory storage for a while."""
        with pytest.MonkeyPatch.context() as monkeypatch:
            for target, name, change in self.patches:
                monkeypatch.setattr(target, name, change(getattr(target, name)))
            yield


def fault(name: str, *patches: Patch, noticed_by: Iterable[str]) -> Fault:
    """Return a fault that is noticed by the tests named, without ``test_``."""
    return Fault(name=name, patches=patches, noticed_by=frozenset(f"test_{each}" for each in noticed_by))


def _instead(replacement: Callable[..., Any]) -> Callable[[Any], Any]:
    return lambda _right: replacement


def _changed(change: Callable[..., Any]) -> Callable[[Any], Any]:
    """Call *change* with what the right method returns, and with its arguments."""
    return lambda right: lambda *arguments: change(right(*arguments), *arguments)


def _forgetting_lists(found: Any, *_: object) -> Any:
    """Give back a record, or each of several, without its lists."""
    if isinstance(found, list):
        return [_forgetting_lists(each) for each in found]
    if found is None or not attrs.has(type(found)):
        return found
    lists = [field.name for field in attrs.fields(type(found)) if isinstance(getattr(found, field.name), tuple)]
    return attrs.evolve(found, **dict.fromkeys(lists, ()))


# ---------------------------------------------------------------- units of work

#: Keys of the records that the present unit of work removed.
_gone: set[str] = set()


def _noted_drop(right: Any) -> Any:
    def drop(table: Any, key: str) -> None:
        _gone.add(key)
        right(table, key)

    return drop


def _forgetful_add(right: Any) -> Any:
    def add(index: Any, key: str, record: object) -> None:
        if key not in _gone:
            right(index, key, record)

    return add


def _count_the_units(storage: MemoryStorage) -> None:
    storage._logs.settings.put("colour", f"{storage._logs.settings.find('colour') or ''}x")


@contextmanager
def _wrapping(unit: Any) -> Iterator[Any]:
    try:
        with unit as work:
            yield work
    except Exception as error:
        raise RuntimeError from error


def _refuse_by_runtime_error(storage: MemoryStorage) -> None:
    if storage._holder == threading.get_ident():
        raise RuntimeError


def _known_customer(order: Any) -> bool:
    if order.customer not in ("anna", "ben"):
        kind = "customer"
        raise NotFoundError(kind, order.customer)
    return True


UNITS = [
    fault(
        "a rollback that does nothing",
        (Journal, "take_back_all", _instead(Journal.keep_all)),
        noticed_by=[
            "leaving_with_an_exception_keeps_nothing",
            "leaving_with_an_exception_takes_back_a_change",
            "leaving_with_an_exception_takes_back_a_removal",
            "what_is_not_kept_is_seen_by_nobody",
        ],
    ),
    fault(
        "a rollback that forgets the indexes",
        (_Index, "add", _forgetful_add),
        (Table, "drop", _noted_drop),
        (Journal, "keep_all", _changed(lambda *_: _gone.clear())),
        noticed_by=["leaving_with_an_exception_takes_back_a_removal"],
    ),
    fault(
        "a commit that keeps nothing",
        (Journal, "keep_all", _instead(Journal.take_back_all)),
        noticed_by=[
            "what_was_written_is_there_in_the_next_unit_of_work",
            "the_storage_works_on_after_a_failed_unit_of_work",
            "what_is_referred_to_may_be_written_later",
        ],
    ),
    fault(
        "a unit of work that writes",
        (MemoryStorage, "_refuse_nesting", _instead(lambda storage: storage._logs.settings.put("colour", "red"))),
        noticed_by=["a_new_storage_is_empty"],
    ),
    fault(
        "a unit of work that counts itself",
        (MemoryStorage, "_refuse_nesting", _instead(_count_the_units)),
        noticed_by=["a_unit_of_work_that_wrote_nothing_changes_nothing"],
    ),
    fault(
        "exceptions wrapped in another",
        (MemoryStorage, "__call__", lambda right: lambda self: _wrapping(right(self))),
        noticed_by=["an_exception_passes_as_it_is"],
    ),
    fault(
        "nesting refused in other words",
        (MemoryStorage, "_refuse_nesting", _instead(_refuse_by_runtime_error)),
        noticed_by=["a_thread_cannot_begin_one_inside_another"],
    ),
    fault(
        "a unit of work that never ends",
        (Guard, "end", _instead(lambda _guard: None)),
        noticed_by=["one_that_has_ended_refuses_to_be_used"],
    ),
    fault(
        "references checked at once",
        (Orders, "add", lambda right: lambda self, order: _known_customer(order) and right(self, order)),
        noticed_by=["what_is_referred_to_may_be_written_later"],
    ),
]

# ---------------------------------------------------------------- records


def _unversioned_save(self: Any, record: Any) -> Any:
    self.get(record.id)
    stored = attrs.evolve(record, version=record.version + 1) if self._kind.versioned else record
    self._table.put(record.id, stored)
    return stored


def _overwriting_add(self: Any, record: Any) -> Any:
    stored = attrs.evolve(record, version=1) if self._kind.versioned else record
    self._table.put(record.id, stored)
    return stored


def _inserting_save(self: Any, record: Any) -> Any:
    self._table.put(record.id, record)
    return record


RECORDS = [
    fault(
        "records found without their lists",
        (Table, "find", _changed(_forgetting_lists)),
        noticed_by=[
            "a_record_is_found_by_its_key",
            "a_saved_record_replaces_the_earlier_one",
            "a_record_is_saved_back_and_forth",
            "a_record_comes_back_as_it_was",
            "a_record_with_all_optional_fields_comes_back_as_it_was",
            "a_record_is_replaced_by_any_other",
        ],
    ),
    fault(
        "listings without lists",
        (Table, "all", _changed(_forgetting_lists)),
        noticed_by=["the_lists_of_several_records_are_not_mixed_up", "a_listing_is_sorted_by_key"],
    ),
    fault(
        "empty texts where there is none",
        (Table, "find", _changed(lambda found, *_: _with_empty_texts(found))),
        noticed_by=["a_record_without_optional_fields_comes_back_as_it_was"],
    ),
    fault(
        "a listing in the order of writing",
        (Table, "all", _instead(lambda table: list(table._records.values()))),
        noticed_by=["a_listing_is_sorted_by_key", "keys_are_sorted_by_code_point", "the_ledger_is_sorted_by_id"],
    ),
    fault(
        "keys sorted without regard to case",
        (Table, "all", _changed(lambda found, *_: sorted(found, key=lambda each: getattr(each, "id", "").lower()))),
        noticed_by=["keys_are_sorted_by_code_point"],
    ),
    fault(
        "many found in the order asked for",
        (Table, "among", _instead(lambda table, keys: [table._records[key] for key in keys if key in table._records])),
        noticed_by=[
            "many_are_found_at_once_sorted_and_each_once",
            "more_are_found_than_one_statement_takes",
        ],
    ),
    fault(
        "None instead of not found",
        (MemoryRepository, "get", _instead(lambda self, key: self.find(key))),
        noticed_by=["an_absent_record_is_none_or_not_found"],
    ),
    fault(
        "add overwrites",
        (MemoryRepository, "add", _instead(_overwriting_add)),
        noticed_by=["a_key_is_taken_once", "a_key_stays_taken", "work_goes_on_after_a_refused_write"],
    ),
    fault(
        "save adds what is absent",
        (MemoryRepository, "save", _instead(_inserting_save)),
        noticed_by=["saving_an_absent_record_is_an_error"],
    ),
    fault(
        "add keeps the version it is given",
        (repositories, "_with_version", _instead(lambda record, _version: record)),
        noticed_by=["a_new_record_has_version_1_whatever_it_carried", "each_save_raises_the_version_by_one"],
    ),
    fault(
        "versions that are not compared",
        (MemoryRepository, "save", _instead(_unversioned_save)),
        noticed_by=["a_save_of_another_version_is_stale"],
    ),
    fault(
        "unique facts that are not checked",
        (MemoryRepository, "_check_unique", _instead(lambda *_: None)),
        noticed_by=[
            "an_order_code_belongs_to_one_order",
            "a_code_belongs_to_one_voucher_of_a_shop",
            "an_order_belongs_to_one_proxy_order",
        ],
    ),
    fault(
        "indexes that keep what is gone",
        (_Index, "remove", _instead(lambda *_: None)),
        noticed_by=[
            "a_freed_order_code_may_be_taken",
            "an_order_is_found_where_it_is_now",
            "schedules_are_found_by_a_cycle_they_hold",
            "open_claims_are_those_whose_outcome_is_to_be_learnt",
        ],
    ),
]


def _with_empty_texts(found: Any) -> Any:
    if found is None or not attrs.has(type(found)):
        return found
    absent = [field.name for field in attrs.fields(type(found)) if getattr(found, field.name) is None]
    texts = [name for name in absent if name in {"email", "phone", "reason", "override_reason"}]
    return attrs.evolve(found, **dict.fromkeys(texts, ""))


# ---------------------------------------------------------------- finders


def _window(found: list[Any], _self: object, now: datetime) -> list[Any]:
    limit = now - timedelta(hours=1)
    return [each for each in found if (each.orders_close_at or each.orders_open_at) >= limit]


FINDERS = [
    fault(
        "an opening that is due only afterwards",
        (OrderCycles, "opening_due", lambda right: lambda self, now: right(self, now - timedelta(microseconds=1))),
        noticed_by=[
            "cycles_are_due_to_open_from_their_opening_until_they_are_marked",
            "a_mark_is_seen_in_the_same_unit_of_work",
        ],
    ),
    fault(
        "a closing that is due at its instant",
        (OrderCycles, "closing_due", lambda right: lambda self, now: right(self, now + timedelta(microseconds=1))),
        noticed_by=["cycles_are_due_to_close_after_their_closing_until_they_are_marked"],
    ),
    fault(
        "a look-back of one hour",
        (OrderCycles, "opening_due", _changed(_window)),
        (OrderCycles, "closing_due", _changed(_window)),
        noticed_by=[
            "cycles_are_due_to_open_from_their_opening_until_they_are_marked",
            "cycles_are_due_to_close_after_their_closing_until_they_are_marked",
        ],
    ),
    fault(
        "cycles never settled",
        (OrderCycles, "unsettled", _instead(lambda self: self.all())),
        noticed_by=["cycles_are_unsettled_from_their_first_mark_until_they_are_settled"],
    ),
    fault(
        "instants taken for UTC",
        (repositories, "as_instant", _instead(lambda value: value.replace(tzinfo=value.tzinfo or UTC))),
        noticed_by=["an_instant_without_a_zone_is_refused"],
    ),
    fault(
        "no subscription that is paused or cancelled",
        (Table, "where", _changed(lambda found, *_: [each for each in found if not getattr(each, "paused_at", None)])),
        noticed_by=["subscriptions_are_found_by_their_schedules"],
    ),
    fault(
        "proxy orders in no order",
        (Table, "where", _changed(lambda found, *_: found[::-1])),
        noticed_by=["proxy_orders_are_found_by_cycle_and_by_subscription", "payments_are_found_by_their_orders"],
    ),
    fault(
        "proxy orders of one subscription only",
        (ProxyOrders, "of_subscriptions", _changed(lambda found, *_: found[:2])),
        noticed_by=["proxy_orders_are_found_by_cycle_and_by_subscription"],
    ),
    fault(
        "entered movements in no order",
        (MemoryStockLedger, "entered", _changed(lambda found, *_: found[::-1])),
        noticed_by=["movements_that_were_entered_are_found_by_their_ids"],
    ),
    fault(
        "proxy orders with ids of their own",
        (ProxyOrders, "get", _changed(lambda found, _self, key: found if "/" not in key else None)),
        noticed_by=["the_id_of_a_proxy_order_is_made_of_subscription_and_cycle"],
    ),
    fault(
        "a removal of nothing that says nothing",
        (ProxyOrders, "remove", _instead(lambda self, key: self.find(key) and self._table.drop(key))),
        (Grants, "remove", _instead(lambda self, key: self.find(key) and self._table.drop(key))),
        (OrderCycles, "remove", _instead(lambda self, key: self.find(key) and self._table.drop(key))),
        noticed_by=[
            "a_cycle_can_be_removed",
            "a_grant_can_be_removed",
            "a_proxy_order_without_an_order_can_be_removed",
            "a_proxy_order_that_got_its_order_meanwhile_is_not_removed",
        ],
    ),
    fault(
        "no cancelled orders",
        (
            Orders,
            "of_cycle",
            _changed(lambda found, *_: [each for each in found if each.state is not OrderState.CANCELLED]),
        ),
        noticed_by=["orders_are_found_by_code_and_by_cycle"],
    ),
    fault(
        "vouchers of any shop",
        (
            Vouchers,
            "by_code",
            _instead(lambda self, _shop, code: next((each for each in self.all() if each.code == code), None)),
        ),
        noticed_by=["a_voucher_is_found_by_its_shop_and_its_code"],
    ),
    fault(
        "enterprises that have no part in anything",
        (RecordsOfEnterprises, "of_enterprises", _instead(lambda _self, _enterprises: [])),
        noticed_by=[
            "a_record_is_found_by_an_enterprise_with_a_part",
            "records_of_several_enterprises_come_sorted_and_each_once",
        ],
    ),
    fault(
        "records of one enterprise after the other",
        (
            RecordsOfEnterprises,
            "of_enterprises",
            lambda right: lambda self, keys: [x for k in keys for x in right(self, [k])],
        ),
        noticed_by=["records_of_several_enterprises_come_sorted_and_each_once"],
    ),
    fault(
        "nothing that is out of use",
        (
            RecordsOfEnterprises,
            "of_enterprises",
            _changed(lambda found, *_: [each for each in found if not getattr(each, "deleted", False)]),
        ),
        noticed_by=["a_record_is_found_by_an_enterprise_with_a_part"],
    ),
    fault(
        "owners who do not manage",
        (Enterprises, "of_user", _changed(lambda found, _, user: [each for each in found if user in each.managers])),
        noticed_by=["an_enterprise_is_found_by_its_owner_and_by_its_managers"],
    ),
    fault(
        "one customer for each account",
        (Customers, "of_user", _changed(lambda found, *_: found[:1])),
        noticed_by=["a_customer_is_found_by_the_account"],
    ),
    fault(
        "products without their deleted variants",
        (Variants, "of_products", _changed(lambda found, *_: [each for each in found if not each.deleted])),
        noticed_by=["variants_are_found_by_their_products"],
    ),
    fault(
        "customers without their cancelled orders",
        (
            Orders,
            "of_customers",
            _changed(lambda found, *_: [each for each in found if each.state is not OrderState.CANCELLED]),
        ),
        noticed_by=["orders_are_found_by_their_customers"],
    ),
    fault(
        "users and customers mixed up",
        (
            Orders,
            "placed_by",
            _instead(lambda self, actor: [each for each in self.all() if each.placed_by.id == actor.id]),
        ),
        noticed_by=["orders_are_found_by_who_placed_them"],
    ),
    fault(
        "unknown outcomes taken for final",
        (Payments, "open_claims", _instead(lambda self: self._table.where("state", PaymentState.CLAIMED))),
        noticed_by=["open_claims_are_those_whose_outcome_is_to_be_learnt"],
    ),
]


# ---------------------------------------------------------------- stock


def _move_one_by_one(right: Any) -> Any:
    def move(self: Any, movements: Sequence[Any]) -> list[Any]:
        return [item for movement in movements for item in right(self, [movement])]

    return move


def _move_the_sum(right: Any) -> Any:
    """Check what is left at the end alone."""

    def move(self: Any, movements: Sequence[Any]) -> Any:
        return right(self, sorted(movements, key=lambda each: -each.delta))

    return move


def _move_again(right: Any) -> Any:
    def move(self: Any, movements: Sequence[Any]) -> Any:
        known = self._logs.movements._records
        return right(self, [attrs.evolve(each, id=each.id + "'") if each.id in known else each for each in movements])

    return move


def _move_counted_only(right: Any) -> Any:
    def move(self: Any, movements: Sequence[Any]) -> Any:
        return right(self, [each for each in movements if self.items([each.variant], each.hub)])

    return move


STOCK = [
    fault(
        "items counted twice",
        (
            MemoryStockLedger,
            "add",
            _instead(lambda self, item: self._logs.items.put(logs._item_key(item.variant, item.hub), item)),
        ),
        noticed_by=["an_item_is_counted_once"],
    ),
    fault(
        "hubs that count with the producer",
        (logs, "_item_key", _instead(lambda variant, _hub: variant)),
        noticed_by=[
            "a_movement_changes_its_item_alone",
            "all_items_are_sorted_by_variant_and_hub_the_producers_first",
            "what_is_not_counted_has_nothing_on_hand",
        ],
    ),
    fault(
        "items of every hub",
        (
            MemoryStockLedger,
            "items",
            _instead(lambda self, _variants, _hub=None: {each.variant: each for each in self.all_items()}),
        ),
        noticed_by=["items_are_found_by_variant_and_hub"],
    ),
    fault(
        "items by hub first",
        (MemoryStockLedger, "all_items", _changed(lambda found, _: sorted(found, key=lambda each: each.hub or ""))),
        noticed_by=["all_items_are_sorted_by_variant_and_hub_the_producers_first"],
    ),
    fault(
        "one left for the shop",
        (StockItem, "can_supply", lambda right: lambda self, quantity: right(self, quantity + 1)),
        noticed_by=["everything_on_hand_can_be_taken_and_no_more", "many_buyers_take_exactly_what_there_is"],
    ),
    fault(
        "stock that never runs out",
        (StockItem, "can_supply", _instead(lambda *_: True)),
        noticed_by=["everything_on_hand_can_be_taken_and_no_more", "many_buyers_take_exactly_what_there_is"],
    ),
    fault(
        "on demand only while there is some",
        (StockItem, "can_supply", _instead(lambda item, quantity: item.on_hand >= quantity)),
        noticed_by=["an_item_on_demand_is_never_short"],
    ),
    fault(
        "movements entered as far as stock goes",
        (MemoryStockLedger, "move", _move_one_by_one),
        noticed_by=["one_shortage_stops_all_movements", "the_ledger_always_adds_up"],
    ),
    fault(
        "only the end counts",
        (MemoryStockLedger, "move", _move_the_sum),
        noticed_by=["movements_are_made_one_after_the_other"],
    ),
    fault(
        "repeated movements entered again",
        (MemoryStockLedger, "move", _move_again),
        noticed_by=["a_movement_entered_before_is_passed_over", "a_movement_entered_by_many_is_entered_once"],
    ),
    fault(
        "uncounted goods forgotten",
        (MemoryStockLedger, "move", _move_counted_only),
        noticed_by=["goods_that_come_in_uncounted_begin_to_be_counted", "what_is_not_counted_has_nothing_on_hand"],
    ),
    fault(
        "goods refused below zero",
        (
            logs,
            "_moved",
            _changed(lambda moved, *_: (moved[0], moved[1] | {k for k, each in moved[0].items() if each.on_hand < 0})),
        ),
        noticed_by=["goods_come_in_also_where_less_than_nothing_is_left", "an_item_on_demand_is_never_short"],
    ),
    fault(
        "a shortage that spoils the ledger",
        (
            MemoryStockLedger,
            "move",
            _changed(lambda short, self, _: (short and self._logs.items.drop("carrots")) or short),
        ),
        noticed_by=["movements_after_a_shortage_are_entered"],
    ),
    fault(
        "a sentry in the ledger",
        (MemoryStockLedger, "movements", _changed(lambda found, _: [*found, None])),
        noticed_by=["no_movement_is_no_change", "a_stock_movement_comes_back_as_it_was"],
    ),
    fault(
        "items that forget their opening",
        (
            MemoryStockLedger,
            "items",
            _changed(lambda found, *_: {key: attrs.evolve(each, opening=0) for key, each in found.items()}),
        ),
        noticed_by=["a_stock_item_comes_back_as_it_was", "items_are_found_by_variant_and_hub"],
    ),
]


# ---------------------------------------------------------------- outbox, events, settings


def _put_message(self: Any, message: Any, **_: object) -> bool:
    self._logs.messages.put(message.id, message)
    return True


def _put_event(self: Any, event: Any) -> bool:
    self._logs.events.put(event.id, event)
    return True


def _save_whatever_was_tried(right: Any) -> Any:
    def save(self: Any, message: Any, **_: object) -> Any:
        stored = self._logs.messages.find(message.id) or message
        return right(self, message, seen_attempts=stored.attempts)

    return save


def _save_in_any_state(self: Any, message: Any, *, seen_attempts: int) -> bool:
    stored = self._logs.messages.find(message.id)
    if stored.attempts != seen_attempts:
        return False
    return _put_message(self, message)


def _due_anyway(right: Any) -> Any:
    return lambda self, now, limit: right(self, now + timedelta(days=1), limit)


def _due_of_the_oldest(right: Any) -> Any:
    """Cut first, choose then."""

    def due(self: Any, now: datetime, limit: int) -> list[Any]:
        oldest = sorted(self.all(), key=lambda each: (each.at, each.id))[:limit]
        return [each for each in right(self, now, limit) if each in oldest]

    return due


LOGS = [
    fault(
        "messages put in again",
        (MemoryOutbox, "add", _instead(_put_message)),
        noticed_by=["a_message_goes_in_once", "a_message_and_an_event_of_many_are_kept_once"],
    ),
    fault(
        "one message for all occasions",
        (
            MemoryOutbox,
            "add",
            lambda right: lambda self, message: right(self, attrs.evolve(message, occasion="")),
        ),
        noticed_by=["another_occasion_is_another_message", "a_message_comes_back_as_it_was"],
    ),
    fault(
        "messages in no order",
        (MemoryOutbox, "all", _changed(lambda found, _: found[::-1])),
        noticed_by=["the_listing_is_sorted_by_id"],
    ),
    fault(
        "the newest message first",
        (MemoryOutbox, "due", _changed(lambda found, *_: found[::-1])),
        noticed_by=["the_oldest_pending_messages_are_due_first"],
    ),
    fault(
        "no back-off",
        (MemoryOutbox, "due", _due_anyway),
        noticed_by=["a_message_is_not_due_before_its_next_try", "what_became_of_a_message_is_recorded"],
    ),
    fault(
        "a limit on what is looked at",
        (MemoryOutbox, "due", _due_of_the_oldest),
        noticed_by=["the_limit_counts_only_what_is_due"],
    ),
    fault(
        "sent messages that go out again",
        (
            MemoryOutbox,
            "save",
            lambda right: (
                lambda self, message, **seen: right(self, attrs.evolve(message, state=MessageState.PENDING), **seen)
            ),
        ),
        noticed_by=["what_became_of_a_message_is_recorded"],
    ),
    fault(
        "tries that are recorded over others",
        (MemoryOutbox, "save", _save_whatever_was_tried),
        noticed_by=["a_message_that_was_dealt_with_since_it_was_read_stays_as_it_is"],
    ),
    fault(
        "sent messages that wait again",
        (MemoryOutbox, "save", _instead(_save_in_any_state)),
        noticed_by=["a_message_that_left_or_never_will_stays_as_it_is"],
    ),
    fault(
        "messages put in by saving",
        (MemoryOutbox, "save", _instead(_put_message)),
        noticed_by=["what_was_never_put_in_cannot_be_saved"],
    ),
    fault(
        "events recorded again",
        (MemoryEventLog, "add", _instead(_put_event)),
        noticed_by=["an_event_is_recorded_once", "a_message_and_an_event_of_many_are_kept_once"],
    ),
    fault(
        "one event for all occasions",
        (MemoryEventLog, "add", lambda right: lambda self, event: right(self, attrs.evolve(event, occasion=""))),
        noticed_by=["another_occasion_is_another_event", "an_event_comes_back_as_it_was"],
    ),
    fault(
        "events that are not found again",
        (MemoryEventLog, "find", _instead(lambda _self, _key: None)),
        noticed_by=["an_event_is_found_by_its_id"],
    ),
    fault(
        "events by id",
        (MemoryEventLog, "all", _changed(lambda found, _: sorted(found, key=lambda each: each.id))),
        noticed_by=["events_are_sorted_by_instant_and_id"],
    ),
    fault(
        "settings that are trimmed",
        (MemorySettings, "find", _changed(lambda found, *_: (found and found.strip()) or None)),
        noticed_by=["a_setting_is_found_by_name", "a_setting_comes_back_as_it_was"],
    ),
    fault(
        "the first text stays",
        (MemorySettings, "put", lambda right: lambda self, name, text: self.find(name) or right(self, name, text)),
        noticed_by=["a_later_text_takes_the_place_of_an_earlier_one"],
    ),
]


# ---------------------------------------------------------------- races


def _slow(right: Any) -> Any:
    """Give other threads the time to come between reading and writing."""

    def slowly(*arguments: Any) -> Any:
        found = right(*arguments)
        time.sleep(0.01)
        return found

    return slowly


class _NoLock:
    """Lets everybody in."""

    def __enter__(self) -> None:
        """Wait for nobody."""

    def __exit__(self, *_: object) -> None:
        """Wake nobody."""


def _without_lock(right: Any) -> Any:
    def make(self: Any) -> None:
        right(self)
        self._lock = _NoLock()

    return make


NO_LOCK: tuple[Patch, ...] = (
    (MemoryStorage, "__init__", _without_lock),
    (MemoryStorage, "_refuse_nesting", _instead(lambda _storage: None)),
)

RACES = [
    fault(
        "units of work that see each other",
        *NO_LOCK,
        noticed_by=["what_is_not_kept_is_seen_by_nobody"],
    ),
    fault(
        "units of work that see each other, without versions",
        *NO_LOCK,
        (MemoryRepository, "get", _slow),
        (MemoryRepository, "save", _instead(_unversioned_save)),
        noticed_by=["no_update_of_a_record_is_lost"],
    ),
    fault(
        "the last one wins",
        *NO_LOCK,
        (MemoryRepository, "save", _instead(_unversioned_save)),
        noticed_by=["of_two_that_read_the_same_version_one_waits_or_is_stale"],
    ),
    fault(
        "look first, write later",
        *NO_LOCK,
        (Table, "find", _slow),
        noticed_by=[
            "no_update_of_a_setting_is_lost",
            "a_key_added_by_many_is_added_once",
            "a_message_and_an_event_of_many_are_kept_once",
            "many_buyers_take_exactly_what_there_is",
        ],
    ),
]

FAULTS = [*UNITS, *RECORDS, *FINDERS, *STOCK, *LOGS, *RACES]

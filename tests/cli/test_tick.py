"""`tick`: what it does once, says, and leaves where."""

import json
import shutil
import sqlite3
from contextlib import closing
from email import message_from_bytes
from pathlib import Path

import attrs
import pytest

from cli.lives import FRENCH, exported, punctual, world
from cli.terminal import Quick, Terminal
from ofncore.adapters.payments import LedgerGateway
from ofncore.adapters.sql import SqlStorage
from ofncore.formats.state import read_document
from ofncore.kernel.catalogue import has_text
from ofncore.kernel.instants import iso
from ofncore.model.message import MessageState
from ofncore.model.payment import PaymentState
from ofncore.model.subscription import ProxyOutcome
from ofncore.model.world import State
from ofncore.services.agenda import AgendaReport

HUB = ("--database", "hub.db")
OPENING, CLOSING = map(iso, punctual(FRENCH, 1))


def state_of(database: Path) -> State:
    state = read_document(exported(database))
    assert isinstance(state, State)
    return state


def test_a_tick_says_what_it_did(quick: Quick, french: Path) -> None:
    first, second = (quick("tick", "--now", OPENING, *HUB) for _ in range(2))
    rows = {label.strip(): int(count) for label, count in (line.rsplit(maxsplit=1) for line in first.out.splitlines())}
    state = state_of(french)
    assert (first.code, first.err) == (0, "")
    assert rows["Order cycles opened"] == 1
    assert rows["Messages delivered"] == sum(each.state is MessageState.SENT for each in state.messages)
    assert "Order cycles closed" not in rows
    assert (second.code, second.out, second.err) == (0, "Nothing was due.\n", "")


def test_a_tick_tells_programs_what_it_did(quick: Quick, french: Path) -> None:
    first, second = (json.loads(quick("tick", "--now", OPENING, *HUB, "--json").out) for _ in range(2))
    placed = sum(each.placed_at is not None for each in state_of(french).proxy_orders)
    assert first["now"] == OPENING
    assert first["undelivered"] == 0
    assert (first["done"]["opened"], first["done"]["placed"]) == (1, placed)
    assert second["done"] == dict.fromkeys(first["done"], 0)
    assert set(first["done"]) == set(AgendaReport.__annotations__)


def test_a_second_tick_changes_nothing(ofncore: Terminal, french: Path) -> None:
    for now in (OPENING, CLOSING):
        assert ofncore("tick", "--now", now, *HUB).code == 0
        before = ofncore("export", *HUB).out
        assert ofncore("tick", "--now", now, *HUB).code == 0
        assert ofncore("export", *HUB).out == before


def test_an_instant_may_have_any_offset(quick: Quick, french: Path) -> None:
    answer = quick("tick", "--now", "2026-03-05T18:00+01:00", *HUB, "--json")
    assert json.loads(answer.out)["now"] == "2026-03-05T17:00:00Z"
    assert {each.opened_at for each in state_of(french).order_cycles} == {
        world(FRENCH).order_cycles[0].orders_open_at,
        None,
    }


def test_nothing_is_due_before_the_first_opening(quick: Quick, french: Path) -> None:
    quick("tick", "--now", "2026-03-05T16:59:59Z", *HUB)
    state = state_of(french)
    assert (state.orders, state.payments, state.messages, state.events) == ((), (), (), ())


def test_messages_go_to_the_folder_outbox_beside_the_file(ofncore: Terminal, french: Path) -> None:
    elsewhere = ofncore.folder / "elsewhere"
    elsewhere.mkdir()
    answer = Terminal(elsewhere)("tick", "--now", OPENING, "--database", f"sqlite:///{french}", "--json")
    letters = [message_from_bytes(path.read_bytes()) for path in (ofncore.folder / "outbox").iterdir()]
    sent = [each for each in state_of(french).messages if each.state is MessageState.SENT]
    assert json.loads(answer.out)["done"]["delivered"] == len(letters) == len(sent) > 0
    assert sorted(str(each["To"]) for each in letters) == sorted(each.to or "" for each in sent)
    assert list(elsewhere.iterdir()) == []


def test_messages_go_to_the_folder_that_is_named(quick: Quick, french: Path) -> None:
    assert quick("tick", "--now", OPENING, *HUB, "--mail", "post/march").code == 0
    assert {path.suffix for path in (quick.folder / "post" / "march").iterdir()} == {".eml"}
    assert not (quick.folder / "outbox").exists()


def test_messages_are_from_the_sender_that_is_named(quick: Quick, french: Path) -> None:
    assert quick("tick", "--now", OPENING, *HUB, "--sender", "Le hub <hub@example.org>").code == 0
    letters = [message_from_bytes(path.read_bytes()) for path in (quick.folder / "outbox").iterdir()]
    assert {str(each["From"]) for each in letters} == {"Le hub <hub@example.org>"}


def withdraw_payment_methods(database: Path) -> None:
    storage = SqlStorage(f"sqlite:///{database}")
    with storage() as unit:
        for each in list(unit.payment_methods.all()):
            unit.payment_methods.save(attrs.evolve(each, active=False))
    storage.close()


def test_standing_orders_that_were_missed_are_counted_apart(quick: Quick, french: Path) -> None:
    """All wait for their ways to pay, which never come back (SUB-17.4)."""
    withdraw_payment_methods(french)
    other = Path(shutil.copy(french, quick.folder / "other.db"))
    told = quick("tick", "--now", CLOSING, *HUB)
    done = json.loads(quick("tick", "--now", CLOSING, "--database", other.name, "--json").out)["done"]
    missed = sum(each.outcome is ProxyOutcome.MISSED for each in state_of(french).proxy_orders)
    rows = {label.strip(): int(count) for label, count in (line.rsplit(maxsplit=1) for line in told.out.splitlines())}
    assert rows["Subscription orders missed"] == done["missed"] == missed > 0


def test_a_ledger_declines_what_its_cards_decline(quick: Quick, french: Path) -> None:
    for now in (OPENING, CLOSING):
        assert quick("tick", "--now", now, *HUB, "--payments", "ledger:books.db").code == 0
    payments = [each for each in state_of(french).payments if each.through_gateway]
    entries = {entry.key: entry for entry in LedgerGateway(quick.folder / "books.db").entries()}
    assert {each.id: (each.state.value, each.amount) for each in payments} == {
        key: (entry.outcome.value, entry.amount) for key, entry in entries.items()
    }
    assert {each.state for each in payments} > {PaymentState.SETTLED}


def test_what_fails_is_told_in_a_line_each_and_the_rest_is_kept(quick: Quick, french: Path) -> None:
    """The ledger cannot take the second charge, nor any after it; its failure is one line."""
    quick("tick", "--now", OPENING, *HUB)
    books = quick.folder / "books.db"
    LedgerGateway(books).entries()
    with closing(sqlite3.connect(books)) as ledger:
        ledger.execute(
            "CREATE TRIGGER bad BEFORE INSERT ON movements WHEN (SELECT count(*) FROM movements) = 1 "
            "BEGIN SELECT RAISE(ABORT, 'bad page'); END"
        )
    answer = quick("tick", "--now", CLOSING, *HUB, "--payments", "ledger:books.db")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.splitlines() == ["ofncore: books.db cannot be used: bad page"]
    state = state_of(french)
    assert PaymentState.SETTLED in {each.state for each in state.payments if each.through_gateway}
    assert any(each.closed_at is not None for each in state.order_cycles)
    assert MessageState.PENDING not in {each.state for each in state.messages}


def test_a_record_that_cannot_be_dealt_with_is_named(quick: Quick, french: Path) -> None:
    """The order of one standing order was taken out of the database by hand."""
    quick("tick", "--now", OPENING, *HUB)
    lost = next(each for each in state_of(french).proxy_orders if each.order is not None)
    with closing(sqlite3.connect(french, isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM ofncore_orders WHERE id = ?", (lost.order,))
    answer = quick("tick", "--now", CLOSING, *HUB)
    [line] = answer.err.splitlines()
    assert answer.code == 1
    assert line.startswith(f"ofncore: proxy order {lost.id} could not be finished: NotFoundError: there is no order")
    with closing(sqlite3.connect(french)) as database:
        outcomes = {outcome for (outcome,) in database.execute("SELECT outcome FROM ofncore_proxy_orders")}
    assert ProxyOutcome.CONFIRMED in outcomes


def test_without_a_ledger_payments_are_recorded_as_made_by_hand(quick: Quick, french: Path) -> None:
    for now in (OPENING, CLOSING):
        assert quick("tick", "--now", now, *HUB, "--payments", "manual").code == 0
    payments = [each for each in state_of(french).payments if each.through_gateway]
    assert {each.state for each in payments} == {PaymentState.SETTLED}
    assert {(each.gateway_reference or "").partition(":")[0] for each in payments} == {"manual"}


def test_the_table_is_in_the_language_chosen(quick: Quick, french: Path) -> None:
    assert "Cycles de vente ouverts" in quick("tick", "--now", OPENING, *HUB, "--language", "fr").out


def test_letters_a_terminal_does_not_have_are_escaped(ofncore: Terminal, french: Path) -> None:
    answer = ofncore("tick", "--now", CLOSING, *HUB, "--language", "de", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert answer.code == 0
    assert "Bestellzyklen ge\\xf6ffnet" in answer.out


def test_a_message_that_cannot_be_written_is_told_and_tried_again(
    quick: Quick, french: Path, french_database: Path
) -> None:
    """A folder stands where the file of one message belongs."""
    shutil.copy(french_database, quick.folder / "other.db")
    assert quick("tick", "--now", OPENING, "--database", "other.db", "--mail", "first").code == 0
    taken = next((quick.folder / "first").iterdir()).name
    (quick.folder / "second" / taken).mkdir(parents=True)
    answer = quick("tick", "--now", OPENING, *HUB, "--mail", "second", "--json")
    assert (answer.code, json.loads(answer.out)["undelivered"]) == (0, 1)
    assert "will be tried again: 1." in answer.err
    (quick.folder / "second" / taken).rmdir()
    again = quick("tick", "--now", "2026-03-05T17:05:00Z", *HUB, "--mail", "second", "--json")
    assert json.loads(again.out)["done"]["delivered"] == 1
    assert mail(quick.folder / "second") == mail(quick.folder / "first")


def mail(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("field", AgendaReport.__annotations__)
def test_every_row_of_the_table_has_its_words(field: str) -> None:
    assert has_text(f"cli.tick.{field}")

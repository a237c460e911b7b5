"""The command: a database, a folder, some weeks, and what came of them."""

import argparse
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ofncore.adapters.payments import LedgerGateway
from ofncore.cli.calling import program_of_caller
from ofncore.cli.databases import Database, created, file_unusable, opened
from ofncore.cli.demo.cast import Cast
from ofncore.cli.demo.diary import Diary
from ofncore.cli.demo.folder import BANK, DATABASE, EXPORT, MAIL, REPORT, DemoFolder, ListedMail
from ofncore.cli.demo.play import play_season, span_of
from ofncore.cli.demo.season import Season
from ofncore.cli.demo.terminal import CardTerminal
from ofncore.cli.demo.weeks import demo_weeks
from ofncore.cli.failures import CommandFailedError
from ofncore.cli.printing import write_result
from ofncore.cli.report.attempts import RefusedAttempt
from ofncore.cli.report.figures.books import Books
from ofncore.cli.report.figures.checks import Check, check_bank, check_state
from ofncore.cli.report.figures.weeks import weeks_of
from ofncore.formats.money import write_money
from ofncore.formats.state import read_document, write_state
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import VariantId
from ofncore.kernel.instants import iso
from ofncore.kernel.money import Money
from ofncore.kernel.refusals import Refusal
from ofncore.model.world import State
from ofncore.network import make_network
from ofncore.orders.lines import full_name
from ofncore.ports.gateway import GatewayOutcome

if TYPE_CHECKING:
    from ofncore.adapters.sql import SqlStorage
    from ofncore.cli.demo.screen import Screen

_WORLD = "french-hub.json"


@attrs.frozen(kw_only=True)
class _Demo:
    """Where a demo takes place, and how."""

    folder: DemoFolder
    database: Database
    weeks: int
    seed: int
    language: str

    @property
    def bank(self) -> Path:
        """The file of the bank."""
        return self.folder.path / BANK


def run_demo(arguments: argparse.Namespace) -> int:
    """Live through the weeks, write everything, and return 1 if something does not add up."""
    with _modules_told():
        from ofncore.cli.demo.screen import Screen  # noqa: PLC0415 - its absence is a failure to tell
    demo = _demo_of(arguments)
    screen = Screen(silent=arguments.json)
    with _files_told(demo.folder.path):
        state, refused = _live(demo, screen)
        books = Books(state=state, attempts=refused)
        checks = (*check_state(books), check_bank(books, _moved(demo.bank)))
        _write_report(demo, books, checks)
    if arguments.json:
        write_result(_result(demo, books, checks))
    else:
        _tell(demo, screen, books, checks)
    return 0 if all(check.holds for check in checks) else 1


def _demo_of(arguments: argparse.Namespace) -> _Demo:
    folder = DemoFolder(arguments.output, with_database=arguments.database is None)
    own = str(arguments.output / DATABASE)
    database = Database.named(own if arguments.database is None else arguments.database)
    return _Demo(
        folder=folder, database=database, weeks=arguments.weeks, seed=arguments.seed, language=arguments.language
    )


# ---------------------------------------------------------------- living


def _live(demo: _Demo, screen: "Screen") -> tuple[State, Sequence[RefusedAttempt]]:
    """Return the state as it was exported and read again, and what was refused on the way."""
    _check_folder(demo)
    world = _world()
    # What is in the folder is removed only once it is sure that the demo can begin.
    if demo.folder.has_database:
        demo.folder.begin()
    created(demo.database)
    with opened(demo.database) as storage:
        refusal = make_network(unit_of_work=storage).worlds.load(world)
        if refusal is not None:
            raise CommandFailedError(refusal)
        if not demo.folder.has_database:
            demo.folder.begin()
        return _play(demo, screen, world, storage)


def _play(demo: _Demo, screen: "Screen", world: State, storage: "SqlStorage") -> tuple[State, Sequence[RefusedAttempt]]:
    terminal = CardTerminal(LedgerGateway(demo.bank))
    network = make_network(unit_of_work=storage, payments=terminal, notifier=ListedMail(demo.folder))
    diary = Diary(screen.say, language=demo.language)
    season = Season(
        seed=demo.seed,
        world=world,
        network=network,
        begin=storage,
        terminal=terminal,
        cast=Cast(world),
        diary=diary,
        goods=_names(world),
    )
    weeks = demo_weeks(world, demo.weeks)
    screen.say(f"{world.name}\n{len(weeks)} weeks, seed {demo.seed}")
    with screen.progress(*span_of(weeks), zone=weeks[0].zone) as watch:
        play_season(season, weeks, watch)
    text = write_state(network.worlds.export())
    (demo.folder.path / EXPORT).write_text(text, encoding="utf-8", newline="\n")
    return _read(text), diary.refused


def _world() -> State:
    return _read(files("ofncore.cli").joinpath("worlds", _WORLD).read_text(encoding="utf-8"))


def _read(text: str) -> State:
    state = read_document(text)
    if isinstance(state, Refusal):
        raise CommandFailedError(state, source=_WORLD)
    return state


def _names(world: State) -> dict[VariantId, str]:
    products = {each.id: each for each in world.products}
    return {each.id: full_name(each, products[each.product]) for each in world.variants}


def _moved(bank: Path) -> list[Money]:
    settled = (each for each in LedgerGateway(bank).entries() if each.outcome is GatewayOutcome.SETTLED)
    return [each.amount for each in settled]


# ---------------------------------------------------------------- what may be wrong


def _check_folder(demo: _Demo) -> None:
    taken = demo.folder.not_ours()
    if taken:
        reason = "it is there already, and no demo made it; choose another folder with --output"
        raise CommandFailedError(Refusal.of(Code.FILE_UNUSABLE, file=str(taken[0]), reason=reason))
    reserved = (BANK, EXPORT, REPORT, MAIL)
    database = demo.database.file
    if database is not None and database.resolve() in {(demo.folder.path / name).resolve() for name in reserved}:
        reason = "the demo keeps something else there"
        raise CommandFailedError(Refusal.of(Code.FILE_UNUSABLE, file=str(database), reason=reason))


@contextmanager
def _files_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise file_unusable(error.filename or folder, error) from error


@contextmanager
def _modules_told() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or str(error)).partition(".")[0]
        refusal = Refusal.of(Code.MODULE_MISSING, module=module, package="ofncore[cli]")
        raise CommandFailedError(refusal) from error


# ---------------------------------------------------------------- telling


def _write_report(demo: _Demo, books: Books, checks: Sequence[Check]) -> None:
    with _modules_told():
        from ofncore.cli.report.page import render_report  # noqa: PLC0415 - its absence is a failure to tell
    origin = f"Made by: ofncore demo --weeks {demo.weeks} --seed {demo.seed}"
    page = render_report(books, checks, origin=origin)
    (demo.folder.path / REPORT).write_text(page, encoding="utf-8", newline="\n")


def _tell(demo: _Demo, screen: "Screen", books: Books, checks: Sequence[Check]) -> None:
    from ofncore.cli.demo.tables import show_tables  # noqa: PLC0415 - needs Rich

    show_tables(screen, books, checks)
    path = demo.folder.path
    screen.say("")
    screen.say(f"Report    {path / REPORT}")
    screen.say(f"Database  {demo.database.shown}")
    screen.say(f"Mails     {path / MAIL} ({len(demo.folder.mails())} letters)")
    screen.say(f"Bank      {demo.bank}")
    screen.say(f"Export    {path / EXPORT}")
    screen.say(f"Next      {_next_command(demo, books)}")


def _next_command(demo: _Demo, books: Books) -> str:
    """Return what goes on where the demo stopped: the opening of the next cycle, if the world has one."""
    database = f"--database {shlex.quote(demo.database.shown)}"
    openings = [each.orders_open_at for each in books.state.order_cycles if each.opened_at is None]
    coming = sorted(filter(None, openings))
    if not coming:
        return f"{program_of_caller()} export {database}"
    bank, mail = shlex.quote(f"ledger:{demo.bank}"), shlex.quote(str(demo.folder.path / MAIL))
    return f"{program_of_caller()} tick {database} --payments {bank} --mail {mail} --now {iso(coming[0])}"


def _result(demo: _Demo, books: Books, checks: Sequence[Check]) -> dict[str, object]:
    path = demo.folder.path
    return {
        "database": demo.database.shown,
        "report": str(path / REPORT),
        "mail": str(path / MAIL),
        "bank": str(demo.bank),
        "export": str(path / EXPORT),
        "weeks": [
            {
                "order_cycle": each.cycle.id,
                "orders": each.orders,
                "turnover": write_money(each.turnover),
                "fees": write_money(each.fees),
                "short": each.short,
                "cancelled": each.cancelled,
                "refused": each.refused,
            }
            for each in weeks_of(books)
        ],
        "checks": [attrs.asdict(check) for check in checks],
    }

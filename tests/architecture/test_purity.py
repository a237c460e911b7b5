"""Rules never reach for a clock, a file or the screen; services take their clock from a port."""

import pytest

from architecture.purity import CLOCKS, WORLD, breaches
from architecture.trees import ROOT, RULE_PACKAGES, Tree

#: Floors above the rules that are handed their clock.
CLOCKLESS_PACKAGES = ["ofncore.formats", "ofncore.ports", "ofncore.services"]

BANNED_USES = [
    ("import datetime\nnow = datetime.datetime.now(datetime.UTC)", "datetime.datetime.now"),
    ("from datetime import UTC, datetime\nnow = datetime.now(UTC)", "datetime.datetime.now"),
    ("from datetime import datetime as when\nnow = when.now()", "datetime.datetime.now"),
    ("import datetime as dt\nclock = dt.datetime.now", "datetime.datetime.now"),
    ("from datetime import datetime\nnow = datetime.utcnow()", "datetime.datetime.utcnow"),
    ("from datetime import datetime\nday = datetime.today()", "datetime.datetime.today"),
    ("from datetime import date\nday = date.today()", "datetime.date.today"),
    ("def day():\n    import datetime\n    return datetime.date.today()", "datetime.date.today"),
    ("import time\nstart = time.time()", "time.time"),
    ("from time import time\nstart = time()", "time.time"),
    ("from time import time_ns\nstart = time_ns()", "time.time_ns"),
    ("from time import monotonic\nstart = monotonic()", "time.monotonic"),
    ("from time import perf_counter\nstart = perf_counter()", "time.perf_counter"),
    ("from time import localtime\nstart = localtime()", "time.localtime"),
    ("print('sold')", "builtins.print"),
    ("import builtins\nbuiltins.print('sold')", "builtins.print"),
    ("text = open('prices.csv').read()", "builtins.open"),
    ("answer = input()", "builtins.input"),
    ("breakpoint()", "builtins.breakpoint"),
    ("total = eval('1 + 1')", "builtins.eval"),
    ("exec('total = 2')", "builtins.exec"),
    ("chance = __import__('random')", "builtins.__import__"),
    ("import importlib\nchance = importlib.import_module('random')", "importlib.import_module"),
]

ALLOWED_USES = [
    "from datetime import UTC, datetime, timedelta\nend = datetime(2026, 1, 1, tzinfo=UTC)",
    "def is_open(cycle):\n    return cycle.open and cycle.now() and cycle.time.time()",
    "from datetime import time\nnoon = time(12)",
    "class Shop:\n    def open(self):\n        return self.print()",
]


def test_rules_touch_neither_clock_nor_world() -> None:
    assert breaches(ROOT / "src", RULE_PACKAGES, CLOCKS | WORLD) == []


def test_services_take_their_clock_from_a_port() -> None:
    assert breaches(ROOT / "src", CLOCKLESS_PACKAGES, CLOCKS) == []


@pytest.mark.parametrize(("source", "name"), BANNED_USES)
def test_a_banned_use_is_found_where_it_stands(tree: Tree, source: str, name: str) -> None:
    tree.plant("ofncore.fees", source)
    found = breaches(tree.sources, ["ofncore.fees"], CLOCKS | WORLD)
    last_line = len(source.splitlines())
    assert [str(breach) for breach in found] == [f"ofncore/fees/planted.py:{last_line}: {name}"]


@pytest.mark.parametrize("package", [*RULE_PACKAGES, *CLOCKLESS_PACKAGES])
def test_a_clock_is_found_in_each_package_that_may_have_none(tree: Tree, package: str) -> None:
    tree.plant(f"{package}.deep", "from datetime import date\nday = date.today()")
    assert [breach.name for breach in breaches(tree.sources, [package], CLOCKS)] == ["datetime.date.today"]


@pytest.mark.parametrize("source", ALLOWED_USES)
def test_an_innocent_namesake_is_left_alone(tree: Tree, source: str) -> None:
    tree.plant("ofncore.fees", source)
    assert breaches(tree.sources, ["ofncore.fees"], CLOCKS | WORLD) == []


def test_every_banned_name_is_tried() -> None:
    assert {name for _, name in BANNED_USES} == CLOCKS | WORLD

"""What was committed to SQLite is there after the process was killed; what was not, is not."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ofncore
from ofncore.adapters.sql import SqlStorage
from ofncore.testing import worlds
from ofncore.testing.contracts.base import START
from ofncore.testing.contracts.stock import check_ledger

#: Places orders, each with its stock movement and message, and says so after each; then it is killed.
WRITER = """
import sys
from ofncore.adapters.sql import SqlStorage
from ofncore.testing import worlds

storage = SqlStorage(sys.argv[1])
for number in range(1_000_000):
    name = f"placed-{number:06}"
    with storage() as work:
        work.orders.add(worlds.order(name))
        work.stock.move([worlds.movement(name, variant="cheese", order=name)])
        work.outbox.add(worlds.message(name))
    print(name, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process without a word")
@pytest.mark.parametrize("seconds", [0.05, 0.2])
def test_a_killed_process_loses_nothing_that_it_reported(database: Path, seconds: float) -> None:
    address = f"sqlite:///{database}"
    storage = SqlStorage(address)
    with storage() as work:
        worlds.store(work, START)
    reported = _killed_after(seconds, address)
    with storage() as work:
        placed = [order.id for order in work.orders.all() if order.id.startswith("placed-")]
        assert placed[: len(reported)] == reported
        # The last one may have been committed without its report.
        assert len(placed) - len(reported) in (0, 1)
        assert placed == [str(movement.id) for movement in work.stock.movements()]
        assert placed == [message.about for message in work.outbox.all()]
        check_ledger(work)


def _killed_after(seconds: float, address: str) -> list[str]:
    """Return what a writer reported until it was killed, *seconds* after its first report."""
    sources = str(Path(ofncore.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, address],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": sources},
    ) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()
        rest = writer.stdout.read()
    assert writer.returncode == -signal.SIGKILL
    return (first + rest).split()

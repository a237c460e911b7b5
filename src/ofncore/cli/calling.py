"""How the program was called, so that a command it proposes works where it was called."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

_NAME: Final = "ofncore"
_MODULE: Final = "ofncore.cli"


def program_of_caller() -> str:
    """Return what is typed to call this program again, in the same folder of the same shell, quoted for it.

    It is the bare name where the shell finds this program by it, else its path: relative for one below the working
    folder, absolute elsewhere. Inside another program it is the bare name, for want of a better one.
    """
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(_short(Path(sys.executable)))} -m {_MODULE}"
    found = shutil.which(_NAME)
    if called.stem != _NAME or (found is not None and _is_same(Path(found), called)):
        return _NAME
    return shlex.quote(_short(called))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _short(path: Path) -> str:
    """Return *path* as a shell takes it for a path, not for a name to look for."""
    # Links are not followed: the Python of a virtual environment is one, and its target is another Python.
    absolute, here = Path(os.path.abspath(path)), Path.cwd()  # noqa: PTH100 - as above
    if not absolute.is_relative_to(here):
        return str(absolute)
    relative = absolute.relative_to(here)
    return str(relative) if len(relative.parts) > 1 else os.path.join(os.curdir, relative)  # noqa: PTH118 - Path drops the dot

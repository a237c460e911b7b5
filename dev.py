"""The project's commands. Needs Python 3.11 or newer and pip; no environment has to be active.

    python3 dev.py demo [options]      run the demonstration; options go to `ofncore demo`
    python3 dev.py test [options]      run every check; options go to pytest
    python3 dev.py campaign [options]  run the long searches for counter-examples
    python3 dev.py bench               run the measurements in benchmarks/ and print their ratios

`demo` installs into `.venv`, the others into `.venv-test`, both beside this file.
An environment is installed once, and again when pyproject.toml, Python or the folder changes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
WORKERS = "2"
# The interpreter behind an active environment, which may be the very one to rebuild.
PYTHON: str = getattr(sys, "_base_executable", sys.executable)

# Settings of the caller that would send imports or installs somewhere else.
UNWANTED_SETTINGS = (
    "MYPYPATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "PIP_DRY_RUN",
    "PIP_NO_BUILD_ISOLATION",
    "PIP_NO_DEPS",
    "PIP_PREFIX",
    "PIP_PYTHON",
    "PIP_REQUIRE_HASHES",
    "PIP_ROOT",
    "PIP_TARGET",
)


class Environment:
    """A virtual environment beside this file, with ofncore and one extra installed."""

    def __init__(self, folder: str, extra: str) -> None:
        self.path = ROOT / folder
        self.extra = extra
        self._stamp = self.path / "ofncore-installed"

    def program(self, name: str) -> str:
        """Return the path of a program inside the environment."""
        if os.name == "nt":
            return str(self.path / "Scripts" / f"{name}.exe")
        return str(self.path / "bin" / name)

    def prepare(self) -> None:
        """Install what is needed, unless the last install still holds."""
        stamp = self._expected_stamp()
        if self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == stamp:
            return
        print(f"Installing into {self.path.name}; this takes a minute the first time.", flush=True)
        pip = self._create()
        must_run([*pip, "install", "--quiet", "--editable", f".[{self.extra}]"])
        self._stamp.write_text(stamp, encoding="utf-8")

    def _create(self) -> list[str]:
        """Create the environment and return the command that is its pip."""
        venv = [PYTHON, "-m", "venv", str(self.path)]
        if self._stamp.is_file():
            venv.append("--clear")  # its Python may be gone, its libraries too old
        if find_spec("venv") and find_spec("ensurepip"):
            must_run(venv)
            return [self.program("python"), "-m", "pip"]
        if find_spec("venv") and find_spec("pip"):
            must_run([*venv, "--without-pip"])
            return [sys.executable, "-m", "pip", "--python", self.program("python")]
        sys.exit(
            f"dev.py: {sys.executable} has no venv or no pip. "
            "Install them first; on Debian and Ubuntu: apt install python3-venv python3-pip."
        )

    def _expected_stamp(self) -> str:
        project = (ROOT / "pyproject.toml").read_bytes()
        facts = f"{self.extra}\n{ROOT}\n{sys.base_prefix}\n{sys.version}\n".encode()
        return hashlib.sha256(facts + project).hexdigest()


def clean_environ() -> dict[str, str]:
    """Return the caller's variables without those that would lead a program astray."""
    environ = {name: value for name, value in os.environ.items() if name not in UNWANTED_SETTINGS}
    # Said outright, since pip's own settings files may hold the opposite.
    environ.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    return environ


def run(command: list[str]) -> int:
    """Run a command from the root and return its exit code."""
    return subprocess.run(command, cwd=ROOT, env=clean_environ(), check=False).returncode


def must_run(command: list[str]) -> None:
    """Run a command from the root; leave with its exit code if it fails."""
    code = run(command)
    if code:
        print(f"dev.py: this command failed: {' '.join(command)}", file=sys.stderr)
        sys.exit(code)


def run_steps(steps: dict[str, list[str]]) -> int:
    """Run every step, also after a failure, and sum up; the result is 1 if any failed."""
    lines, failed = [], False
    for name, command in steps.items():
        print(f"\n--- {name}", flush=True)
        start = time.monotonic()
        code = run(command)
        failed = failed or code != 0
        outcome = f"FAILED ({code})" if code else "ok"
        lines.append(f"{name:<24} {outcome:<12} {time.monotonic() - start:6.1f} s")
        print(f"--- {lines[-1]}", flush=True)
    print("\nSummary", *lines, sep="\n", flush=True)
    return int(failed)


def test_environment() -> Environment:
    """Return the environment of the checks, ready for use."""
    environment = Environment(".venv-test", "test")
    environment.prepare()
    return environment


def demo(options: list[str]) -> int:
    """Run the demonstration."""
    environment = Environment(".venv", "cli")
    environment.prepare()
    return run([environment.program("ofncore"), "demo", *options])


def test(options: list[str]) -> int:
    """Run every check. The coverage gate stands only for the whole set of tests."""
    environment = test_environment()
    python = environment.program("python")
    coverage = [] if options else ["--cov"]
    return run_steps(
        {
            "ruff check": [python, "-m", "ruff", "check"],
            "ruff format --check": [python, "-m", "ruff", "format", "--check"],
            "mypy": [python, "-m", "mypy"],
            "lint-imports": [environment.program("lint-imports"), "--no-logo"],
            "pytest": [python, "-m", "pytest", "-n", WORKERS, *coverage, *options],
        }
    )


def campaign(options: list[str]) -> int:
    """Run the long searches for counter-examples."""
    python = test_environment().program("python")
    return run([python, "-m", "pytest", "-m", "campaign", "-n", WORKERS, *options])


def bench(options: list[str]) -> int:
    """Run every measurement."""
    python = test_environment().program("python")
    return max(run([python, str(script), *options]) for script in sorted(ROOT.glob("benchmarks/*.py")))


COMMANDS = {"demo": demo, "test": test, "campaign": campaign, "bench": bench}


def main(arguments: list[str]) -> int:
    """Run the command named first; the other arguments are its options."""
    if sys.version_info < OLDEST_PYTHON:
        needed, found = (".".join(map(str, v[:2])) for v in (OLDEST_PYTHON, sys.version_info))
        sys.exit(f"dev.py: needs Python {needed} or newer, and {sys.executable} is {found}.")
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)

"""A copy of the project's sources, in which a test may plant a breach."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).resolve().parents[2]


def contracts() -> list[dict[str, Any]]:
    """Return the import contracts, as pyproject.toml writes them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


def contract(identifier: str) -> dict[str, Any]:
    """Return one import contract."""
    return next(each for each in contracts() if each["id"] == identifier)


#: The packages that hold rules, as dotted names.
RULE_PACKAGES: list[str] = contract("purity")["source_modules"]


@attrs.frozen
class Tree:
    """The sources and pyproject.toml, copied into *root*."""

    root: Path

    @classmethod
    def copied_to(cls, root: Path) -> "Tree":
        """Copy the project's sources into an empty folder."""
        shutil.copy(ROOT / "pyproject.toml", root)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "src", root / "src", ignore=ignored)
        return cls(root)

    @property
    def sources(self) -> Path:
        """The folder that holds the package."""
        return self.root / "src"

    def plant(self, owner: str, source: str) -> str:
        """Add code to a package, or to a module that is no package; return where it stands."""
        place = self.sources.joinpath(*owner.split("."))
        module = place.with_suffix(".py")
        if module.is_file():
            with module.open("a", encoding="utf-8") as file:
                file.write(f"\n{source}\n")
            return owner
        place.mkdir(parents=True, exist_ok=True)
        (place / "__init__.py").touch()
        (place / "planted.py").write_text(f"{source}\n", encoding="utf-8")
        return f"{owner}.planted"

    def lint(self, identifier: str | None = None) -> tuple[int, str]:
        """Check one import contract, or all; return the exit code and the report.

        A fresh interpreter finds the copy before the installed package.
        """
        options = ["--no-cache", "--no-logo", *(["--contract", identifier] if identifier else [])]
        script = f"from importlinter.cli import lint_imports_command as lint; lint({options})"
        plain = {"COLUMNS": "400", "NO_COLOR": "1", "FORCE_COLOR": "", "TERM": "dumb"}
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.root,
            env={**os.environ, **plain, "PYTHONPATH": str(self.sources)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

"""Runs the demo as people do, in a process of its own."""

import json
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs


@attrs.frozen(kw_only=True, eq=False)
class Run:
    """A demo that came to its end."""

    folder: Path
    code: int
    out: str
    err: str

    @property
    def report(self) -> str:
        """Return the report."""
        return (self.folder / "report.html").read_text(encoding="utf-8")

    @cached_property
    def export(self) -> dict[str, Any]:
        """Return the export, as plain data."""
        found: dict[str, Any] = json.loads((self.folder / "export.json").read_bytes())
        return found


def run_demo(folder: Path, *options: str) -> Run:
    """Run the demo with its output in *folder*."""
    command = [sys.executable, "-m", "ofncore.cli", "demo", "--language", "en", "--output", str(folder), *options]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    return Run(folder=folder, code=done.returncode, out=done.stdout, err=done.stderr)

"""Finds what the import contracts cannot see: banned names in a module that may be imported.

`datetime` is welcome in a rule, `datetime.now` is not; `print` and `open` need no import at all.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import attrs

#: Names that read a clock.
CLOCKS = frozenset(
    {
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "time.localtime",
        "time.monotonic",
        "time.perf_counter",
        "time.time",
        "time.time_ns",
    }
)

#: Names that touch the world in another way, or that hide an import.
WORLD = frozenset(
    {
        "builtins.__import__",
        "builtins.breakpoint",
        "builtins.eval",
        "builtins.exec",
        "builtins.input",
        "builtins.open",
        "builtins.print",
        "importlib.import_module",
    }
)


@attrs.frozen
class Breach:
    """A banned *name* at a line of a file."""

    path: Path
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.name}"


def breaches(sources: Path, packages: list[str], banned: frozenset[str]) -> list[Breach]:
    """Return every use of a *banned* name in the *packages* under *sources*."""
    return [
        Breach(path.relative_to(sources), line, name)
        for package in packages
        for path in sorted(sources.joinpath(*package.split(".")).rglob("*.py"))
        for line, name in _uses(ast.parse(path.read_text(encoding="utf-8")), banned)
    ]


def _uses(tree: ast.Module, banned: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield line and full name; a mere mention counts, since a name can be called later."""
    aliases = dict(_aliases(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            name = _full_name(node, aliases)
            if name in banned:
                yield node.lineno, name


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each imported name with the full name it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                # `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
                bound = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or bound, bound
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _full_name(node: ast.expr, aliases: dict[str, str]) -> str:
    """Return `datetime.datetime.now` for `clock.now`, where `datetime.datetime` is `clock`."""
    match node:
        case ast.Name(id=name):
            return aliases.get(name, f"builtins.{name}")
        case ast.Attribute(value=value, attr=name):
            return f"{_full_name(value, aliases)}.{name}"
        case _:
            return "?"

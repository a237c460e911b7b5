"""Finds where a float could begin: its literals, its name, functions that give one, and ``/`` between whole numbers.

Types are not known here. A division is taken for exact if one side has something that is declared a Fraction: a field
or a function of any rule, an argument or a name of the same module.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from architecture.purity import Breach

#: What the module `math` has for whole numbers and fractions; all else gives a float.
EXACT_MATH = frozenset({"ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "prod", "trunc"})
#: Modules that compute with floats.
FLOAT_MODULES = frozenset({"cmath", "math", "statistics"})


def float_breaches(sources: Path, packages: list[str]) -> list[Breach]:
    """Return every place in the *packages* under *sources* where a float could begin."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _modules(sources, packages)}
    fields = {f".{name}" for tree in trees.values() for name in _fields(tree)}
    functions = {name for tree in trees.values() for name in _functions(tree)}
    return [
        Breach(path.relative_to(sources), line, name)
        for path, tree in trees.items()
        for line, name in _floats(tree, {"Fraction", *fields, *functions, *_own_names(tree)})
    ]


def _modules(sources: Path, packages: list[str]) -> Iterator[Path]:
    for package in packages:
        yield from sorted(sources.joinpath(*package.split(".")).rglob("*.py"))


def _floats(tree: ast.Module, exact: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()):
                yield node.lineno, ast.unparse(node)
            case ast.Name(id="float" | "complex" as name):
                yield node.lineno, name
            case ast.Import(names=names):
                yield from ((node.lineno, each.name) for each in names if each.name in FLOAT_MODULES)
            case ast.ImportFrom(module=str(module), names=names) if module in FLOAT_MODULES:
                yield from ((node.lineno, f"{module}.{each.name}") for each in names if each.name not in EXACT_MATH)
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()) if not _names(node) & exact:
                yield node.lineno, ast.unparse(node)


def _names(node: ast.AST) -> set[str]:
    """Return the names in *node*, those of fields and methods with a point before them."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names | {f".{each.attr}" for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def _fields(tree: ast.Module) -> Iterator[str]:
    """Yield the fields, properties and methods that are a Fraction, or give one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                yield from _declared(each)
                yield from _giving(each)


def _functions(tree: ast.Module) -> Iterator[str]:
    """Yield the functions that give a Fraction."""
    for node in tree.body:
        yield from _giving(node)


def _own_names(tree: ast.Module) -> Iterator[str]:
    """Yield what the module itself knows as a Fraction: arguments, and names that are given one."""
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, annotation=ast.Name(id="Fraction")):
                yield name
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as value)
            ) if "Fraction" in _names(value):
                yield name
        yield from _declared(node)


def _declared(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="Fraction")):
            yield name


def _giving(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name, returns=ast.Name(id="Fraction")):
            yield name

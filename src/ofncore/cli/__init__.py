"""The command line: ``ofncore``.

Each command is a module, or a package, of this package with two functions: ``add_parser(commands)`` adds its options,
``run(arguments)`` does it and returns the exit code. Their imports at the top are light, so that help is quick.

Exit codes:
    0: done. 1: refused, or the input, the database or a file cannot be used. 2: the command line itself is wrong.
    130: interrupted from the keyboard. 141: whoever read the output went away.

Results go to standard output, everything else to standard error. With ``--json`` results are one JSON object, and so
is whatever ends with exit code 1: ``{"refused": [{"code", "path", "parameters", "text"}]}``.
"""

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* names, by default the program's own arguments, and return its exit code."""
    from ofncore.cli.program import run_program  # noqa: PLC0415 - light for those who import only a part

    return run_program(argv)

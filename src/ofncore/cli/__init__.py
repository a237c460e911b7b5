"""The command line: ``ofncore``.

`parser` knows the options of every command; what a command does is in the module, or package, of its name, which has a
function ``run(arguments)`` that returns the exit code. That module is imported only when the command runs, so that help
is quick. A package that brings its own options has a light function ``add_parser(commands)`` beside ``run``.

Exit codes:
    0: done. 1: refused, or the input, the database or a file cannot be used. 2: the command line itself is wrong.
    130: interrupted from the keyboard. 141: whoever read the output went away.

Results go to standard output, everything else to standard error. With ``--json`` results are one JSON object, and so
is whatever ends with exit code 1: ``{"refused": [{"code", "path", "parameters", "text"}]}``.
"""

from collections.abc import Sequence

from ofncore.cli.program import run_program


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* names, by default the program's own arguments, and return its exit code."""
    return run_program(argv)

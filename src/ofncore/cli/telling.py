"""Telling why a command failed, on standard error."""

import json
import sys
from collections.abc import Iterator
from typing import Final

from ofncore.cli.failures import CommandFailedError
from ofncore.formats.parameters import write_parameters
from ofncore.kernel.catalogue import one_line, render_problem, text
from ofncore.kernel.refusals import Parameters, Problem

#: Problems of one file that people are shown; programs get all.
MOST_SHOWN: Final = 50


def tell_failure(failure: CommandFailedError, *, language: str, as_json: bool) -> None:
    """Write every problem of *failure*, in *language*; as one JSON object if *as_json*."""
    problems = failure.refusal.problems
    if as_json:
        refused = {"refused": [_as_data(each, language) for each in problems]}
        sys.stderr.write(json.dumps(refused) + "\n")
    elif failure.source is None:
        sys.stderr.writelines(f"ofncore: {render_problem(each, language)}\n" for each in problems)
    else:
        sys.stderr.writelines(f"{line}\n" for line in _of_file(failure.source, problems, language))


def _of_file(source: str, problems: tuple[Problem, ...], language: str) -> Iterator[str]:
    count = len(problems)
    yield "ofncore: " + text("cli.refused", language, Parameters.of(file=source, count=count))
    for each in problems[:MOST_SHOWN]:
        yield f"{one_line(each.path)}: {render_problem(each, language)}"
    if count > MOST_SHOWN:
        yield text("cli.more", language, Parameters.of(count=count - MOST_SHOWN))


def _as_data(problem: Problem, language: str) -> dict[str, object]:
    return {
        "code": str(problem.code),
        "path": problem.path,
        "parameters": write_parameters(problem.parameters),
        "text": render_problem(problem, language),
    }

"""What a world file would refuse of one enterprise among others."""

from collections.abc import Iterable, Iterator
from functools import cache

import attrs
from cattrs import Converter

from ofncore.formats.converter import make_converter
from ofncore.formats.paths import join, member
from ofncore.formats.problems import Findings
from ofncore.formats.records import Placed, Records
from ofncore.formats.world import WORLD_FORM
from ofncore.formats.world_checks import check_prefixes
from ofncore.kernel.refusals import Problem
from ofncore.model.enterprise import Enterprise
from ofncore.model.world import World

#: What only those know who know the rest of the network.
_ROLES = ("$.id", "$.owner", "$.managers")
_PREFIX = "$.order_code_prefix"


def enterprise_flaws(new: Enterprise, others: Iterable[Enterprise]) -> tuple[Problem, ...]:
    """Return why no world file could hold *new* beside *others*, by paths in *new*: its id and its roles apart.

    Refusals:
        Those of the section "Documents" of `ofncore.kernel.codes` for single values, such as BAD_CURRENCY,
        BAD_TIME_ZONE, BAD_LOCALE and BAD_PREFIX; MISSING_PREFIX, DUPLICATE_PREFIX, PREFIX_BEGINS_ANOTHER.

    Source:
        ORD-K1, ORD-K6a.
    """
    own = (each for each in _own_flaws(new) if not each.path.startswith(_ROLES))
    return (*own, *_prefix_flaws(new, tuple(others)))


def _own_flaws(new: Enterprise) -> tuple[Problem, ...]:
    findings, converter = Findings(), _converter()
    findings.read("$", lambda data: converter.structure(data, Enterprise), converter.unstructure(new))
    return tuple(findings.problems)


@cache
def _converter() -> Converter:
    return make_converter(WORLD_FORM.dialect)


def _prefix_flaws(new: Enterprise, others: tuple[Enterprise, ...]) -> Iterator[Problem]:
    known = set(check_prefixes(_records(others)))
    for each in check_prefixes(_records((*others, new))):
        if each not in known:
            yield attrs.evolve(each, path=_PREFIX)


def _records(enterprises: Iterable[Enterprise]) -> Records:
    records = Records({}, World)
    for each in enterprises:
        records.add(Enterprise, Placed(join("$.enterprises", member(each.id)), {}, each))
    return records

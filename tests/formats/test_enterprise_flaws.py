"""What is refused of one new enterprise is what a world file with it would be refused for (ORD-K1, ORD-K6a)."""

from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ofncore.formats.enterprises import enterprise_flaws
from ofncore.formats.world import read_world, write_world
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import UserId
from ofncore.kernel.refusals import Refusal
from ofncore.model.enterprise import Address, FeeWaiver, Sells, ShopSettings
from ofncore.testing.worlds import enterprise, small_world

WORLD = small_world()
#: Sound, and named so that it comes last in a file.
NEW = enterprise("zoo", name="Zoo", owner="paul", order_code_prefix="ZEE")
OF_PREFIXES = {Code.MISSING_PREFIX, Code.DUPLICATE_PREFIX, Code.PREFIX_BEGINS_ANOTHER}

changes = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["", "Zoo", "a\0b", "\ud800"]),
        "sells": st.sampled_from(Sells),
        "currency": st.sampled_from(["EUR", "XXX", "eur", ""]),
        "time_zone": st.sampled_from(["Europe/Madrid", "Europe", "Mars/Base", ""]),
        "locale": st.sampled_from(["ca", "pt-BR", "xx", "?"]),
        "order_code_prefix": st.sampled_from([None, "HAB", "HA", "HABX", "Z", "zoo", "ZZ"]),
        "email": st.sampled_from([None, "zoo@example.org", "\0"]),
        "address": st.builds(Address, country=st.sampled_from(["", "ES", "Spain"])),
        "shop": st.builds(ShopSettings, late_placement_days=st.sampled_from([0, 3, 99_999])),
    },
)


@settings(max_examples=150, deadline=None)
@given(changes)
def test_what_is_wrong_is_what_a_world_file_with_it_has_wrong(changed: dict[str, Any]) -> None:
    new = attrs.evolve(NEW, **changed)
    found = enterprise_flaws(new, WORLD.enterprises)
    # A file says nothing of the prefixes of a record that it cannot read.
    flaws = [each for each in found if each.code not in OF_PREFIXES] or found
    read = read_world(write_world(attrs.evolve(WORLD, enterprises=(*WORLD.enterprises, new))))
    problems = read.problems if isinstance(read, Refusal) else ()
    assert sorted(each.code for each in flaws) == sorted(each.code for each in problems)
    # Where one prefix begins another, a file tells it at the shorter one, whosever it is.
    assert {each.path.rpartition("]")[2] for each in problems} == {each.path.removeprefix("$") for each in flaws}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"order_code_prefix": None}, [("$.order_code_prefix", Code.MISSING_PREFIX)]),
        ({"order_code_prefix": None, "sells": Sells.NONE}, []),
        ({"order_code_prefix": "HAB"}, [("$.order_code_prefix", Code.DUPLICATE_PREFIX)]),
        ({"order_code_prefix": "HA"}, [("$.order_code_prefix", Code.PREFIX_BEGINS_ANOTHER)]),
        ({"order_code_prefix": "HABX"}, [("$.order_code_prefix", Code.PREFIX_BEGINS_ANOTHER)]),
        ({"currency": "eur", "locale": "?"}, [("$.currency", Code.BAD_CURRENCY), ("$.locale", Code.BAD_LOCALE)]),
        ({"time_zone": "Europe"}, [("$.time_zone", Code.BAD_TIME_ZONE)]),
        ({"address": Address(country="Spain")}, [("$.address.country", Code.BAD_COUNTRY)]),
        ({"owner": UserId(""), "managers": (UserId(""),)}, []),
    ],
)
def test_each_flaw_is_told_where_it_is(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = enterprise_flaws(attrs.evolve(NEW, **changed), WORLD.enterprises)
    assert [(each.path, each.code) for each in found] == expected


def test_the_prefix_of_another_is_named_by_its_place() -> None:
    [found] = enterprise_flaws(attrs.evolve(NEW, order_code_prefix="HAB"), WORLD.enterprises)
    assert found.parameters["first"] == "$.enterprises.hub.order_code_prefix"


def test_what_others_have_wrong_is_not_told() -> None:
    twins = [enterprise(key, order_code_prefix=prefix) for key, prefix in (("a", "AB"), ("b", "AB"), ("c", None))]
    assert enterprise_flaws(NEW, twins) == ()


def test_a_waiver_of_fees_is_read_like_any_other() -> None:
    waiver = FeeWaiver(customer_tags=("volunteer",), fee_tags=("handling",))
    assert enterprise_flaws(attrs.evolve(NEW, shop=ShopSettings(fee_waivers=(waiver,))), ()) == ()

"""Each thing that can be wrong with a world file, alone: its code, its path, its parameters, and nothing else."""

import re
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from formats.samples import GONE, Data, Place, edited, problems, world_data
from ofncore.formats.world import read_world
from ofncore.kernel.codes import Code
from ofncore.model.fee import FeeType
from ofncore.model.world import World

VALID = world_data()
ADDRESS_KEYS = ("street", "postcode", "city", "country", "state")
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@attrs.frozen
class Broken:
    """One way to spoil the small world, and the one problem it must give."""

    code: Code
    path: str
    edits: tuple[tuple[Place, object], ...]
    parameters: dict[str, Any] = attrs.field(factory=dict)

    def __str__(self) -> str:
        return f"{self.code} {re.sub('[^a-z0-9]+', ' ', self.path)}"


def broken(code: Code, path: str, value: object, **parameters: Any) -> Broken:  # noqa: ANN401 - any parameter
    """Return the case in which *value* stands at *path*, which is where the problem is."""
    return Broken(code, path, ((place(path), value),), parameters)


def place(path: str) -> Place:
    """Return the keys and indexes of a JSON path."""
    return tuple(int(index) if index else key for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path))


def without(*keys: str, path: str) -> dict[str, Any]:
    """Return the object at *path* without *keys*."""
    here: Any = VALID
    for step in place(path):
        here = here[step]
    return {key: value for key, value in here.items() if key not in keys}


ENTERPRISE, VARIANT, CYCLE = "$.enterprises[2]", "$.variants[0]", "$.order_cycles[0]"
ZONE, RATE, VOUCHER = "$.tax_zones[0]", "$.tax_rates[0]", "$.vouchers[0]"
SUBSCRIPTION, FEE, GRANT, STOCK = "$.subscriptions[0]", "$.fees[0]", "$.grants[0]", "$.stock[0]"

TYPES = [
    broken(Code.NOT_TEXT, "$.name", 5, found="5"),
    broken(Code.NOT_TEXT, "$.name", None, found="null"),
    broken(Code.NOT_TEXT, "$.users[0].email", ["a"], found="[…]"),
    broken(Code.BAD_TEXT, "$.users[0].name", "a\0b", found='"a\\u0000b"'),
    broken(Code.BAD_TEXT, "$.users[0].name", "\ud800", found='"\\ud800"'),
    broken(Code.NOT_LIST, "$.grants", {}, found="{}"),
    broken(Code.NOT_LIST, f"{CYCLE}.coordinator_fees", "admin-fee", found='"admin-fee"'),
    broken(Code.NOT_OBJECT, "$.grants[1]", "farm", found='"farm"'),
    broken(Code.NOT_OBJECT, f"{ENTERPRISE}.address", None, found="null"),
    broken(Code.NOT_OBJECT, f"{VARIANT}.price", "2.50", found='"2.50"'),
    broken(Code.NOT_OBJECT, f"{FEE}.calculator", "flat_rate", found='"flat_rate"'),
    # A method without its shop.
    broken(Code.NOT_OBJECT, f"{CYCLE}.payment_methods[0]", "cash", found='"cash"'),
    broken(Code.NOT_WHOLE_NUMBER, f"{STOCK}.on_hand", "20", found='"20"'),
    broken(Code.NOT_WHOLE_NUMBER, f"{STOCK}.on_hand", 20.0, found="20.0"),
    broken(Code.NOT_WHOLE_NUMBER, f"{STOCK}.on_hand", value=True, found="true"),
    broken(
        Code.NUMBER_OUT_OF_RANGE,
        f"{SUBSCRIPTION}.lines[0].quantity",
        10**9,
        found="1000000000",
        lowest=-999_999_999,
        highest=999_999_999,
    ),
    broken(Code.NUMBER_OUT_OF_RANGE, f"{ENTERPRISE}.shop.late_placement_days", -1, found="-1", lowest=0, highest=3660),
    broken(Code.NOT_TRUE_OR_FALSE, f"{ENTERPRISE}.is_producer", 1, found="1"),
    broken(Code.NOT_TRUE_OR_FALSE, f"{ENTERPRISE}.is_producer", "false", found='"false"'),
    broken(Code.NUMBER_NOT_TEXT, f"{VARIANT}.price.amount", 2.5, found="2.5"),
    broken(Code.NUMBER_NOT_TEXT, f"{VARIANT}.unit_value", 250, found="250"),
    broken(Code.NUMBER_NOT_TEXT, f"{FEE}.calculator.flat_percent", 10, found="10"),
]

VALUES = [
    *(
        broken(Code.BAD_DECIMAL, f"{VARIANT}.price.amount", text, found=f'"{text}"')
        for text in ("2,50", "", " 2.50", "+2.50", "1e999999", "Infinity", "NaN", "2.", ".5", "02.50", "٣", "1_000")
    ),
    broken(Code.BAD_DECIMAL, f"{VARIANT}.unit_value", "9" * 16, found=f'"{"9" * 16}"'),
    broken(Code.TOO_FINE, f"{VARIANT}.price.amount", "2.505", found='"2.505"', currency="EUR", decimals=2),
    broken(Code.BAD_CURRENCY, f"{VARIANT}.price.currency", "EURO", found='"EURO"'),
    broken(Code.BAD_CURRENCY, f"{ENTERPRISE}.currency", "eur", found='"eur"'),
    *(
        broken(Code.BAD_TIME_ZONE, f"{ENTERPRISE}.time_zone", zone, found=f'"{zone}"')
        for zone in ("Europe/Pris", "Europe", "", "../etc/passwd", "+02:00")
    ),
    *(
        broken(Code.BAD_LOCALE, "$.users[0].locale", locale, found=f'"{locale}"')
        for locale in ("french", "", "xx", "fr_XYZ", "../fr")
    ),
    broken(Code.BAD_COUNTRY, f"{ENTERPRISE}.address.country", "France", found='"France"'),
    *(
        broken(Code.BAD_INSTANT, f"{SUBSCRIPTION}.begins_at", text, found=f'"{text}"')
        for text in ("tomorrow", "2026-03-05", "2026-02-30T10:00:00Z", "2026-03-05T24:00:00Z", "0999-01-01T00:00:00Z")
    ),
    # In UTC it is still the year 999.
    broken(
        Code.BAD_INSTANT, f"{SUBSCRIPTION}.begins_at", "1000-01-01T00:00:00+02:00", found='"1000-01-01T00:00:00+02:00"'
    ),
    broken(Code.NAIVE_INSTANT, f"{CYCLE}.orders_close_at", "2026-03-05T18:00:00", found='"2026-03-05T18:00:00"'),
    broken(Code.NAIVE_INSTANT, f"{CYCLE}.orders_close_at", "2026-03-05T18:00", found='"2026-03-05T18:00"'),
    broken(Code.NOT_ACCEPTED, f"{FEE}.fee_type", "tax", found='"tax"', accepted=tuple(each.value for each in FeeType)),
    broken(Code.NOT_ACCEPTED, f"{ENTERPRISE}.sells", 3, found="3", accepted=("none", "own", "any", "unspecified")),
    broken(Code.BAD_LENGTH, f"{GRANT}.id", "x" * 4_001, length=4_001, lowest=1, highest=4_000),
    broken(Code.BAD_LENGTH, f"{GRANT}.id", "", length=0, lowest=1, highest=4_000),
    broken(Code.BAD_LENGTH, f"{CYCLE}.name", "", length=0, lowest=1, highest=255),
    broken(Code.BELOW_ZERO, f"{SUBSCRIPTION}.lines[0].quantity", -1, found="-1"),
    broken(Code.BELOW_ZERO, f"{VARIANT}.weight_kg", "-0.1", found='"-0.1"'),
    broken(Code.NOT_ABOVE_ZERO, f"{VARIANT}.unit_value", "0", found='"0"'),
    broken(Code.NOT_A_FRACTION, "$.tax_rates[0].amount", "5.5", found='"5.5"'),
    broken(Code.BELOW_ZERO, f"{VOUCHER}.value", "-1", found='"-1"'),
    Broken(
        Code.NUMBER_OUT_OF_RANGE,
        f"{VOUCHER}.value",
        ((place(f"{VOUCHER}.kind"), "percent"), (place(f"{VOUCHER}.value"), "100.5")),
        {"found": '"100.5"', "lowest": 0, "highest": 100},
    ),
    broken(Code.TOO_FINE, f"{VOUCHER}.value", "5.005", found="5.005", currency="EUR", decimals=2),
    broken(Code.BAD_LENGTH, f"{VOUCHER}.code", "", length=0, lowest=1, highest=255),
    broken(Code.BAD_COUNTRY, f"{ZONE}.members[0].country", "", found='""'),
    Broken(
        Code.LIMITS_CROSSED,
        f"{FEE}.at_most",
        ((place(f"{FEE}.at_least"), "2.00"), (place(f"{FEE}.at_most"), "1.00")),
        {"at_least": "2.00", "at_most": "1.00"},
    ),
    *(
        Broken(
            Code.VALIDITY_EMPTY,
            f"{path}.valid_until",
            (
                (place(f"{path}.valid_from"), "2026-03-05T18:00:00Z"),
                (place(f"{path}.valid_until"), "2026-03-05T18:00:00Z"),
            ),
            {"begins": datetime(2026, 3, 5, 18, tzinfo=UTC), "ends": datetime(2026, 3, 5, 18, tzinfo=UTC)},
        )
        for path in (FEE, RATE)
    ),
    broken(
        Code.CLOSES_BEFORE_OPENING,
        f"{CYCLE}.orders_close_at",
        "2026-03-01T10:00:00+02:00",
        opens=datetime(2026, 3, 2, 12, tzinfo=UTC),
        closes=datetime(2026, 3, 1, 8, tzinfo=UTC),
    ),
    broken(Code.BAD_PREFIX, f"{ENTERPRISE}.order_code_prefix", "HUB", found='"HUB"', accepted=CROCKFORD),
    broken(Code.BAD_PREFIX, f"{ENTERPRISE}.order_code_prefix", "A", found='"A"', accepted=CROCKFORD),
]

KEYS = [
    broken(Code.MISSING_KEY, "$.format", GONE, key="format"),
    broken(Code.MISSING_KEY, "$.version", GONE, key="version"),
    broken(Code.MISSING_KEY, "$.name", GONE, key="name"),
    broken(Code.MISSING_KEY, f"{VARIANT}.price.amount", GONE, key="amount"),
    broken(Code.MISSING_KEY, f"{FEE}.calculator.kind", GONE, key="kind"),
    broken(Code.WRONG_FORMAT, "$.format", "ofncore-state", found='"ofncore-state"', accepted=("ofncore-world",)),
    broken(Code.WRONG_FORMAT, "$.format", None, found="null", accepted=("ofncore-world",)),
    broken(Code.WRONG_VERSION, "$.version", 2, found="2", accepted=("1",)),
    broken(Code.WRONG_VERSION, "$.version", value=True, found="true", accepted=("1",)),
    broken(Code.UNKNOWN_KEY, f"{ENTERPRISE}.address.planet", "Earth", key="planet", accepted=ADDRESS_KEYS),
    broken(
        Code.MISSPELT_KEY, f"{ENTERPRISE}.address.countri", "FR", key="countri", meant="country", accepted=ADDRESS_KEYS
    ),
    broken(Code.UNKNOWN_KEY, f"{VARIANT}.price.vat", "1", key="vat", accepted=("amount", "currency")),
    # Only records that are kept have a version, and a document says nothing of how often they were saved.
    broken(
        Code.UNKNOWN_KEY,
        f"{SUBSCRIPTION}.version",
        1,
        key="version",
        accepted=tuple(VALID["subscriptions"][0]),
    ),
]

REFERENCES = [
    *(
        broken(Code.UNKNOWN_REFERENCE, path, "nowhere", id="nowhere", list=f"$.{name}")
        for path, name in (
            (f"{ENTERPRISE}.owner", "users"),
            (f"{ENTERPRISE}.managers[0]", "users"),
            (f"{GRANT}.grantor", "enterprises"),
            (f"{GRANT}.grantee", "enterprises"),
            ("$.customers[1].enterprise", "enterprises"),
            ("$.customers[1].user", "users"),
            ("$.tax_rates[0].tax_category", "tax_categories"),
            ("$.tax_rates[0].zone", "tax_zones"),
            (f"{VOUCHER}.enterprise", "enterprises"),
            (f"{VARIANT}.product", "products"),
            (f"{VARIANT}.supplier", "enterprises"),
            (f"{VARIANT}.tax_category", "tax_categories"),
            (f"{STOCK}.variant", "variants"),
            (f"{STOCK}.hub", "enterprises"),
            (f"{FEE}.enterprise", "enterprises"),
            (f"{FEE}.tax_category", "tax_categories"),
            ("$.shipping_methods[0].distributors[0]", "enterprises"),
            ("$.shipping_methods[0].tax_category", "tax_categories"),
            ("$.payment_methods[0].distributors[0]", "enterprises"),
            (f"{CYCLE}.coordinator", "enterprises"),
            (f"{CYCLE}.coordinator_fees[0]", "fees"),
            (f"{CYCLE}.incoming[0].supplier", "enterprises"),
            (f"{CYCLE}.incoming[0].fees[0]", "fees"),
            (f"{CYCLE}.outgoing[0].distributor", "enterprises"),
            (f"{CYCLE}.outgoing[0].variants[0]", "variants"),
            (f"{CYCLE}.outgoing[0].fees[0]", "fees"),
            (f"{CYCLE}.payment_methods[0].shop", "enterprises"),
            (f"{CYCLE}.payment_methods[0].method", "payment_methods"),
            (f"{CYCLE}.shipping_methods[0].shop", "enterprises"),
            (f"{CYCLE}.shipping_methods[0].method", "shipping_methods"),
            ("$.schedules[0].order_cycles[0]", "order_cycles"),
            (f"{SUBSCRIPTION}.shop", "enterprises"),
            (f"{SUBSCRIPTION}.customer", "customers"),
            (f"{SUBSCRIPTION}.schedule", "schedules"),
            (f"{SUBSCRIPTION}.shipping_method", "shipping_methods"),
            (f"{SUBSCRIPTION}.payment_method", "payment_methods"),
            (f"{SUBSCRIPTION}.lines[0].variant", "variants"),
        )
    ),
    broken(Code.MISSPELT_REFERENCE, f"{ENTERPRISE}.owner", "ameli", id="ameli", list="$.users", meant="amelie"),
]


def twice(path: str, **changes: object) -> tuple[Place, object]:
    """Return the edit that adds a copy of the first entry of the list at *path*, with *changes*."""
    entries: Any = VALID
    for step in place(path):
        entries = entries[step]
    return (*place(path), len(entries)), entries[0] | changes


SHOP_2 = {"id": "annex", "order_code_prefix": "XYZ"}
USD = {"amount": "2.50", "currency": "USD"}

RULES = [
    Broken(Code.DUPLICATE_ID, "$.users[4].id", (twice("$.users"),), {"id": "amelie", "first": "$.users[0].id"}),
    Broken(Code.DUPLICATE_STOCK, "$.stock[3]", (twice("$.stock"),), {"variant": "carrots", "first": "$.stock[0]"}),
    broken(Code.MISSTATED, f"{STOCK}.on_hand", 19, found=19, expected=20),
    Broken(
        Code.DUPLICATE_GRANT,
        "$.grants[2]",
        (twice("$.grants", id="again"),),
        {"grantor": "dairy", "grantee": "hub", "first": "$.grants[0]"},
    ),
    *(
        Broken(
            Code.SECOND_DEFAULT,
            f"{path}[1].is_default",
            ((place(f"{path}[0].is_default"), True), twice(path, id="second", is_default=True)),
            {"first": f"{path}[0].is_default"},
        )
        for path in ("$.tax_zones", "$.tax_categories")
    ),
    # FEE-8: the prices hold the tax of no zone.
    Broken(
        Code.TAX_INCLUDED_NOWHERE,
        f"{RATE}.included_in_price",
        ((place(f"{RATE}.zone"), "home"),),
        {"rate": "Food rate"},
    ),
    Broken(
        Code.DUPLICATE_VOUCHER,
        "$.vouchers[1].code",
        (twice("$.vouchers", id="again", value="1"),),
        {"found": "WELCOME", "first": "$.vouchers[0].code"},
    ),
    broken(Code.GRANT_TO_SELF, f"{GRANT}.grantee", "dairy", enterprise="dairy"),
    broken(
        Code.EXCLUSIVE_PERMISSIONS,
        f"{GRANT}.permissions",
        ["create_linked_variants", "create_variant_overrides"],
        permission="create_variant_overrides",
        other="create_linked_variants",
    ),
    broken(Code.MISSING_PREFIX, f"{ENTERPRISE}.order_code_prefix", None, enterprise="hub"),
    # It sells in a cycle, whatever it says of itself.
    Broken(
        Code.MISSING_PREFIX,
        f"{ENTERPRISE}.order_code_prefix",
        ((place(f"{ENTERPRISE}.sells"), "none"), (place(f"{ENTERPRISE}.order_code_prefix"), GONE)),
        {"enterprise": "hub"},
    ),
    broken(
        Code.DUPLICATE_PREFIX,
        f"{ENTERPRISE}.order_code_prefix",
        "XYZ",
        prefix="XYZ",
        first="$.enterprises[0].order_code_prefix",
    ),
    broken(
        Code.PREFIX_BEGINS_ANOTHER,
        f"{ENTERPRISE}.order_code_prefix",
        "XY",
        prefix="XY",
        other="XYZ",
        first="$.enterprises[0].order_code_prefix",
    ),
    Broken(
        Code.DUPLICATE_EXCHANGE,
        f"{CYCLE}.incoming[2].supplier",
        (twice(f"{CYCLE}.incoming"),),
        {"enterprise": "farm", "first": f"{CYCLE}.incoming[0]"},
    ),
    Broken(
        Code.DUPLICATE_EXCHANGE,
        f"{CYCLE}.outgoing[1].distributor",
        (twice(f"{CYCLE}.outgoing", variants=[]),),
        {"enterprise": "hub", "first": f"{CYCLE}.outgoing[0]"},
    ),
    broken(Code.VARIANT_NOT_INCOMING, f"{CYCLE}.outgoing[0].variants[1]", "cheese", variant="cheese"),
    Broken(
        Code.OTHER_CURRENCY,
        f"{VARIANT}.price.currency",
        ((place(f"{VARIANT}.price"), USD),),
        {"found": "USD", "expected": "EUR"},
    ),
    # However many cycles sell it.
    Broken(
        Code.OTHER_CURRENCY,
        f"{VARIANT}.price.currency",
        ((place(f"{VARIANT}.price"), USD), twice("$.order_cycles", id="week-11")),
        {"found": "USD", "expected": "EUR"},
    ),
    *(
        Broken(
            Code.DUPLICATE_ENTRY,
            f"{path}[1]",
            ((place(path), [key, key]),),
            {"id": key, "first": f"{path}[0]"},
        )
        for path, key in (
            (f"{ENTERPRISE}.managers", "amelie"),
            ("$.shipping_methods[0].distributors", "hub"),
            ("$.payment_methods[0].distributors", "hub"),
            ("$.schedules[0].order_cycles", "week-10"),
            (f"{CYCLE}.outgoing[0].variants", "eggs"),
        )
    ),
    *(
        Broken(
            Code.DUPLICATE_ENTRY,
            f"{path}[1]",
            ((place(path), [{"shop": "hub", "method": method}] * 2),),
            {"id": f"hub {method}", "first": f"{path}[0]"},
        )
        for path, method in ((f"{CYCLE}.payment_methods", "cash"), (f"{CYCLE}.shipping_methods", "pickup"))
    ),
    # CYC-9: what is chosen is one method of one distributor.
    *(
        broken(Code.NOT_DISTRIBUTOR, f"{CYCLE}.{name}[0].shop", "dairy", distributor="dairy")
        for name in ("payment_methods", "shipping_methods")
    ),
    broken(Code.METHOD_NOT_OFFERED, f"{CYCLE}.payment_methods[0].method", "slip", method="slip", distributor="hub"),
    broken(Code.METHOD_NOT_OFFERED, f"{CYCLE}.shipping_methods[0].method", "van", method="van", distributor="hub"),
    Broken(
        Code.DUPLICATE_ENTRY,
        f"{ZONE}.members[1]",
        ((place(f"{ZONE}.members"), [{"country": "FR", "state": "BRE"}] * 2),),
        {"id": "FR BRE", "first": f"{ZONE}.members[0]"},
    ),
    Broken(
        Code.DUPLICATE_ENTRY,
        f"{CYCLE}.incoming[0].variants[2]",
        ((place(f"{CYCLE}.incoming[0].variants[2]"), "eggs"),),
        {"id": "eggs", "first": f"{CYCLE}.incoming[0].variants[1]"},
    ),
    Broken(
        Code.FEE_TAXED_TWICE,
        f"{FEE}.inherits_tax_category",
        ((place(f"{FEE}.inherits_tax_category"), True), (place(f"{FEE}.tax_category"), "food")),
    ),
    Broken(
        Code.ORDER_FEE_INHERITS_TAX,
        f"{FEE}.inherits_tax_category",
        (
            (place(f"{FEE}.inherits_tax_category"), True),
            (place(f"{FEE}.calculator"), {"kind": "flat_rate", "amount": "1.00"}),
        ),
        {"calculator": "flat_rate"},
    ),
    broken(Code.CUSTOMER_OF_OTHER_SHOP, f"{SUBSCRIPTION}.customer", "carla", customer="carla", distributor="hub"),
    broken(
        Code.ENDS_BEFORE_BEGINNING,
        f"{SUBSCRIPTION}.ends_at",
        "2026-02-23T12:00:00Z",
        begins=datetime(2026, 2, 23, 12, tzinfo=UTC),
        ends=datetime(2026, 2, 23, 12, tzinfo=UTC),
    ),
    broken(Code.METHOD_NOT_OFFERED, f"{SUBSCRIPTION}.shipping_method", "van", method="van", distributor="hub"),
    broken(Code.METHOD_NOT_OFFERED, f"{SUBSCRIPTION}.payment_method", "slip", method="slip", distributor="hub"),
    Broken(
        Code.DUPLICATE_LINE,
        f"{SUBSCRIPTION}.lines[1].variant",
        (twice(f"{SUBSCRIPTION}.lines", quantity=2),),
        {"variant": "eggs"},
    ),
]

CASES = [*TYPES, *VALUES, *KEYS, *REFERENCES, *RULES]

#: A second shop, whose things nobody else uses: a rule between shops needs two.
OTHER_SHOP: tuple[tuple[Place, object], ...] = (
    (("enterprises", 0, "order_code_prefix"), "XYZ"),
    (("customers", 2), VALID["customers"][0] | {"id": "carla", "enterprise": "dairy"}),
    (("shipping_methods", 1), VALID["shipping_methods"][0] | {"id": "van", "distributors": ["dairy"]}),
    (("payment_methods", 2), VALID["payment_methods"][0] | {"id": "slip", "distributors": ["dairy"]}),
)
SOUND: Data = edited(VALID, *OTHER_SHOP, (("order_cycles", 0, "outgoing", 0, "variants"), ["carrots", "eggs"]))
SOUND["order_cycles"][0]["incoming"][1]["variants"] = []
SOUND["order_cycles"][0]["incoming"][0]["fees"] = ["admin-fee"]
SOUND["order_cycles"][0]["outgoing"][0]["fees"] = ["admin-fee"]
SOUND["order_cycles"][0]["payment_methods"] = [{"shop": "hub", "method": "cash"}]
SOUND["order_cycles"][0]["shipping_methods"] = [{"shop": "hub", "method": "pickup"}]


def test_the_world_to_spoil_is_sound() -> None:
    assert isinstance(read_world(SOUND), World), str(read_world(SOUND))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_mistake_gives_its_problem_and_no_other(case: Broken) -> None:
    found = problems(read_world(edited(SOUND, *case.edits)))
    assert [(each.code, each.path, dict(each.parameters)) for each in found] == [
        (case.code, case.path, case.parameters)
    ]


@pytest.mark.parametrize(
    "edits",
    [
        ((place(f"{RATE}.zone"), "home"), (place(f"{ZONE}.is_default"), True)),
        ((place(f"{RATE}.zone"), "home"), (place(f"{RATE}.included_in_price"), False)),
        ((place(f"{RATE}.zone"), None), (place("$.tax_zones"), [])),
        (twice("$.vouchers", id="again", code="OTHER"),),
        (twice("$.vouchers", id="again", enterprise="dairy"),),
        ((place(f"{VOUCHER}.kind"), "percent"), (place(f"{VOUCHER}.value"), "12.505")),
        ((place(f"{ZONE}.members"), [{"country": "FR", "state": "BRE"}, {"country": "FR"}]),),
    ],
    ids=str,
)
def test_what_is_near_a_mistake_is_sound(edits: tuple[tuple[Place, object], ...]) -> None:
    read = read_world(edited(SOUND, *edits))
    assert isinstance(read, World), str(read)


def test_an_included_rate_is_not_judged_while_a_zone_cannot_be_read() -> None:
    edits = ((place(f"{RATE}.zone"), "home"), (place(f"{ZONE}.is_default"), "yes"))
    assert [each.code for each in problems(read_world(edited(SOUND, *edits)))] == [Code.NOT_TRUE_OR_FALSE]

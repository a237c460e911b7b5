"""Cases of whole order cycles: shop prices and fresh carts."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.labels import line_fee_label, order_fee_label
from ofncore.fees.lives import with_lines
from ofncore.fees.price_book import FeeShare, Price, price_alone, price_book
from ofncore.fees.shown import shown_line
from ofncore.fees.sizes import Size, price_unit
from ofncore.fees.terms import PricingTerms
from ofncore.fees.totals import extras_total
from ofncore.kernel.ids import VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.policies import Profile
from ofncore.model.fee import FeeType
from ofncore.model.order import FeeCharge, OrderLine
from ofncore.model.product import Variant
from ofncore.testing.conformance.cases import Case, Json, SchemaSupport, Side, listed_cases, schema_is
from ofncore.testing.conformance.comparing import multiset
from ofncore.testing.conformance.fee_records import (
    IS_MANDATORY,
    by_fee,
    cart,
    given_line_numbers,
    given_row,
    line_numbers,
    new_line,
    record_row,
    tariff,
)
from ofncore.testing.conformance.fee_worlds import (
    codes_of_calculators,
    decimal_of,
    rounded,
    size,
    sizes,
    terms,
    variants,
)

_TOTALS: Final = ("item_total", "adjustment_total", "total", "subtotal_with_line_fees", "order_fees_total")
_SUMS: Final = ("fees_total", "listed_fees_total", "price_with_fees")
_TYPED: Final = ("fees_by_type", "listed_fees_by_type")
_PRICE_DIGITS: Final = 6
_GALLON: Final = Decimal("4.54609")


# ---------------------------------------------------------------- what is expected


def _expect(case: Case, _side: Side) -> Json:
    given = case["expect"]
    return {
        "shopfront": {
            shop: {key: _expect_price(case["given"]["variants"][key], each) for key, each in prices.items()}
            for shop, prices in given["shopfront"].items()
        },
        "orders": {key: _expect_order(each) for key, each in given["orders"].items()},
    }


def _expect_price(variant: Json, given: Json) -> Json:
    unit_price = given["unit_price"]
    unit, amount = unit_price["unit"], Decimal(unit_price["amount"])
    if variant["variant_unit"] == "volume" and decimal_of(variant.get("variant_unit_scale")) == _GALLON:
        # FEE-12: gallons are priced per pound, a defect; sane is per litre.
        litres = price_unit(size(variant)).denominator
        unit, amount = "L", rounded(Fraction(given["price_with_fees"]) / litres, _PRICE_DIGITS)
    return {
        "applied": multiset(given["applied"]),
        **{name: Decimal(given[name]) for name in _SUMS},
        **{name: {kind: Decimal(text) for kind, text in given[name].items()} for name in _TYPED},
        "name_by_type": given["name_by_type"],
        "unit_price": {"unit": unit, "amount": amount},
    }


def _expect_order(given: Json) -> Json:
    return {
        "lines": {line["variant"]: _expect_line(line) for line in given["lines"]},
        "order_fees": by_fee(given_row(row) for row in given["order_fees"]),
        **{name: Decimal(given[name]) for name in _TOTALS},
    }


def _expect_line(given: Json) -> Json:
    return {
        **given_line_numbers(given),
        "fees": by_fee(given_row(row) for row in given["fees"]),
        "shown_unit_price": Decimal(given["shown_unit_price"]),
        "shown_amount": Decimal(given["shown_amount"]),
    }


# ---------------------------------------------------------------- what is got


def _run(case: Case, profile: Profile) -> Json:
    given = case["given"]
    known, measured = variants(given), sizes(given)
    return {
        "shopfront": {
            shop: _shop_prices(terms(given, shop, profile=profile), known, measured)
            for shop in case["expect"]["shopfront"]
        },
        "orders": {
            key: _order(given, order, terms(given, order["distributor"], profile=profile), known)
            for key, order in given["orders"].items()
        },
    }


def _shop_prices(of_shop: PricingTerms, known: dict[VariantId, Variant], measured: dict[VariantId, Size]) -> Json:
    book = price_book(of_shop, known.values())
    return {key: _price(price_alone(of_shop, variant), book[key], measured[key]) for key, variant in known.items()}


def _price(alone: Price, listed: Price, measured: Size) -> Json:
    unit = price_unit(measured)
    per_unit = unit.price_of(alone.with_fees) / 100
    return {
        "applied": multiset({"fee": share.fee, "role": share.role} for share in alone.fees),
        "fees_total": alone.fee_total.amount,
        "fees_by_type": _amounts(alone),
        "price_with_fees": alone.with_fees.amount,
        "listed_fees_total": listed.fee_total.amount,
        "listed_fees_by_type": _amounts(listed),
        "name_by_type": _names(alone.fees),
        "unit_price": {"unit": unit.unit, "amount": rounded(per_unit, _PRICE_DIGITS)},
    }


def _amounts(price: Price) -> Json:
    return {kind.value: amount.amount for kind, amount in price.fees_by_type.items()}


def _names(shares: Iterable[FeeShare]) -> Json:
    """Return the name of the fees of each type, where all of them share one."""
    names: dict[FeeType, set[str]] = {}
    for share in shares:
        names.setdefault(share.fee_type, set()).add(share.name)
    return {kind.value: next(iter(found)) for kind, found in names.items() if len(found) == 1}


def _order(given: Json, order: Json, of_shop: PricingTerms, known: dict[VariantId, Variant]) -> Json:
    lines = tuple(_new_line(line, known) for line in order["lines"])
    charged = with_lines(cart(lines), lines, tariff(of_shop, known))
    order_fees = Money.total((fee.amount for fee in charged.fees), charged.currency)
    return {
        "lines": {line.variant: _line(given, line) for line in charged.lines},
        "order_fees": by_fee(_row(given, fee, None) for fee in charged.fees),
        "item_total": charged.item_total.amount,
        "adjustment_total": extras_total(charged).amount,
        "total": charged.total.amount,
        "subtotal_with_line_fees": (charged.total - order_fees).amount,
        "order_fees_total": order_fees.amount,
    }


def _new_line(given: Json, known: dict[VariantId, Variant]) -> OrderLine:
    line = new_line(known[VariantId(given["variant"])], given["quantity"])
    typed = given.get("final_weight_volume")
    return line if typed is None else attrs.evolve(line, final_weight=rounded(Fraction(typed), 2))


def _line(given: Json, line: OrderLine) -> Json:
    shown = shown_line(line)
    return {
        **line_numbers(line),
        "fees": by_fee(_row(given, fee, line) for fee in line.fees),
        "shown_unit_price": shown.unit_price.amount,
        "shown_amount": shown.amount.amount,
    }


def _row(given: Json, charge: FeeCharge, line: OrderLine | None) -> Json:
    owner = given["enterprises"][charge.enterprise]["name"]
    if line is None:
        label = order_fee_label(charge.name, charge.role, owner)
    else:
        label = line_fee_label(line.product_name, charge.name, charge.role, owner)
    return {
        **record_row(charge),
        "fee_type": charge.fee_type,
        "fee_name": charge.name,
        "fee_enterprise": charge.enterprise,
        "label": label,
        "mandatory": IS_MANDATORY,
    }


# ---------------------------------------------------------------- deviations


def _codes(case: Case) -> Collection[str]:
    return {"outside-cycle"} | codes_of_calculators(fee["calculator"] for fee in case["given"]["fees"].values())


CYCLES: Final = SchemaSupport(
    name="fees: cycles",
    recognises=schema_is("ofn-fees/cycles/1"),
    cases=listed_cases,
    expect=_expect,
    run=_run,
    codes=_codes,
)

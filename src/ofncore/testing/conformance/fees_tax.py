"""Cases of orders with tax zones, a voucher, a payment fee and manual adjustments: every tax record and total."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from ofncore.fees.assessment import Assessment, assess
from ofncore.fees.manual import with_adjustment
from ofncore.fees.tax_labels import tax_label, voucher_label
from ofncore.fees.terms import PricingTerms
from ofncore.fees.totals import extras_total, shown_tax_total, tax_by_rate
from ofncore.fees.vouchers import discountable_total, with_voucher
from ofncore.fees.zones import TaxRegime
from ofncore.kernel.ids import AdjustmentId, TaxRateId, TaxZoneId
from ofncore.kernel.money import Money, round_fraction
from ofncore.kernel.policies import Profile
from ofncore.model.enterprise import TaxAddress
from ofncore.model.fee import TaxPlace, TaxRate, TaxZone
from ofncore.model.methods import PaymentMethod, ShippingMethod
from ofncore.model.order import FeeCharge, ManualAdjustment, Order, OrderLine, TaxCharge
from ofncore.model.product import Variant
from ofncore.model.voucher import Voucher, VoucherKind
from ofncore.testing import worlds
from ofncore.testing.conformance.cases import Case, Json, SchemaSupport, Side, listed_cases, schema_is
from ofncore.testing.conformance.comparing import UNCOMPARED
from ofncore.testing.conformance.fee_worlds import CURRENCY, calculator, codes_of_calculators, variants
from ofncore.testing.conformance.fee_worlds import terms as fee_terms

#: The stages of an order, and what must be given for each.
_STAGES: Final = {
    "before_voucher": None,
    "after_voucher": "voucher",
    "after_payment": "payment",
    "after_admin_adjustments": "admin_adjustments",
}
_STEPS_OF_RATE: Final = 10**8


# ---------------------------------------------------------------- what is expected


def _expect(case: Case, _side: Side) -> Json:
    given, expected = case["given"], case["expect"]
    tree: dict[str, Json] = {"rejected_rates": sorted(_rejected(given))}
    if "error" in expected:
        # FEE-13.17: only a voucher on an order of less than zero raises; sane is a discount of nothing.
        return tree | dict.fromkeys(_stages(given), UNCOMPARED) | {"after_voucher": _nothing_off()}
    return tree | {name: _sane(_normal(expected.get(name))) for name in _stages(given)}


def _rejected(given: Json) -> Iterator[str]:
    return (key for key, rate in given["tax"].get("rates", {}).items() if "rejected" in rate)


def _stages(given: Json) -> list[str]:
    return [name for name, needed in _STAGES.items() if needed is None or given["order"].get(needed)]


#: What else a stage with a voucher tells.
_BESIDE_A_VOUCHER: Final = (
    "item_total",
    "adjustment_total",
    "included_tax_total",
    "additional_tax_total",
    "total",
    "voucher",
    "pre_discount_total",
    "shown_tax_total",
)


def _nothing_off() -> Json:
    return {"voucher_total": Decimal(), "voucher_rate": Decimal()} | dict.fromkeys(_BESIDE_A_VOUCHER, UNCOMPARED)


def _sane(stage: Json) -> Json:
    """Give the values of a discount of nothing where the original has none that is a number (FEE-13.17)."""
    if "voucher" not in stage:
        return stage
    off = Decimal()
    for part in stage["voucher"]:
        part |= {name: _or(part[name], Decimal()) for name in ("amount", "included_tax")}
        off += part["amount"]
    tax = stage["additional_tax_total"] + stage["included_tax_total"]
    adjusted = sum(each["amount"] for each in stage.get("admin_adjustments", ()))
    total = stage["pre_discount_total"] + adjusted + off
    defaults = {
        "voucher_rate": Decimal(),
        "adjustment_total": total - stage["item_total"],
        "total": total,
        "shown_tax_total": tax + sum(part["included_tax"] for part in stage["voucher"]),
        "payment_amount": total,
    }
    sane = {name: _or(stage[name], value) for name, value in defaults.items() if name in stage}
    return stage | sane | {"voucher_total": off}


def _or(found: Decimal, sane: Decimal) -> Decimal:
    return sane if found.is_nan() else found


_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?|NaN")
#: Texts, even where one looks like a number.
_TEXTS: Final = frozenset({"label", "rate", "role", "variant", "tax_category", "tax_zone"})
_MULTISETS: Final = frozenset(
    {"taxes", "fees", "order_fees", "lines", "voucher", "admin_adjustments", "matching_rates"}
)


def _normal(value: Json, name: str = "") -> Json:
    """Return a tree with its numbers as Decimals and its multisets in one order."""
    if isinstance(value, Mapping):
        return {key: _normal(each, key) for key, each in value.items()}
    if isinstance(value, list):
        # The elements of a list of names are texts.
        items = [each if isinstance(each, str) else _normal(each) for each in value]
        return sorted(items, key=repr) if name in _MULTISETS else items
    if not isinstance(value, str) or name in _TEXTS:
        return value
    # `fee` is the name of a fee in its record and an amount in the shipment.
    return value if name == "fee" and not _is_number(value) else Decimal(value)


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


# ---------------------------------------------------------------- what a case gives


@attrs.frozen(kw_only=True)
class _Sale:
    """The order of a case and all it is priced by."""

    given: Json
    profile: Profile
    regime: TaxRegime
    zone: TaxZone | None
    terms: PricingTerms
    assessment: Assessment

    @classmethod
    def of(cls, given: Json, profile: Profile) -> "_Sale":
        order = given["order"]
        regime = _regime(given)
        place = regime.place(ship=_place(order.get("ship_address")), bill=_place(order.get("bill_address")))
        zone = regime.zone_of(place)
        terms = regime.terms_in(fee_terms(given, order["distributor"], profile=profile), zone)
        # The default category is the regime's to fill in.
        without = variants(dict(given, default_tax_category=None))
        sold = {key: regime.with_category(each) for key, each in without.items()}
        assessment = assess(
            [_line(sold[each["variant"]], each["quantity"]) for each in order["lines"]],
            terms=terms,
            variants=sold,
            shipping=_shipping_method(order.get("shipping"), profile),
            payment=_payment_method(order.get("payment"), profile),
        )
        return cls(given=given, profile=profile, regime=regime, zone=zone, terms=terms, assessment=assessment)

    @property
    def rates(self) -> dict[TaxRateId, TaxRate]:
        return {each.id: each for each in self.regime.rates}

    def order(self, *, is_paid: bool) -> Order:
        found = self.assessment
        payment = found.payment if is_paid else attrs.evolve(found.payment, amount=Money.zero(CURRENCY))
        return worlds.order(lines=found.lines, fees=found.fees, shipping=found.shipping, payment=payment)

    def voucher(self) -> Voucher | None:
        given = self.given["order"].get("voucher")
        if given is None:
            return None
        kind = VoucherKind.FLAT if given["type"] == "flat" else VoucherKind.PERCENT
        value = _kept(given["amount"]).amount if kind is VoucherKind.FLAT else Decimal(given["amount"])
        return worlds.voucher(code="VOUCHER", kind=kind, value=value)

    def adjustments(self) -> Iterator[ManualAdjustment]:
        for number, given in enumerate(self.given["order"].get("admin_adjustments", ())):
            yield ManualAdjustment(
                id=AdjustmentId(str(number)),
                label=given["label"],
                amount=_kept(given["amount"]),
                tax_category=given.get("tax_category"),
            )


def _run(case: Case, profile: Profile) -> Json:
    given = case["given"]
    sale = _Sale.of(given, profile)
    orders = dict(_orders(sale))
    tree: dict[str, Json] = {"rejected_rates": sorted(_refused_rates(given))}
    for name in _stages(given):
        order = orders[name]
        stage = _first_stage(sale) if name == "before_voucher" else _voucher_fields(order)
        tree[name] = _totals(order) | stage
    if "after_payment" in tree:
        paid = orders["after_payment"]
        tree["after_payment"] |= {"payment_fee": paid.payment.amount.amount, "payment_amount": paid.total.amount}
    if "after_admin_adjustments" in tree:
        adjusted = orders["after_admin_adjustments"]
        tree["after_admin_adjustments"] |= {"admin_adjustments": _adjustments(sale, adjusted)}
        if adjusted.discounts:
            # The rate is told anew, although the voucher keeps what it took off.
            again = with_voucher(adjusted, sale.voucher(), profile)
            tree["after_admin_adjustments"] |= {"voucher_rate": _rate_of(again)}
    return tree


def _orders(sale: _Sale) -> Iterator[tuple[str, Order]]:
    """Yield the order at each stage, whether the case has it or not."""
    voucher, profile = sale.voucher(), sale.profile
    order = sale.order(is_paid=False)
    yield "before_voucher", order
    yield "after_voucher", with_voucher(order, voucher, profile)
    order = with_voucher(sale.order(is_paid=True), voucher, profile)
    yield "after_payment", order
    for adjustment in sale.adjustments():
        order = with_adjustment(order, adjustment, sale.terms)
    yield "after_admin_adjustments", order


def _totals(order: Order) -> dict[str, Json]:
    return {
        "item_total": order.item_total.amount,
        "adjustment_total": extras_total(order).amount,
        "included_tax_total": order.included_tax_total.amount,
        "additional_tax_total": order.added_tax_total.amount,
        "total": order.total.amount,
    }


def _first_stage(sale: _Sale) -> dict[str, Json]:
    found, terms = sale.assessment, sale.terms
    fees = [*found.fees, *(fee for line in found.lines for fee in line.fees)]
    stage: dict[str, Json] = {
        "tax_zone": None if sale.zone is None else sale.zone.id,
        "matching_rates": sorted(rate.id for rate in terms.tax_rates if terms.distributor.charges_sales_tax),
        "lines": sorted((_line_tree(sale, line) for line in found.lines), key=repr),
        "order_fees": _fee_trees(sale, found.fees),
        "tax_by_rate": {rate: tax.amount for rate, tax in tax_by_rate(sale.order(is_paid=False)).items()},
        "enterprise_fee_tax": _sum(tax for fee in fees for tax in fee.taxes),
        "shipping_tax": _sum(found.shipping.taxes),
    }
    shipping = sale.given["order"].get("shipping")
    if shipping is not None:
        amount = found.shipping.amount.amount
        taxes = _tax_trees(sale, found.shipping.taxes, shipping.get("tax_category"))
        stage["shipping"] = {
            "cost": amount,
            "fee": amount,
            "tax_category": shipping.get("tax_category"),
            "taxes": taxes,
        }
    return stage


def _line_tree(sale: _Sale, line: OrderLine) -> Json:
    return {
        "variant": line.variant,
        "amount": line.amount.amount,
        "tax_category": line.tax_category,
        "taxes": _tax_trees(sale, line.taxes, line.tax_category),
        "fees": _fee_trees(sale, line.fees),
    }


def _fee_trees(sale: _Sale, fees: Iterable[FeeCharge]) -> Json:
    return sorted((_fee_tree(sale, each) for each in fees), key=repr)


def _fee_tree(sale: _Sale, charge: FeeCharge) -> Json:
    return {
        "fee": charge.fee,
        "role": charge.role.value,
        "amount": charge.amount.amount,
        "tax_category": charge.tax_category,
        "taxes": _tax_trees(sale, charge.taxes, charge.tax_category),
    }


def _tax_trees(sale: _Sale, taxes: Iterable[TaxCharge], category: str | None) -> Json:
    trees = (
        {
            "rate": tax.rate,
            "amount": tax.amount.amount,
            "included": tax.included,
            "label": tax_label(tax, sale.rates[tax.rate], category=category or ""),
        }
        for tax in taxes
    )
    return sorted(trees, key=repr)


def _voucher_fields(order: Order) -> dict[str, Json]:
    if not order.discounts:
        return {}
    parts = [
        {
            "amount": part.amount.amount,
            "included_tax": part.included_tax.amount,
            "is_tax_part": part.is_tax_part,
            "label": voucher_label(part),
        }
        for part in order.discounts
    ]
    return {
        "voucher": sorted(parts, key=repr),
        "voucher_total": order.discount_total.amount,
        "voucher_rate": _rate_of(order),
        "pre_discount_total": discountable_total(order).amount,
        "shown_tax_total": shown_tax_total(order).amount,
    }


def _rate_of(order: Order) -> Decimal:
    rate = order.discounts[0].rate if order.discounts else Fraction()
    return Decimal(f"{-round_fraction(rate * _STEPS_OF_RATE)}E-8")


def _adjustments(sale: _Sale, order: Order) -> Json:
    trees = (
        {
            "label": each.label,
            "amount": each.amount.amount,
            "taxes": _tax_trees(sale, each.taxes, each.tax_category),
        }
        for each in order.adjustments
    )
    return sorted(trees, key=repr)


def _sum(taxes: Iterable[TaxCharge]) -> Decimal:
    return Money.total((tax.amount for tax in taxes), CURRENCY).amount


# ---------------------------------------------------------------- what a case is made of


def _regime(given: Json) -> TaxRegime:
    tax = given["tax"]
    rates = _rates(tax)
    zones = tuple(_zone(key, each, tax) for key, each in tax.get("zones", {}).items())
    without = TaxRegime(zones=zones)
    category = given.get("default_tax_category")
    return TaxRegime(
        zones=zones,
        rates=tuple(each for each in rates if without.check_rate(each) is None),
        default_category=category,
        address_used=TaxAddress(tax.get("address_used", "ship")),
    )


def _refused_rates(given: Json) -> Iterator[str]:
    regime = _regime(given)
    return (each.id for each in _rates(given["tax"]) if regime.check_rate(each) is not None)


def _rates(tax: Json) -> list[TaxRate]:
    return [_rate(key, each) for key, each in tax.get("rates", {}).items()]


def _rate(key: str, given: Json) -> TaxRate:
    return TaxRate(
        id=TaxRateId(key),
        name=given.get("name") or "",
        tax_category=given["tax_category"],
        amount=Decimal(given["amount"]),
        included_in_price=given["included_in_price"],
        zone=given["zone"],
        shows_percentage=given.get("show_rate_in_label", True),
    )


def _zone(key: str, given: Json, tax: Json) -> TaxZone:
    states = tax.get("states", {})
    members = (TaxPlace(states[each], each) if each in states else TaxPlace(each) for each in given.get("members", ()))
    return TaxZone(id=TaxZoneId(key), members=tuple(members), is_default=bool(given.get("default_tax")))


def _place(address: Json) -> TaxPlace | None:
    return None if address is None else TaxPlace(address["country"], address.get("state") or "")


def _kept(amount: str) -> Money:
    """Return a typed amount as it is stored (FEE-2.1, FEE-2.2)."""
    return Money.rounded(Decimal(amount), CURRENCY)


def _line(variant: Variant, quantity: int) -> OrderLine:
    return worlds.order_line(
        variant.id,
        supplier=variant.supplier,
        quantity=quantity,
        price=variant.price,
        tax_category=variant.tax_category,
    )


def _shipping_method(given: Json, profile: Profile) -> ShippingMethod:
    if given is None:
        return worlds.shipping_method()
    made = calculator(given["calculator"], given["preferences"], profile)
    return worlds.shipping_method(calculator=made, tax_category=given.get("tax_category"))


def _payment_method(given: Json, profile: Profile) -> PaymentMethod:
    if given is None:
        return worlds.payment_method()
    return worlds.payment_method(calculator=calculator(given["calculator"], given["preferences"], profile))


# ---------------------------------------------------------------- codes


def _codes(case: Case) -> Collection[str]:
    order = case["given"]["order"]
    calculated = [*case["given"]["fees"].values(), *filter(None, (order.get("shipping"), order.get("payment")))]
    codes = codes_of_calculators(each["calculator"] for each in calculated)
    return codes | ({"voucher-tax", "negative-vouchers"} if order.get("voucher") else set())


TAX: Final = SchemaSupport(
    name="fees: tax",
    recognises=schema_is("ofn-fees/tax/1"),
    cases=listed_cases,
    expect=_expect,
    run=_run,
    codes=_codes,
)

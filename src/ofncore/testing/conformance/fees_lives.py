"""Cases of the life of an order's fee records, step by step."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

import attrs

from ofncore.fees.lives import resized, with_edited_line, with_lines, with_order_fees
from ofncore.fees.saving import FeeChange, change_fee
from ofncore.fees.tariff import Tariff
from ofncore.fees.terms import PricingTerms
from ofncore.fees.totals import extras_total
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.cycle import IncomingExchange, OrderCycle, OutgoingExchange
from ofncore.model.order import Order, OrderLine, OrderState
from ofncore.model.product import Variant
from ofncore.testing.conformance.cases import (
    Case,
    Json,
    RefusedCaseError,
    SchemaSupport,
    Side,
    UnsupportedCaseError,
    listed_cases,
    schema_is,
)
from ofncore.testing.conformance.comparing import UNCOMPARED, multiset
from ofncore.testing.conformance.fee_records import (
    by_fee,
    cart,
    given_line_numbers,
    given_row,
    line_numbers,
    new_line,
    record_row,
    tariff,
)
from ofncore.testing.conformance.fee_worlds import codes_of_calculators, money, rounded, terms, variants

_TOTALS: Final = ("item_total", "adjustment_total", "total")


# ---------------------------------------------------------------- what is expected


def _expect(case: Case, _side: Side) -> Json:
    return {"start": _expect_state(case["start"], _Taint()), "steps": list(_expect_steps(case))}


@attrs.frozen(kw_only=True)
class _Taint:
    """What known defects left behind on the order of the original, and is not compared."""

    #: By variant: fees whose records are wrong.
    fees: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
    #: The step itself: nothing of a record may be left whose fee is in its role no more (FEE-13.13).
    removes: bool = False

    def joined(self, found: Mapping[str, frozenset[str]]) -> "_Taint":
        keys = dict.fromkeys((*self.fees, *found))
        empty: frozenset[str] = frozenset()
        fees = {key: self.fees.get(key, empty) | found.get(key, empty) for key in keys}
        return _Taint(fees=fees, removes=True)


def _expect_steps(case: Case) -> Iterator[Json]:
    taint, is_lost = _Taint(), False
    attached = _Attached.of(case["given"])
    for given in case["steps"]:
        attached.take(given["step"])
        if is_lost:
            yield UNCOMPARED
        elif "known_defect" not in given:
            yield _expect_state(given["after"], attrs.evolve(taint, removes=False))
        else:
            found = {line["variant"]: attached.left_over(line) for line in given["after"]["lines"]}
            is_lost = "error" in given or not any(found.values())
            taint = taint.joined(found)
            yield _expect_lost(given) if is_lost else _expect_state(given["after"], taint)


def _expect_lost(given: Json) -> Json:
    """The original raised where we go on (FEE-13.14): what the step does not touch is as it was."""
    touched = given["step"].get("variant")
    lines = {line["variant"]: _expect_line(line, frozenset()) for line in given["after"]["lines"]}
    return {
        "order_state": given["after"]["order_state"],
        "lines": {key: UNCOMPARED if touched in (None, key) else line for key, line in lines.items()},
        "order_fees": UNCOMPARED,
        "left_over": UNCOMPARED,
        **dict.fromkeys(_TOTALS, UNCOMPARED),
    }


def _expect_state(given: Json, taint: _Taint) -> Json:
    is_tainted = any(taint.fees.values())
    return {
        "order_state": given["order_state"],
        "lines": {
            line["variant"]: _expect_line(line, taint.fees.get(line["variant"], frozenset())) for line in given["lines"]
        },
        "order_fees": by_fee(given_row(row) for row in given["order_fees"]),
        "left_over": [] if taint.removes else UNCOMPARED,
        "item_total": Decimal(given["item_total"]),
        "adjustment_total": UNCOMPARED if is_tainted else Decimal(given["adjustment_total"]),
        "total": UNCOMPARED if is_tainted else Decimal(given["total"]),
    }


def _expect_line(given: Json, tainted: frozenset[str]) -> Json:
    fees = by_fee(given_row(row) for row in given["fees"])
    return {**given_line_numbers(given), "fees": {**fees, **dict.fromkeys(tainted, UNCOMPARED)}}


@attrs.define
class _Attached:
    """In which places each fee is attached for the order's distributor, while the steps go by."""

    distributor: str
    #: Fees by place, as the steps name places.
    places: dict[str, list[str]]

    @classmethod
    def of(cls, given: Json) -> "_Attached":
        cycle, distributor = given["cycle"], given["order"]["distributor"]
        places = {"coordinator": list(cycle["coordinator_fees"])}
        places |= {f"incoming:{each['supplier']}": list(each["fees"]) for each in cycle["incoming"]}
        places |= {f"outgoing:{each['distributor']}": list(each["fees"]) for each in cycle["outgoing"]}
        return cls(distributor, places)

    def take(self, step: Json) -> None:
        """Follow a step that moves fees."""
        match step["op"]:
            case "attach_fee":
                self.places[step["to"]].append(step["fee"])
            case "detach_fee":
                self.places[step["from"]] = [fee for fee in self.places[step["from"]] if fee != step["fee"]]
            case "delete_fee":
                self.places = {
                    place: [fee for fee in fees if fee != step["fee"]] for place, fees in self.places.items()
                }

    def left_over(self, line: Json) -> frozenset[str]:
        """Return the fees on a line of the original that have a record in a role where they are no more."""
        pairs = set(self._pairs())
        return frozenset(row["fee"] for row in line["fees"] if (row["fee"], row["role"]) not in pairs)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        roles = {"coordinator": "coordinator", f"outgoing:{self.distributor}": "distributor"}
        for place, fees in self.places.items():
            role = "supplier" if place.startswith("incoming:") else roles.get(place)
            if role is not None:
                yield from ((fee, role) for fee in fees)


# ---------------------------------------------------------------- what is got


@attrs.frozen(kw_only=True)
class _World:
    """The order and all that its fees depend on."""

    order: Order
    terms: PricingTerms
    variants: Mapping[VariantId, Variant]

    @property
    def tariff(self) -> Tariff:
        return tariff(self.terms, self.variants)

    def with_cycle(self, cycle: OrderCycle) -> "_World":
        return attrs.evolve(self, terms=attrs.evolve(self.terms, cycle=cycle))

    def with_lines(self, lines: Iterable[OrderLine]) -> "_World":
        return attrs.evolve(self, order=with_lines(self.order, tuple(lines), self.tariff))

    def line_of(self, step: Json) -> OrderLine | None:
        return self.order.line_of(VariantId(step["variant"]))

    def edited(self, step: Json) -> OrderLine:
        """Return the line that a step changes."""
        line = self.line_of(step)
        if line is None:
            message = f"there is no line of {step['variant']!r} to change"
            raise UnsupportedCaseError(message)
        return line

    def changed(self, line: OrderLine) -> "_World":
        """Return the world with *line* in the place of that of its variant."""
        return self.with_lines(line if each.variant == line.variant else each for each in self.order.lines)

    def resized(self, line: OrderLine, quantity: int) -> "_World":
        """Return the world with *quantity* in *line*."""
        return self.changed(resized(line, quantity, self.terms.profile.weight_from_zero))


def _run(case: Case, profile: Profile) -> Json:
    world = _start(case["given"], profile)
    start, states = _state(world), []
    for given in case["steps"]:
        world = _step(world, given["step"])
        states.append(_state(world))
    return {"start": start, "steps": states}


def _start(given: Json, profile: Profile) -> _World:
    known, order = variants(given), given["order"]
    lines = [new_line(known[VariantId(line["variant"])], line["quantity"]) for line in order["lines"]]
    of_shop = terms(given, order["distributor"], profile=profile)
    return _World(order=cart(lines), terms=of_shop, variants=known).with_lines(lines)


def _state(world: _World) -> Json:
    order = world.order
    attached = {(each.fee.id, each.role) for each in world.terms.cycle_fees.attached_per_item}
    left_over = ((fee.fee, fee.role) for line in order.lines for fee in line.fees)
    return {
        "order_state": "cart" if order.state is OrderState.DRAFT else "complete",
        "lines": {
            line.variant: {**line_numbers(line), "fees": by_fee(record_row(fee) for fee in line.fees)}
            for line in order.lines
        },
        "order_fees": by_fee(record_row(fee) for fee in order.fees),
        "left_over": multiset([*each] for each in left_over if each not in attached),
        "item_total": order.item_total.amount,
        "adjustment_total": extras_total(order).amount,
        "total": order.total.amount,
    }


# ---------------------------------------------------------------- steps


def _step(world: _World, step: Json) -> _World:
    try:
        take = _STEPS[step["op"]]
    except KeyError:
        message = f"there is no step {step['op']!r}"
        raise UnsupportedCaseError(message) from None
    return take(world, step)


def _recompute(world: _World, _step: Json) -> _World:
    return world.with_lines(world.order.lines)


def _cart_quantity(world: _World, step: Json) -> _World:
    return world.resized(world.edited(step), step["quantity"])


def _add_line(world: _World, step: Json) -> _World:
    there = world.line_of(step)
    if there is not None:
        return world.resized(there, there.quantity + step["quantity"])
    line = new_line(world.variants[VariantId(step["variant"])], step["quantity"])
    return world.with_lines((*world.order.lines, line))


def _remove_line(world: _World, step: Json) -> _World:
    return world.with_lines(line for line in world.order.lines if line.variant != step["variant"])


def _manager_edit_line(world: _World, step: Json) -> _World:
    line = world.edited(step)
    if step.get("quantity") is not None:
        line = resized(line, step["quantity"], world.terms.profile.weight_from_zero)
    if step.get("price") is not None:
        line = attrs.evolve(line, price=money(step["price"]))
    if step.get("final_weight_volume") is not None:
        line = attrs.evolve(line, final_weight=rounded(Fraction(step["final_weight_volume"]), 2))
    return attrs.evolve(world, order=with_edited_line(world.order, line, world.tariff))


def _change_fee(world: _World, step: Json) -> _World:
    return _saved(world, FeeId(step["fee"]), FeeChange(preferences=step["preferences"]))


def _change_calculator(world: _World, step: Json) -> _World:
    change = FeeChange(calculator=step["calculator"], preferences=step.get("preferences") or {})
    return _saved(world, FeeId(step["fee"]), change)


def _saved(world: _World, key: FeeId, change: FeeChange) -> _World:
    saved = change_fee(world.terms.fees[key], change, profile=world.terms.profile)
    if isinstance(saved, Refusal):
        if saved.codes == {Code.ORDER_FEE_INHERITS_TAX}:
            # The original refuses it too; FEE-13.15: nothing changes.
            return world
        raise RefusedCaseError(str(saved))
    changed = attrs.evolve(world.terms, fees={**world.terms.fees, key: saved.fee})
    return attrs.evolve(world, terms=changed)


def _attach_fee(world: _World, step: Json) -> _World:
    fee = FeeId(step["fee"])
    return world.with_cycle(_with_fees(world.terms.cycle, step["to"], lambda fees: (*fees, fee)))


def _detach_fee(world: _World, step: Json) -> _World:
    return world.with_cycle(_with_fees(world.terms.cycle, step["from"], _without(step["fee"])))


def _delete_fee(world: _World, step: Json) -> _World:
    key, cycle = FeeId(step["fee"]), world.terms.cycle
    left = _without(key)
    cycle = attrs.evolve(
        cycle,
        coordinator_fees=left(cycle.coordinator_fees),
        incoming=tuple(attrs.evolve(each, fees=left(each.fees)) for each in cycle.incoming),
        outgoing=tuple(attrs.evolve(each, fees=left(each.fees)) for each in cycle.outgoing),
    )
    fees = {**world.terms.fees, key: attrs.evolve(world.terms.fees[key], deleted=True)}
    return attrs.evolve(world, terms=attrs.evolve(world.terms, cycle=cycle, fees=fees))


def _remove_variant(world: _World, step: Json) -> _World:
    cycle, variant = world.terms.cycle, step["variant"]
    way, _, enterprise = step["from"].partition(":")

    def without(exchange: IncomingExchange | OutgoingExchange) -> tuple[VariantId, ...]:
        return tuple(each for each in exchange.variants if each != variant)

    incoming = tuple(
        attrs.evolve(each, variants=without(each)) if way == "incoming" and each.supplier == enterprise else each
        for each in cycle.incoming
    )
    # What leaves an incoming exchange is sold nowhere any more.
    outgoing = tuple(
        attrs.evolve(each, variants=without(each)) if way == "incoming" or each.distributor == enterprise else each
        for each in cycle.outgoing
    )
    return world.with_cycle(attrs.evolve(cycle, incoming=incoming, outgoing=outgoing))


def _change_catalogue_price(world: _World, step: Json) -> _World:
    key = VariantId(step["variant"])
    variant = attrs.evolve(world.variants[key], price=money(step["price"]))
    return attrs.evolve(world, variants={**world.variants, key: variant})


def _complete(world: _World, _step: Json) -> _World:
    return attrs.evolve(world, order=attrs.evolve(world.order, state=OrderState.RECEIVED))


def _update_order_fees(world: _World, _step: Json) -> _World:
    return attrs.evolve(world, order=with_order_fees(world.order, world.tariff))


_Fees = tuple[FeeId, ...]


def _without(fee: str) -> Callable[[_Fees], _Fees]:
    return lambda fees: tuple(each for each in fees if each != fee)


def _with_fees(cycle: OrderCycle, place: str, change: Callable[[_Fees], _Fees]) -> OrderCycle:
    way, _, name = place.partition(":")
    enterprise = EnterpriseId(name)
    if way == "coordinator":
        return attrs.evolve(cycle, coordinator_fees=change(cycle.coordinator_fees))
    if way == "incoming" and cycle.incoming_from(enterprise) is not None:
        incoming = (
            attrs.evolve(each, fees=change(each.fees)) if each.supplier == enterprise else each
            for each in cycle.incoming
        )
        return attrs.evolve(cycle, incoming=tuple(incoming))
    if way == "outgoing" and cycle.outgoing_to(enterprise) is not None:
        outgoing = (
            attrs.evolve(each, fees=change(each.fees)) if each.distributor == enterprise else each
            for each in cycle.outgoing
        )
        return attrs.evolve(cycle, outgoing=tuple(outgoing))
    message = f"there is no place {place!r}"
    raise UnsupportedCaseError(message)


_STEPS: Final[Mapping[str, Callable[[_World, Json], _World]]] = {
    "recompute": _recompute,
    "cart_quantity": _cart_quantity,
    "add_line": _add_line,
    "remove_line": _remove_line,
    "manager_edit_line": _manager_edit_line,
    "change_fee": _change_fee,
    "change_calculator": _change_calculator,
    "attach_fee": _attach_fee,
    "detach_fee": _detach_fee,
    "delete_fee": _delete_fee,
    "remove_variant": _remove_variant,
    "change_catalogue_price": _change_catalogue_price,
    "complete": _complete,
    "update_order_fees": _update_order_fees,
}


# ---------------------------------------------------------------- deviations


def _codes(case: Case) -> Collection[str]:
    kinds = {fee["calculator"] for fee in case["given"]["fees"].values()}
    kinds |= {given["step"].get("calculator") for given in case["steps"]}
    is_completed = any(given["step"]["op"] == "complete" for given in case["steps"])
    codes = {"record-keys"} | codes_of_calculators(kinds)
    codes |= {"frozen-terms"} if is_completed else set()
    return codes | ({"weight-from-zero"} if _rises_from_zero(case) else set())


def _rises_from_zero(case: Case) -> bool:
    states = [_quantities(state) for state in (case["start"], *(given["after"] for given in case["steps"]))]
    return any(
        quantity and before.get(variant) == 0
        for before, after in pairwise(states)
        for variant, quantity in after.items()
    )


def _quantities(state: Json) -> dict[str, int]:
    return {line["variant"]: line["quantity"] for line in state["lines"]}


LIVES: Final = SchemaSupport(
    name="fees: lives of records",
    recognises=schema_is("ofn-fees/lifecycle/1"),
    cases=listed_cases,
    expect=_expect,
    run=_run,
    codes=_codes,
)

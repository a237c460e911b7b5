"""The rules that join the records of a world."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise

from ofncore.formats.doubles import doubles, repeated_entries
from ofncore.formats.paths import element, join, member
from ofncore.formats.records import Records
from ofncore.formats.setting_checks import SETTING_CHECKS
from ofncore.formats.shown import shown_text
from ofncore.formats.tax_checks import TAX_CHECKS
from ofncore.kernel.codes import Code
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.customer import Customer
from ofncore.model.cycle import OrderCycle, OutgoingExchange
from ofncore.model.enterprise import Enterprise
from ofncore.model.grant import Permission, PermissionGrant
from ofncore.model.methods import PaymentMethod, ShippingMethod, ShopMethod
from ofncore.model.product import Variant
from ofncore.model.stock import StockItem, StockMovement
from ofncore.model.subscription import Schedule, Subscription

_EXCLUSIVE = (Permission.CREATE_VARIANT_OVERRIDES, Permission.CREATE_LINKED_VARIANTS)


def check_ids(records: Records) -> Iterator[Problem]:
    """Each id names one record of its list."""
    stated = (((name, key), path) for name, path, key in records.stated_ids())
    for (_, key), path, first in doubles(stated):
        yield problem(Code.DUPLICATE_ID, path, id=shown_text(key), first=first)


def check_lists_of_ids(records: Records) -> Iterator[Problem]:
    """Nothing stands twice in one list; fees may, and are then charged twice (FEE-5)."""
    for enterprise in records.of(Enterprise):
        yield from repeated_entries(enterprise.path, managers=enterprise.value.managers)
    for shipping in records.of(ShippingMethod):
        yield from repeated_entries(shipping.path, distributors=shipping.value.distributors)
    for payment in records.of(PaymentMethod):
        yield from repeated_entries(payment.path, distributors=payment.value.distributors)
    for schedule in records.of(Schedule):
        yield from repeated_entries(schedule.path, order_cycles=schedule.value.order_cycles)
    for cycle in records.of(OrderCycle):
        yield from repeated_entries(
            cycle.path,
            payment_methods=cycle.value.payment_methods,
            shipping_methods=cycle.value.shipping_methods,
        )


def check_prefixes(records: Records) -> Iterator[Problem]:
    """Every shop has a prefix for its order codes; none is another's, nor begins one (ORD-K1, ORD-K6a)."""
    selling = {each.distributor for cycle in records.of(OrderCycle) for each in cycle.value.outgoing}
    selling |= {each.value.shop for each in records.of(Subscription)}
    prefixes: list[tuple[str, str]] = []
    for placed in records.of(Enterprise):
        path = join(placed.path, "$.order_code_prefix")
        if placed.value.order_code_prefix is not None:
            prefixes.append((placed.value.order_code_prefix, path))
        elif placed.value.is_shop or placed.value.id in selling:
            yield problem(Code.MISSING_PREFIX, path, enterprise=shown_text(placed.value.id))
    for prefix, path, first in doubles(prefixes):
        yield problem(Code.DUPLICATE_PREFIX, path, prefix=prefix, first=first)
    # Sorted, a prefix stands right before those that it begins.
    for (prefix, path), (other, first) in pairwise(sorted(dict(reversed(prefixes)).items())):
        if other.startswith(prefix):
            yield problem(Code.PREFIX_BEGINS_ANOTHER, path, prefix=prefix, other=other, first=first)


def check_grants(records: Records) -> Iterator[Problem]:
    """One grant for each ordered pair, of two enterprises, without permissions that exclude each other (PERM-1)."""
    pairs: list[tuple[tuple[EnterpriseId, EnterpriseId], str]] = []
    for placed in records.of(PermissionGrant):
        grant = placed.value
        pairs.append(((grant.grantor, grant.grantee), placed.path))
        if grant.grantor == grant.grantee:
            yield problem(Code.GRANT_TO_SELF, join(placed.path, "$.grantee"), enterprise=shown_text(grant.grantee))
        if set(_EXCLUSIVE) <= set(grant.permissions):
            path = join(placed.path, "$.permissions")
            permission, other = (each.value for each in _EXCLUSIVE)
            yield problem(Code.EXCLUSIVE_PERMISSIONS, path, permission=permission, other=other)
    for (grantor, grantee), path, first in doubles(pairs):
        names = {"grantor": shown_text(grantor), "grantee": shown_text(grantee)}
        yield problem(Code.DUPLICATE_GRANT, path, **names, first=first)


def check_stock(records: Records) -> Iterator[Problem]:
    """One count for each item, which is its opening plus its movements (ORD-Q5)."""
    items = [((each.value.variant, each.value.hub), each) for each in records.of(StockItem)]
    for (variant, _), path, first in doubles((key, each.path) for key, each in items):
        yield problem(Code.DUPLICATE_STOCK, path, variant=shown_text(variant), first=first)
    moved = dict.fromkeys((key for key, _ in items), 0)
    for movement in records.of(StockMovement):
        key = movement.value.variant, movement.value.hub
        if key in moved:
            moved[key] += movement.value.delta
        elif records.is_complete(StockItem):
            yield problem(Code.NOT_COUNTED, movement.path, variant=shown_text(movement.value.variant))
    for key, each in items:
        expected = each.value.opening + moved[key]
        if each.value.on_hand != expected and records.is_complete(StockMovement):
            path = join(each.path, "$.on_hand")
            yield problem(Code.MISSTATED, path, found=each.value.on_hand, expected=expected)


def check_cycles(records: Records) -> Iterator[Problem]:
    """One exchange for each participant in each direction (CYC-1), and only incoming items go out (CYC-4)."""
    for cycle in records.of(OrderCycle):
        incoming, outgoing = cycle.value.incoming, cycle.value.outgoing
        yield from _repeated_exchanges(cycle.path, "incoming", "supplier", [each.supplier for each in incoming])
        yield from _repeated_exchanges(cycle.path, "outgoing", "distributor", [each.distributor for each in outgoing])
        for index, each in enumerate(incoming):
            yield from repeated_entries(join(cycle.path, "$.incoming", element(index)), variants=each.variants)
        supplied = {variant for each in incoming for variant in each.variants}
        for index, exchange in enumerate(outgoing):
            path = join(cycle.path, "$.outgoing", element(index))
            yield from repeated_entries(path, variants=exchange.variants)
            yield from _check_offer(path, exchange, supplied)


def _repeated_exchanges(path: str, direction: str, role: str, enterprises: Iterable[EnterpriseId]) -> Iterator[Problem]:
    places = ((each, join(path, member(direction), element(index))) for index, each in enumerate(enterprises))
    for enterprise, place, first in doubles(places):
        yield problem(
            Code.DUPLICATE_EXCHANGE, join(place, member(role)), enterprise=shown_text(enterprise), first=first
        )


def _check_offer(path: str, exchange: OutgoingExchange, supplied: AbstractSet[str]) -> Iterator[Problem]:
    for index, key in enumerate(exchange.variants):
        place = join(path, "$.variants", element(index))
        if key not in supplied:
            yield problem(Code.VARIANT_NOT_INCOMING, place, variant=shown_text(key))


def check_currencies(records: Records) -> Iterator[Problem]:
    """What is sold is priced in the currency of whoever sells it; each price is told once for each other currency."""
    sold = (each for cycle in records.of(OrderCycle) for each in cycle.value.outgoing)
    wanted: dict[str, set[str]] = {}
    for exchange in sold:
        distributor = records.find(Enterprise, exchange.distributor)
        if distributor is not None:
            for key in exchange.variants:
                wanted.setdefault(key, set()).add(distributor.currency)
    for variant in records.of(Variant):
        found, path = variant.value.price.currency, join(variant.path, "$.price.currency")
        for expected in sorted(wanted.get(variant.value.id, set()) - {found}):
            yield problem(Code.OTHER_CURRENCY, path, found=found, expected=expected)


def check_subscriptions(records: Records) -> Iterator[Problem]:
    """A subscription is of a customer of its shop, ends after it begins, and names each variant once (SUB-5)."""
    for placed in records.of(Subscription):
        subscription, path = placed.value, placed.path
        customer = records.find(Customer, subscription.customer)
        if customer is not None and customer.enterprise != subscription.shop:
            yield foreign_customer(path, subscription.customer, subscription.shop)
        if subscription.ends_at is not None and subscription.ends_at <= subscription.begins_at:
            begins, ends = subscription.begins_at, subscription.ends_at
            yield problem(Code.ENDS_BEFORE_BEGINNING, join(path, "$.ends_at"), begins=begins, ends=ends)
        yield from repeated_lines(path, (line.variant for line in subscription.lines))


def check_offered_methods(records: Records) -> Iterator[Problem]:
    """The shop of a subscription offers its ways to get and to pay (SUB-5), unless it is cancelled."""
    for placed in records.of(Subscription):
        if placed.value.cancelled_at is None:
            path, shop = placed.path, placed.value.shop
            shipping = records.find(ShippingMethod, placed.value.shipping_method)
            yield from _check_offered(join(path, "$.shipping_method"), shop, shipping)
            payment = records.find(PaymentMethod, placed.value.payment_method)
            yield from _check_offered(join(path, "$.payment_method"), shop, payment)


def _check_offered(path: str, shop: EnterpriseId, method: ShippingMethod | PaymentMethod | None) -> Iterator[Problem]:
    if method is not None and shop not in method.distributors:
        names = {"method": shown_text(method.id), "distributor": shown_text(shop)}
        yield problem(Code.METHOD_NOT_OFFERED, path, **names)


def check_chosen_methods(records: Records) -> Iterator[Problem]:
    """What is chosen in a cycle is a method of one of its distributors (CYC-9)."""
    for placed in records.of(OrderCycle):
        shops = {each.distributor for each in placed.value.outgoing}
        for index, payment in enumerate(placed.value.payment_methods):
            path = join(placed.path, "$.payment_methods", element(index))
            yield from _check_chosen(path, payment, shops, records.find(PaymentMethod, payment.method))
        for index, shipping in enumerate(placed.value.shipping_methods):
            path = join(placed.path, "$.shipping_methods", element(index))
            yield from _check_chosen(path, shipping, shops, records.find(ShippingMethod, shipping.method))


def _check_chosen(
    path: str, chosen: ShopMethod, shops: AbstractSet[str], method: ShippingMethod | PaymentMethod | None
) -> Iterator[Problem]:
    if chosen.shop not in shops:
        yield problem(Code.NOT_DISTRIBUTOR, join(path, "$.shop"), distributor=shown_text(chosen.shop))
    elif method is not None:
        yield from _check_offered(join(path, "$.method"), chosen.shop, method)


def foreign_customer(path: str, customer: str, shop: str) -> Problem:
    """Return the problem of a record at *path* whose customer is another shop's."""
    names = {"customer": shown_text(customer), "distributor": shown_text(shop)}
    return problem(Code.CUSTOMER_OF_OTHER_SHOP, join(path, "$.customer"), **names)


def repeated_lines(path: str, variants: Iterable[str]) -> Iterator[Problem]:
    """Yield the lines of the record at *path* whose variant has a line already."""
    places = ((variant, join(path, "$.lines", element(index))) for index, variant in enumerate(variants))
    for variant, place, _ in doubles(places):
        yield problem(Code.DUPLICATE_LINE, join(place, "$.variant"), variant=shown_text(variant))


#: What holds of a world alone and of the world in a state.
WORLD_CHECKS = (
    check_ids,
    check_lists_of_ids,
    check_prefixes,
    check_grants,
    check_stock,
    check_cycles,
    check_currencies,
    check_subscriptions,
    *TAX_CHECKS,
    *SETTING_CHECKS,
)
